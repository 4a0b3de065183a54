"""What a cost does at the joints of segments is what it does to a path walked with it."""

from __future__ import annotations

import numpy as np
import pytest
from tests.backtest.sweep.test_run import example

from keel.backtest.path import simulate
from keel.backtest.sweep.arrays import arrays_of
from keel.backtest.sweep.records import Trades
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Policy, RunSettings

EDGE = Policy(Trigger.band, band=Absolute(100), destination=1.0)
COSTS = [0.0, 5.0, 80.0, 900.0, 5000.0]  # at the last orders change their side


def test_costs_at_the_joints_equal_paths_walked_with_them() -> None:
    from keel.backtest.sweep import costs
    from keel.backtest.sweep.segments import cut

    scenario = example(300, 3)
    window, book, arrays = scenario.window, scenario.book, arrays_of(scenario)
    yardstick = arrays.yardstick(RunSettings(risk_free=0.02))
    path = simulate(window, book, EDGE, RunSettings(), 0)
    scan = cut(path.wealth, path.values, path.sessions, path.goals, yardstick)
    fractions, pattern = np.array(COSTS) / 1e4, np.ones(3)
    costs.price(scan.segments, scan.weights, path.goals, pattern)
    out = np.empty((1, len(COSTS), costs.TOTALS))
    costs.at_every_cost(scan, Trades(path.goals, np.outer(fractions, pattern), fractions), yardstick, out)
    for row, cost in zip(out[0], COSTS, strict=True):
        walked = simulate(window, book, EDGE, RunSettings(cost_bps=cost), 0)
        expected = np.empty(costs.TOTALS)
        costs.measure(walked.wealth, yardstick, expected)
        expected[costs.FREE] = path.wealth[-1]
        expected[costs.W_TURNOVER], expected[costs.REBALANCES] = path.turnover.sum(), len(path.sessions)
        assert row == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_a_path_is_measured_by_hand() -> None:
    from keel.backtest.sweep import costs

    arrays = arrays_of(example(60, 2))
    yardstick = arrays.yardstick(RunSettings())._replace(reference=np.array([0.0, 0.0, 0.1]), shift=0.0)
    totals = np.zeros(costs.TOTALS)
    costs.measure(np.array([1.0, 0.5, 0.75]), yardstick, totals)
    assert totals[costs.WEALTH] == 0.75
    assert totals[costs.W_SUM] == pytest.approx(0.0)  # −0.5 and +0.5
    assert totals[costs.W_SQUARES] == pytest.approx(0.5)
    assert totals[costs.W_SHORTFALL] == pytest.approx(0.25)
    assert totals[costs.W_ACTIVE_SQUARES] == pytest.approx(0.25 + 0.16)
    assert totals[costs.W_DEEPEST] == 0.5
