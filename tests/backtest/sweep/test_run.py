"""A sweep's rows equal single runs, whatever work its policies share."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.backtest.kernel.test_simulate import window_of
from tests.backtest.sweep.test_ways import grids, scenarios
from tests.oracles import book_of

from keel.backtest.metrics.table import composing, others
from keel.backtest.run import run as run_single
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.sweep.batches import on_threads
from keel.backtest.sweep.run import Progress, run
from keel.backtest.sweep.scenarios import scenarios as scenarios_of
from keel.domain.market.prices import PriceMatrix
from keel.domain.study.grid import parse_grid
from keel.errors import PortfolioDepletedError


def prices_of(study: Scenario) -> PriceMatrix:
    return PriceMatrix(study.window.dates, study.window.symbols, study.window.closes)


@settings(max_examples=25)
@given(study=scenarios(), grid=grids(), every=st.booleans())
def test_a_row_equals_a_single_run(study: Scenario, grid: dict[str, Any], every: bool) -> None:
    table = run(study, parse_grid(grid), metrics="all" if every else "composing")
    rows = table.to_arrow().to_pylist()
    for i in {0, len(rows) // 2, len(rows) - 1}:
        policy, assumed = table.policy(i)
        try:
            (single,) = run_single(prices_of(study), study.book, {"": policy}, assumed)
        except PortfolioDepletedError:
            assert rows[i]["cagr"] is None
            continue
        for name in (*composing(), *(others() if every else ())):
            expected = single.metrics[name]
            wanted = expected if not isinstance(expected, float) else pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert rows[i][name] == wanted, name


def example(n: int = 400, k: int = 5) -> Scenario:
    """A study of k leaves of random prices."""
    steps = np.random.default_rng(n + k).normal(0.0004, 0.012, (n, k))
    return Scenario(window_of(np.exp(np.cumsum(steps, axis=0))), book_of({f"s{i}": 1.0 / k for i in range(k)}))


MANY = {"base": {"trigger": "band", "band": {"kind": "absolute"}, "lag": 0}}


def test_progress_counts_up_to_all_with_a_rate_and_a_time_left() -> None:
    axes = {"band.width_bps": {"from": 20, "to": 900, "count": 64}, "cost_bps": {"from": 0, "to": 20, "count": 100}}
    seen: list[Progress] = []
    clock = iter(range(10**6))
    run(example(), parse_grid(MANY | {"axes": axes}), progress=seen.append, clock=lambda: float(next(clock)))
    assert len(seen) > 1
    assert (seen[-1].done, seen[-1].total, seen[-1].seconds_left) == (6400, 6400, 0.0)
    assert [p.done for p in seen] == sorted({p.done for p in seen})
    assert all(p.rate == p.done / (i + 1) for i, p in enumerate(seen))


def test_a_cancelled_sweep_keeps_what_it_has() -> None:
    axes = {"look": ["daily", "weekly", "monthly"] * 20, "band.width_bps": [100, 300], "cost_bps": [0, 10]}
    seen: list[Progress] = []
    table = run(
        example(),
        parse_grid(MANY | {"axes": axes}),
        executor=on_threads(1),
        progress=seen.append,
        cancel=lambda: len(seen) > 2,
    )
    whole = run(example(), parse_grid(MANY | {"axes": axes}))
    assert not table.complete
    assert 0 < len(table) < 240 == len(whole)
    kept = table.to_arrow()
    assert kept.equals(whole.to_arrow().take(table.rows))


def test_costs_by_instrument_can_be_an_axis() -> None:
    study = example(200, 2)
    axes = {"cost_bps": [{"s0": 10.0}, {"s0": 10.0, "s1": 30.0}, 20.0]}
    table = run(study, parse_grid({"base": {"trigger": "calendar", "look": "weekly"}, "axes": axes}))
    for i in range(3):
        policy, assumed = table.policy(i)
        (single,) = run_single(prices_of(study), study.book, {"": policy}, assumed)
        assert table.metric("cagr")[i] == pytest.approx(single.metrics["cagr"], rel=1e-12)


def assert_rows_equal_runs(study: Scenario, base: dict[str, Any], axes: dict[str, Any], prices: PriceMatrix) -> None:
    grid = parse_grid({"base": base, "axes": axes})
    (stage,) = scenarios_of(grid, lambda _: (prices, study.book))
    for which in ("composing", "all"):
        table = run(stage, grid, metrics=which)
        assert table.complete
        for i in range(len(table)):
            policy, assumed = table.policy(i)
            (single,) = run_single(prices, study.book, {"": policy}, assumed)
            for name in composing():
                wanted = single.metrics[name]
                found = table.metric(name)[i]
                assert found == (pytest.approx(wanted, rel=1e-9, abs=1e-9) if wanted is not None else found), (i, name)


def test_one_instrument_in_several_leaves_trades_its_net() -> None:
    closes = example(300, 2).window.closes
    leaves = {"a": 0.3, "b": 0.3, "c": 0.4}
    book = book_of(leaves, [("a", 1.0), ("b", 1.0), ("c", 1.0)], symbols=("s0", "s1", "s0"))
    study = Scenario(window_of(closes), book)
    axes = {"destination": [0, 1], "band.width_bps": [20, 90], "cost_bps": [0, 30], "fixed_fee": [0, 2]}
    assert_rows_equal_runs(study, MANY["base"], axes, prices_of(study))


def test_what_cannot_be_shared_still_equals_single_runs() -> None:
    study = example(300, 3)
    axes: dict[str, Any] = {
        "contributions": [None, {"amount": 40}, {"amount": -30, "cadence": "weekly", "mode": "steer"}],
        "frozen": [[], ["s1"]],
        "cost_bps": [0, 25],
        "risk_free": [0.01, "s2"],
    }  # fmt: skip
    assert_rows_equal_runs(study, {**MANY["base"], "charge_initial": True}, axes, prices_of(study))
    tracking = {"trigger": "band", "band": {"kind": "tracking_error"}}
    axes = {"band.limit_bps": [50, 200], "cost_bps": [0, 25]}
    assert_rows_equal_runs(study, tracking, axes, prices_of(study))


def test_costs_that_take_everything_leave_nulls() -> None:
    axes = {"fixed_fee": [0.0, 9000.0]}
    base = {"trigger": "calendar", "look": "weekly"}
    for which in ("composing", "all"):
        rows = run(example(60, 3), parse_grid({"base": base, "axes": axes}), metrics=which).to_arrow().to_pylist()
        assert rows[0]["cagr"] is not None
        assert rows[1]["cagr"] is rows[1]["rebalances"] is None


def test_a_trade_of_nothing_does_not_start_a_cooldown() -> None:
    closes = np.ones((60, 2))
    closes[20:, 0] = 1.5
    closes[21:] = 1.5  # the drift of session 20 is gone when the decision is filled
    closes[26:, 0] = 2.5
    study = Scenario(window_of(closes), book_of({"s0": 0.5, "s1": 0.5}))
    axes = {"cooldown_days": [0, 10, 20], "band.width_bps": [300, 900]}
    grid = parse_grid({"base": {**MANY["base"], "lag": 1}, "axes": axes})
    found = run(study, grid)
    for i in range(6):
        policy, assumed = found.policy(i)
        (single,) = run_single(prices_of(study), study.book, {"": policy}, assumed)
        assert found.metric("total_return")[i] == pytest.approx(single.metrics["total_return"], rel=1e-12)
        assert found.metric("rebalances")[i] == single.metrics["rebalances"]
