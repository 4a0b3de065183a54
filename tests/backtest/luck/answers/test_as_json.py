"""Answers about luck as JSON values: every figure, and nothing that is not finite."""

from __future__ import annotations

import json

from tests.backtest.chances import BAND, NEVER, QUARTERLY, SIXTY, monthly

from keel.backtest.luck.answers.as_json import confidence_json, fan_json, rolling_json
from keel.backtest.luck.bootstrap import confidence
from keel.backtest.luck.fan import fan
from keel.backtest.luck.rolling import rolling_starts
from keel.domain.study.resampling import Resampling


def test_every_answer_is_json_with_its_figures() -> None:
    window = monthly(70)
    quarterly, never = (fan_json(fan(window, SIXTY, one)) for one in (QUARTERLY, NEVER))
    assert (quarterly["offsets"], quarterly["purchases"], never["offsets"]) == (3, 0, 1)
    assert never["purchases"] == 12
    assert (quarterly["tranches"], never["tranches"]) == (3, None)
    histories = confidence_json(confidence(window, SIXTY, BAND, NEVER, Resampling(draws=5)))
    starts = rolling_json(rolling_starts(window, SIXTY, BAND, NEVER, [1])[0])
    for document in (quarterly, never, histories, starts):
        assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert set(histories["differences"]) == set(starts["leads"])  # type: ignore[call-overload]
