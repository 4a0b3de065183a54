"""Policies side by side over one window."""

from __future__ import annotations

import dataclasses
import warnings
from datetime import date

import numpy as np
import pytest
from tests.oracles import book_of

from keel.backtest.run import run
from keel.domain.framework.records import Framework
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, EverySessions, Policy, RunSettings
from keel.domain.portfolio.book import Book
from keel.errors import BacktestError, InvalidPolicyError, PricesMissingError

EVERY_2 = Policy(Trigger.calendar, EverySessions(2))


def prices(n: int = 60, names: tuple[str, ...] = ("A", "B", "SPY")) -> PriceMatrix:
    noise = np.random.default_rng(3)
    closes = np.exp(np.cumsum(noise.normal(0.0, 0.02, (n, len(names))), axis=0))
    days = np.busday_offset(np.datetime64("2023-12-01", "D"), np.arange(n), roll="forward")
    return PriceMatrix(days, names, closes, kinds=("total_return",) * len(names), notes=("Dividends included.",))


def pair() -> Book:
    return book_of({"A": 0.6, "B": 0.4})


def test_results_come_in_the_order_of_the_policies_over_one_window() -> None:
    found = run(prices(), pair(), {"b": PRESETS["never"], "a": EVERY_2}, RunSettings())
    assert [result.name for result in found] == ["b", "a"]
    assert found[0].dates.tolist() == found[1].dates.tolist()


def test_the_benchmark_comes_last_and_takes_part_in_the_window() -> None:
    matrix = prices()
    closes = matrix.closes.copy()
    closes[:7, 2] = np.nan
    late = dataclasses.replace(matrix, closes=closes)
    own, beside = run(late, pair(), {"x": EVERY_2}, RunSettings(cost_bps=50, annual_fee_bps=100), benchmark="SPY")
    assert beside.name == "SPY"
    assert str(own.dates[0]) == str(matrix.dates[7])
    assert beside.wealth == pytest.approx(closes[7:, 2] / closes[7, 2], rel=1e-13)
    assert beside.metrics["cost_drag"] == 0.0


def test_the_default_lag_is_one_on_daily_data_and_none_on_coarser() -> None:
    daily = prices()
    months = (np.datetime64("2020-01", "M") + np.arange(60)).astype("datetime64[D]")
    (near,) = run(daily, pair(), {"": EVERY_2}, RunSettings())
    (coarse,) = run(dataclasses.replace(daily, dates=months), pair(), {"": EVERY_2}, RunSettings())
    assert (near.meta.lag, near.meta.frequency, near.meta.periods_per_year) == (1, "daily", 252)
    assert (coarse.meta.lag, coarse.meta.frequency, coarse.meta.periods_per_year) == (0, "monthly", 12)
    assert near.meta.conventions[0] == "Decided at a close, filled at the close 1 session later."
    assert coarse.meta.conventions[0] == "Decided and filled at the same close."


def test_a_hole_in_all_prices_is_refused_unless_gaps_are_allowed() -> None:
    whole = prices()
    days = whole.dates.copy()
    days[30:] += np.timedelta64(35, "D")
    apart = dataclasses.replace(whole, dates=days)
    with pytest.raises(PricesMissingError, match="between 11 Jan 2024 and 16 Feb 2024"):
        run(apart, pair(), {"": EVERY_2}, RunSettings())
    (read_on,) = run(apart, pair(), {"": EVERY_2}, RunSettings(allow_gaps=True))
    assert "No prices between 11 Jan 2024 and 16 Feb 2024: the gap counts as one period." in read_on.meta.notes


def test_meta_says_what_was_run() -> None:
    framework = Framework("Pair", id="f1", version=3)
    (found,) = run(prices(), pair(), {"": EVERY_2}, RunSettings(), framework=framework)
    meta = found.meta
    assert (meta.framework_id, meta.framework_name, meta.framework_version) == ("f1", "Pair", 3)
    assert (meta.first, meta.last) == (date(2023, 12, 1), date(2024, 2, 22))
    assert meta.price_kind == "total_return"
    assert "Dividends included." in meta.notes
    assert len(meta.fingerprint) == 16


def test_events_tell_what_was_traded() -> None:
    (found,) = run(prices(), pair(), {"": EVERY_2}, RunSettings(lag=1, cost_bps=10))
    event = found.events[0]
    assert (event.session, event.decided, event.date) == (3, date(2023, 12, 5), date(2023, 12, 6))
    assert [trade.symbol for trade in event.trades] == ["A", "B"]
    assert [trade.after for trade in event.trades] == [0.6, 0.4]
    assert [trade.before for trade in event.trades] == found.holdings[3].tolist()
    assert event.turnover == pytest.approx(0.5 * sum(abs(t.after - t.before) for t in event.trades), abs=1e-15)


def test_a_decision_at_the_end_is_pending_with_its_goal() -> None:
    found = run(prices(9), pair(), {"": EVERY_2}, RunSettings(lag=0))[0].pending
    assert found is not None
    assert (found.decided, found.fills, found.goal) == (date(2023, 12, 13), date(2023, 12, 13), {"A": 0.6, "B": 0.4})
    late = run(prices(9), pair(), {"": EVERY_2}, RunSettings(lag=3))[0].pending
    assert late is not None
    assert (late.decided, late.fills) == (date(2023, 12, 11), None)
    assert run(prices(9), pair(), {"": PRESETS["never"]}, RunSettings())[0].pending is None


def test_leaf_weights_add_up_the_instruments() -> None:
    book = book_of({"one": 0.7, "two": 0.3}, [("one", 0.5), ("two", 1.0), ("one", 0.5)], symbols=("A", "B", "SPY"))
    (found,) = run(prices(), book, {"": PRESETS["abs_5pp"]}, RunSettings())
    assert found.weights[:, 0] == pytest.approx(found.holdings[:, 0] + found.holdings[:, 2], abs=1e-15)
    assert found.weights.sum(axis=1) == pytest.approx(np.ones(60), abs=1e-12)


def test_the_same_symbol_in_two_leaves_is_one_trade() -> None:
    book = book_of({"one": 0.5, "two": 0.5}, [("one", 0.4), ("one", 0.6), ("two", 1.0)], symbols=("A", "B", "A"))
    (found,) = run(prices(), book, {"": EVERY_2}, RunSettings())
    assert [[trade.symbol for trade in event.trades] for event in found.events[:2]] == [["A", "B"]] * 2
    assert found.events[0].trades[0].after == pytest.approx(0.7, abs=1e-15)


def test_a_gap_stays_in_cash_free_of_cost_and_is_named() -> None:
    book = dataclasses.replace(book_of({"A": 0.5, "Gold": 0.5}, symbols=("A", CASH)), gaps=("Gold",))
    settings = RunSettings(lag=0, cost_bps=100, fixed_fee=10)
    (found,) = run(prices(), book, {"": EVERY_2}, settings)
    event = found.events[0]
    assert "Gold has no product and stays in cash." in found.meta.notes
    value = found.wealth[event.session] / (1 - event.cost)
    only_a = event.turnover * 0.01 + 10 / 10_000 / value
    assert event.cost == pytest.approx(only_a, rel=0.02)


def test_cost_by_symbol_names_what_has_none() -> None:
    (found,) = run(prices(), pair(), {"": EVERY_2}, RunSettings(cost_bps={"A": 5.0}))
    assert "No trading cost is given for B; it is taken as 0." in found.meta.notes


def test_cost_drag_counts_every_cost() -> None:
    free = run(prices(), pair(), {"": EVERY_2}, RunSettings())[0].metrics
    dear = run(prices(), pair(), {"": EVERY_2}, RunSettings(cost_bps=20, annual_fee_bps=50))[0].metrics
    assert free["cost_drag"] == 0.0
    assert dear["cost_drag"] == pytest.approx(free["cagr"] - dear["cagr"], abs=1e-15)


def test_a_yearly_fee_is_taken_every_session() -> None:
    free, charged = (
        run(prices(), pair(), {"": PRESETS["never"]}, RunSettings(annual_fee_bps=fee))[0].wealth for fee in (0, 252)
    )
    assert charged == pytest.approx(free * (1 - 0.0252 / 252) ** np.arange(60), rel=1e-12)


def test_wealth_starts_after_the_purchase_when_it_is_charged() -> None:
    (found,) = run(prices(), pair(), {"": PRESETS["never"]}, RunSettings(cost_bps=100, charge_initial=True))
    assert found.wealth[0] == pytest.approx(1 / 1.01, abs=1e-15)


def test_total_drift_is_measured_before_trading() -> None:
    (found,) = run(prices(), pair(), {"": EVERY_2}, RunSettings(lag=0))
    drift = 0.5 * abs(found.weights - [0.6, 0.4]).sum(axis=1)
    assert found.metrics["mean_total_drift"] == pytest.approx(drift.mean())
    assert found.metrics["max_total_drift"] == pytest.approx(drift.max())


def test_a_bucket_with_its_own_band_is_judged_by_it() -> None:
    tight = book_of({"A": 0.6, "B": 0.4}, bands=(None, Absolute(10)))
    policy = Policy(Trigger.band, band=Absolute(5000))
    wide, narrow = (run(prices(), book, {"": policy}, RunSettings())[0] for book in (pair(), tight))
    assert len(wide.events) == 0 < len(narrow.events)


def test_wrong_policies_settings_and_symbols_are_refused_before_anything_runs() -> None:
    with pytest.raises(InvalidPolicyError, match="band"):
        run(prices(), pair(), {"": Policy(Trigger.band)}, RunSettings())
    with pytest.raises(InvalidPolicyError, match="cost_bps"):
        run(prices(), pair(), {"": EVERY_2}, RunSettings(cost_bps=-1))
    with pytest.raises(PricesMissingError, match="QQQ"):
        run(prices(), pair(), {"": EVERY_2}, RunSettings(), benchmark="QQQ")


def test_start_and_end_bound_the_study() -> None:
    calendar = Policy(Trigger.calendar, Cadence.weekly)
    (found,) = run(prices(), pair(), {"": calendar}, RunSettings(), start=date(2023, 12, 9), end=date(2024, 1, 6))
    assert (found.meta.first, found.meta.last) == (date(2023, 12, 11), date(2024, 1, 5))
    assert len(found.meta.notes) == 3


@pytest.mark.parametrize("closes", [[1e-300, 1e300], [1.0, 1e200, 5e-324], [1.0, 1e30, 1e60]])
def test_results_beyond_what_a_number_can_hold_are_refused_without_a_warning(closes: list[float]) -> None:
    days = np.datetime64("2024-01-01") + np.arange(len(closes))
    matrix = PriceMatrix(days, ("A", "B"), np.column_stack([closes, closes]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(BacktestError, match="The results of x are too large or too small to be numbers"):
            run(matrix, pair(), {"x": PRESETS["annual"]}, RunSettings(lag=0))
