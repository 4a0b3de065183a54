"""vectorbt itself: one process, every kind of order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.audit.runs import BOOK, DEAR, PRICES, SAVING, SMALL, SPENDING, results

from keel.audit import auditor
from keel.audit.comparison import compare, wealth
from keel.audit.orders import tape
from keel.backtest.window import align
from keel.domain.policy.records import RunSettings

pytestmark = pytest.mark.slow  # vectorbt loads in some seconds


def test_vectorbt_agrees_with_every_policy_and_cost_and_finds_what_was_tampered_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window = align(PRICES, BOOK.symbols)
    every_setting = (RunSettings(), DEAR, SAVING, SPENDING, SMALL)
    runs = [run for settings in every_setting for run in results(settings)]
    edge = results(DEAR, "edge")[0]
    event = edge.events[1].session
    goals, inflated = edge.goals.copy(), edge.wealth.copy()
    goals[1] = np.roll(goals[1], 1)
    inflated[event:] *= 1.0001
    bought_otherwise = replace(edge, goals=goals)
    gained_from_nowhere = replace(edge, wealth=inflated)

    every = [*runs, bought_otherwise, gained_from_nowhere]
    tapes = [tape(run, window) for run in every]
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")  # what it does is the same; to compile it takes half a minute
    replay = auditor.replay(tapes)
    audits = [
        compare(run, wealth(orders, values), replay.version, len(orders.orders))
        for run, orders, values in zip(every, tapes, replay.values, strict=True)
    ]
    assert [a.policy for a in audits[:-2] if not a.ok] == []
    assert max(a.largest_difference for a in audits[:-2]) < 1e-12
    assert replay.version.startswith("1.")
    # Other shares than the run held: the same wealth at the fill but for costs, another one at the next close.
    assert audits[-2].first_difference is not None
    assert audits[-2].first_difference.date in (edge.dates[event].item(), edge.dates[event + 1].item())
    # Wealth that no trade earned: there is no cash to pay for the shares it claims.
    assert audits[-1].first_difference is not None
    assert audits[-1].first_difference.date == edge.dates[event].item()
    assert 5e-5 < audits[-1].largest_difference < 1e-3
