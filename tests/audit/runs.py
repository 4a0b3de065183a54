"""Runs to audit: three assets over 300 sessions, under policies and settings that use everything an order can cost."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tests.oracles import book_of

from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, Contributions, FlowMode, Policy, RunSettings

SESSIONS = 300
DAYS = np.busday_offset(np.datetime64("2020-01-01", "D"), np.arange(SESSIONS), roll="forward")
SHOCKS = np.random.default_rng(5).normal(0.0, 0.04, (SESSIONS, 3))
PRICES = PriceMatrix(DAYS, ("A", "B", "C"), np.exp(np.cumsum(SHOCKS, axis=0)) * [10.0, 5e5, 3.0])
# A fills two buckets, and a tenth waits in cash.
BOOK = book_of(
    {"one": 0.5, "two": 0.4, "rest": 0.1},
    [("one", 0.6), ("one", 0.4), ("two", 0.5), ("two", 0.5), ("rest", 1.0)],
    symbols=("A", "B", "A", "C", "CASH"),
)
POLICIES: dict[str, Policy] = {
    "never": PRESETS["never"],
    "edge": PRESETS["edge_5pp"],
    "daily": Policy(),
    "sleeves": replace(PRESETS["monthly"], tranches=3),
}
DEAR = RunSettings(
    cost_bps={"A": 30.0, "B": 5.0}, fixed_fee=1.5, min_trade=20.0, charge_initial=True, annual_fee_bps=90.0
)
SAVING = replace(DEAR, contributions=Contributions(400.0, Cadence.weekly, 0.1, FlowMode.steer), frozen=("two",))
SPENDING = replace(DEAR, lag=0, contributions=Contributions(-100.0, Cadence.monthly))
SMALL = RunSettings(lag=0, cost_bps=20.0, fixed_fee=1e-5, initial_value=1.0)


def results(settings: RunSettings, *names: str) -> tuple[BacktestResult, ...]:
    """The runs of those policies, of all without names."""
    return run(PRICES, BOOK, {name: POLICIES[name] for name in names or POLICIES}, settings)
