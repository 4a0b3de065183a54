"""What each leaf added, and how leaves moved together."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import book_of

from keel.backtest.metrics.attribution import contribution, correlation
from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.arrays import Floats
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.policy.kinds import Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, EverySessions, Policy, RunSettings


def closes() -> Floats:
    noise = np.random.default_rng(11)
    return np.exp(np.cumsum(noise.normal(0.001, 0.03, (80, 3)), axis=0))


def result(policy: Policy, settings: RunSettings) -> BacktestResult:
    days = np.datetime64("2024-01-01", "D") + np.arange(80)
    book = book_of({"one": 0.5, "two": 0.5}, [("one", 0.5), ("two", 1.0), ("one", 0.5)], symbols=("A", "B", "C"))
    return run(PriceMatrix(days, ("A", "B", "C"), closes()), book, {"": policy}, settings)[0]


@pytest.mark.parametrize(
    "policy",
    [
        PRESETS["edge_5pp"],
        Policy(Trigger.calendar, EverySessions(5)),
        Policy(Trigger.calendar, Cadence.weekly, tranches=3),
    ],
)
def test_contributions_and_costs_make_the_whole_growth(policy: Policy) -> None:
    made = result(policy, RunSettings(cost_bps=30, annual_fee_bps=100))
    costs = sum(made.wealth[e.session] / (1 - e.cost) * e.cost for e in made.events)
    assert len(made.events) > 0
    assert contribution(made).sum() - costs == pytest.approx(made.metrics["total_return"], abs=1e-12)


def test_a_holding_never_traded_contributes_its_own_gain() -> None:
    growth = closes()[-1] / closes()[0] - 1.0
    found = contribution(result(PRESETS["never"], RunSettings()))
    assert found == pytest.approx([0.25 * growth[0] + 0.25 * growth[2], 0.5 * growth[1]], abs=1e-12)


def test_correlation_is_that_of_the_leaves_returns() -> None:
    made = result(Policy(Trigger.calendar, Cadence.daily), RunSettings(lag=0))
    steps = closes()[1:] / closes()[:-1] - 1.0
    leaves = np.array([0.5 * steps[:, 0] + 0.5 * steps[:, 2], steps[:, 1]])
    assert correlation(made) == pytest.approx(np.corrcoef(leaves), abs=1e-9)


def test_a_leaf_that_never_moves_has_no_correlation() -> None:
    days = np.datetime64("2024-01-01", "D") + np.arange(80)
    book = book_of({"A": 0.5, "Cash": 0.5}, symbols=("A", CASH))
    (made,) = run(PriceMatrix(days, ("A",), closes()[:, :1]), book, {"": PRESETS["never"]}, RunSettings())
    found = correlation(made)
    assert found[0, 0] == 1.0
    assert np.isnan(found[[0, 1, 1], [1, 0, 1]]).all()
