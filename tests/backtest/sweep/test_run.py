"""A sweep's rows equal single runs, whatever work its policies share."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.backtest.kernel.test_simulate import books, window_of
from tests.oracles import book_of

from keel.backtest.metrics.table import composing, others
from keel.backtest.run import run as run_single
from keel.backtest.sweep import ways
from keel.backtest.sweep.arrays import Study
from keel.backtest.sweep.run import Progress, run
from keel.backtest.sweep.studies import studies as studies_of
from keel.backtest.sweep.ways import Way
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.as_json import parse_policy
from keel.domain.policy.settings import parse_run_settings
from keel.domain.study.grid import SETTING_FIELDS, parse_grid
from keel.errors import PortfolioDepletedError

LOOKS: list[Any] = ["daily", "weekly", "monthly", "quarterly", {"every_sessions": 3}, {"every_sessions": 7}]
WIDTHS = st.lists(st.sampled_from([0, 20, 35, 50, 80, 120, 200, 350, 500, 900, 2500]), min_size=1, max_size=5)
BASES: list[tuple[dict[str, Any], str]] = [
    ({"kind": "absolute"}, "band.width_bps"),
    ({"kind": "relative"}, "band.width_bps"),
    ({"kind": "five_twenty_five", "absolute_bps": 150}, "band.relative_bps"),
    ({"kind": "five_twenty_five", "relative_bps": 800}, "band.absolute_bps"),
    ({"kind": "hybrid", "floor_bps": 60}, "band.relative_bps"),
    ({"kind": "hybrid", "relative_bps": 500}, "band.floor_bps"),
    ({"kind": "corridor", "above_bps": 150}, "band.below_bps"),
    ({"kind": "corridor", "below_bps": 100}, "band.above_bps"),
]


@st.composite
def studies(draw: st.DrawFn) -> Study:
    book = draw(books())
    n, seed = draw(st.integers(3, 160)), draw(st.integers(0, 10**6))
    noise = np.random.default_rng(seed)
    steps = noise.normal(0.0005, draw(st.sampled_from([0.01, 0.03])), (n, len(book.symbols)))
    return Study(window_of(np.exp(np.cumsum(steps, axis=0))), book)


@st.composite
def grids(draw: st.DrawFn) -> dict[str, Any]:
    base: dict[str, Any] = {"risk_free": draw(st.sampled_from([0.0, 0.03]))}
    axes: dict[str, Any] = {
        "look": draw(st.lists(st.sampled_from(LOOKS), min_size=1, max_size=2)),
        "lag": draw(st.sampled_from([[0], [1], [0, 1], [2]])),
        "offset": draw(st.sampled_from([[0], [0, 2]])),
        "cooldown_days": draw(st.sampled_from([[0], [0, 5], [40]])),
        "cost_bps": draw(st.lists(st.sampled_from([0.0, 5.0, 80.0, 900.0]), min_size=1, max_size=3)),
    }
    base["charge_initial"], base["annual_fee_bps"] = draw(st.booleans()), draw(st.sampled_from([0.0, 60.0]))
    trigger = draw(st.sampled_from(["band", "band", "calendar", "never"]))
    base["trigger"] = trigger
    if trigger == "band":
        band, width = draw(st.sampled_from(BASES))
        base["band"] = band
        axes[width] = draw(WIDTHS)
        axes["destination"] = draw(st.sampled_from([[0], [0, 0.5], [1]]))
        base |= draw(st.sampled_from([{}, {}, {"scope": "breached_only"}]))
    base |= draw(st.sampled_from([{}, {}, {"fixed_fee": 4}, {"min_trade": 50}, {"tranches": 3}]))
    names = draw(st.permutations(sorted(axes)))
    return {"base": base, "axes": {name: axes[name] for name in names}}


@given(study=studies(), grid=grids())
def test_shared_work_changes_no_metric(study: Study, grid: dict[str, Any]) -> None:
    parsed = parse_grid(grid)
    table = run(study, parsed, workers=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ways, "way", lambda *_: Way.plain)
        alone = run(study, parsed, workers=1)
    assert table.complete
    for name in composing():
        a, b = table.metric(name), alone.metric(name)
        assert np.array_equal(np.isnan(a), np.isnan(b)), name
        wrong = np.abs(a - b) > 1e-10 * np.maximum(1.0, np.abs(b))
        assert not wrong.any(), (name, table.policy(int(np.argmax(wrong))), a[wrong], b[wrong])


def prices_of(study: Study) -> PriceMatrix:
    return PriceMatrix(study.window.dates, study.window.symbols, study.window.closes)


@settings(max_examples=25)
@given(study=studies(), grid=grids(), every=st.booleans())
def test_a_row_equals_a_single_run(study: Study, grid: dict[str, Any], every: bool) -> None:
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


def example(n: int = 400, k: int = 5) -> Study:
    """A study of k leaves of random prices."""
    steps = np.random.default_rng(n + k).normal(0.0004, 0.012, (n, k))
    return Study(window_of(np.exp(np.cumsum(steps, axis=0))), book_of({f"s{i}": 1.0 / k for i in range(k)}))


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
        example(), parse_grid(MANY | {"axes": axes}), workers=1, progress=seen.append, cancel=lambda: len(seen) > 2
    )
    whole = run(example(), parse_grid(MANY | {"axes": axes}))
    assert not table.complete
    assert 0 < len(table) < 240 == len(whole)
    kept = table.to_arrow()
    assert kept.equals(whole.to_arrow().take(table.rows))


def test_the_order_of_the_axes_changes_only_the_order_of_the_rows() -> None:
    axes = {"cost_bps": [0, 10, 20], "look": ["daily", "monthly"], "band.width_bps": [500, 50, 200]}
    study = example()
    first = run(study, parse_grid(MANY | {"axes": axes})).to_arrow()
    turned = run(study, parse_grid(MANY | {"axes": dict(reversed(axes.items()))})).to_arrow()
    by = [(name, "ascending") for name in axes]
    assert first.sort_by(by).equals(turned.select(first.column_names).sort_by(by))


def test_a_policy_column_reads_back_as_the_rows_policy() -> None:
    axes = {
        "band.relative_bps": [1000.5, 2500], "cost_bps": [0, 0.1], "look": ["weekly", {"every_sessions": 4}],
        "cooldown_days": [0, 9], "risk_free": [0.02],
    }  # fmt: skip
    base = {"trigger": "band", "band": {"kind": "five_twenty_five"}, "lag": 1}
    table = run(example(120, 3), parse_grid({"base": base, "axes": axes}))
    for i, text in enumerate(table.to_arrow()["policy"].to_pylist()):
        flat = json.loads(text)
        beside = {name: flat.pop(name) for name in list(flat) if name in SETTING_FIELDS}
        assert (parse_policy(flat), parse_run_settings(beside)) == table.policy(i)


def test_costs_by_instrument_can_be_an_axis() -> None:
    study = example(200, 2)
    axes = {"cost_bps": [{"s0": 10.0}, {"s0": 10.0, "s1": 30.0}, 20.0]}
    table = run(study, parse_grid({"base": {"trigger": "calendar", "look": "weekly"}, "axes": axes}))
    for i in range(3):
        policy, assumed = table.policy(i)
        (single,) = run_single(prices_of(study), study.book, {"": policy}, assumed)
        assert table.metric("cagr")[i] == pytest.approx(single.metrics["cagr"], rel=1e-12)


def assert_rows_equal_runs(study: Study, base: dict[str, Any], axes: dict[str, Any], prices: PriceMatrix) -> None:
    grid = parse_grid({"base": base, "axes": axes})
    (stage,) = studies_of(grid, lambda _: (prices, study.book))
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
    study = Study(window_of(closes), book)
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
    study = Study(window_of(closes), book_of({"s0": 0.5, "s1": 0.5}))
    axes = {"cooldown_days": [0, 10, 20], "band.width_bps": [300, 900]}
    grid = parse_grid({"base": {**MANY["base"], "lag": 1}, "axes": axes})
    found = run(study, grid)
    for i in range(6):
        policy, assumed = found.policy(i)
        (single,) = run_single(prices_of(study), study.book, {"": policy}, assumed)
        assert found.metric("total_return")[i] == pytest.approx(single.metrics["total_return"], rel=1e-12)
        assert found.metric("rebalances")[i] == single.metrics["rebalances"]


def test_one_history_is_the_real_one_and_seeds_repeat() -> None:
    study = example()
    prices, book = prices_of(study), study.book
    grid = parse_grid({"base": "monthly", "axes": {"history": [0, 1, 2, 1], "cost_bps": [0, 10]}})
    cagr = run(studies_of(grid, lambda _: (prices, book)), grid).metric("cagr")
    plain = run(study, parse_grid({"base": "monthly", "axes": {"cost_bps": [0, 10]}})).metric("cagr")
    assert cagr[:2].tolist() == plain.tolist()
    assert cagr[2:4].tolist() == cagr[6:].tolist() != cagr[4:6].tolist()


def test_prices_after_a_day_change_nothing_up_to_it() -> None:
    study = example(300, 4)
    closes = study.window.closes.copy()
    closes[200:] *= np.random.default_rng(1).uniform(0.5, 2.0, closes[200:].shape)
    axes = {"band.width_bps": {"from": 20, "to": 500, "count": 30}, "cost_bps": [0, 10]}
    cut = dataclasses.replace(study.window, dates=study.window.dates[:200], closes=study.window.closes[:200])
    changed = dataclasses.replace(study.window, dates=study.window.dates[:200], closes=closes[:200])
    grid = parse_grid(MANY | {"axes": axes})
    before, after = (run(Study(window, study.book), grid).values for window in (cut, changed))
    assert np.array_equal(before, after, equal_nan=True)
