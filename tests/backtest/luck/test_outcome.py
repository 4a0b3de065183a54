"""An outcome is the backtest of one candidate, in fewer words."""

from __future__ import annotations

import numpy as np
import pytest
from tests.backtest.chances import BAND, QUARTERLY, SIXTY, daily, monthly

from keel.backtest.luck.outcome import outcome
from keel.backtest.metrics.table import compared
from keel.backtest.run import run
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.study.candidate import Candidate, require
from keel.errors import InvalidPolicyError


@pytest.mark.parametrize("window", [monthly(), daily()], ids=["monthly", "daily"])
@pytest.mark.parametrize("candidate", [QUARTERLY, BAND], ids=lambda c: c.name)
def test_it_has_the_figures_and_the_path_of_a_backtest(window: object, candidate: Candidate) -> None:
    prices = PriceMatrix(window.dates, window.symbols, window.closes)  # type: ignore[attr-defined]
    wanted = run(prices, SIXTY, {"One": candidate.policy}, candidate.settings)[0]
    found = outcome(window, SIXTY, candidate)  # type: ignore[arg-type]
    assert found.wealth.tolist() == wanted.wealth.tolist()
    assert np.flatnonzero(found.traded).tolist() == [event.session for event in wanted.events]
    assert found.metrics.tolist() == pytest.approx([wanted.metrics[name] for name in compared()], rel=1e-9)


def test_a_setting_out_of_range_is_refused_before_anything_is_run() -> None:
    with pytest.raises(InvalidPolicyError):
        require(QUARTERLY, Candidate("Bad", PRESETS["annual"], RunSettings(cost_bps=-1.0)))
