"""A benchmark beside a study: on its dates where its prices allow, and said where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keel.backtest.benchmark import benchmark, benchmark_json, on_dates
from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import book
from keel.domain.study.blend import Blend

DATES = np.busday_offset("2020-01-01", np.arange(300), roll="forward")


def matrix(symbol: str, dates: np.ndarray) -> PriceMatrix:
    return PriceMatrix(dates, (symbol,), np.linspace(1.0, 2.0, len(dates))[:, None], ("total_return",))


def held(symbol: str) -> Blend:
    return Blend(symbol, (Holding(symbol, 1.0),), None)


@pytest.fixture
def beside() -> BacktestResult:
    framework = Framework("F", (Bucket("P/A", "A", 1.0, holdings=(Holding("A", 1.0),)),))
    settings = RunSettings(cost_bps=50, annual_fee_bps=100, charge_initial=True)
    return run(matrix("A", DATES), book(framework), {"Never": PRESETS["never"]}, settings)[0]


def test_it_is_bought_and_held_free_of_cost_and_fee(beside: BacktestResult) -> None:
    found, notes = benchmark(matrix("B", DATES), held("B"), "daily", beside)
    assert found is not None
    np.testing.assert_allclose(found.wealth, np.linspace(1.0, 2.0, 300))
    assert (found.name, found.metrics["cost_drag"], notes) == ("B", 0.0, ())


def test_a_session_it_did_not_trade_takes_its_last_close(beside: BacktestResult) -> None:
    found, _ = benchmark(matrix("B", np.delete(DATES, [7, 8])), held("B"), "daily", beside)
    assert found is not None
    np.testing.assert_array_equal(found.dates, DATES)
    assert found.wealth[7] == found.wealth[8] == found.wealth[6]


def test_a_late_start_and_an_early_end_are_said(beside: BacktestResult) -> None:
    found, notes = benchmark(matrix("B", DATES[30:200]), held("B"), "daily", beside)
    assert found is not None
    assert found.dates[0] == DATES[30]
    assert notes[0] == "The benchmark B starts in Feb 2020, after the study: its figures are for a shorter time."
    assert notes[1].startswith("The benchmark B ends in Oct 2020")


def test_coarser_prices_keep_their_own_dates_and_say_so(beside: BacktestResult) -> None:
    months = (np.datetime64("2019-12", "M") + np.arange(20) + 1).astype("datetime64[D]") - 1
    found, notes = benchmark(matrix("B", months), held("B"), "monthly", beside)
    assert found is not None
    assert found.meta.frequency == "monthly"
    assert notes[0] == "The benchmark B has monthly prices only, so its risk figures are monthly ones."


def test_one_outside_the_window_is_not_shown(beside: BacktestResult) -> None:
    found, notes = benchmark(matrix("B", DATES - 4000), held("B"), "daily", beside)
    assert found is None
    assert notes == ("No benchmark is shown: B has no prices in the window of the study.",)


def test_a_stale_close_is_not_carried_for_more_than_a_week() -> None:
    line = (DATES[:1], np.ones(1))
    assert len(on_dates(line, DATES[:20], "daily")[0]) == 6
    months = np.array(["2020-01-31", "2020-02-29", "2020-03-31"], dtype="datetime64[D]")
    assert len(on_dates((months[:1], np.ones(1)), months, "monthly")[0]) == 2


def test_the_settings_of_the_study_are_not_changed(beside: BacktestResult) -> None:
    found, _ = benchmark(matrix("B", DATES), held("B"), "daily", beside)
    assert found is not None
    assert replace(found.settings, cost_bps=50, annual_fee_bps=100, charge_initial=True) == beside.settings


def test_a_blend_is_brought_back_to_its_weights_free_of_cost(beside: BacktestResult) -> None:
    closes = np.column_stack([np.where(np.arange(300) < 100, 1.0, 3.0), np.ones(300)])
    prices = PriceMatrix(DATES, ("B", "C"), closes)
    parts = (Holding("B", 0.5), Holding("C", 0.5))
    kept, _ = benchmark(prices, Blend("Kept", parts, None), "daily", beside)
    yearly, _ = benchmark(prices, Blend("Yearly", parts), "daily", beside)
    assert kept is not None
    assert yearly is not None
    assert kept.wealth[-1] == pytest.approx(2.0)  # 0.5 times 3, and 0.5
    assert [event.decided.isoformat() for event in yearly.events] == ["2020-12-31"]
    assert yearly.events[0].trades[0].before == pytest.approx(0.75)
    assert (yearly.events[0].cost, yearly.events[0].turnover) == (0.0, pytest.approx(0.25))


def test_a_blend_is_read_on_the_dates_all_its_parts_have(beside: BacktestResult) -> None:
    closes = np.column_stack([np.linspace(1, 2, 300), np.linspace(1, 3, 300)])
    closes[:40, 1] = np.nan
    parts = (Holding("B", 0.5), Holding("C", 0.5))
    found, notes = benchmark(PriceMatrix(DATES, ("B", "C"), closes), Blend("Two", parts), "daily", beside)
    assert found is not None
    assert found.dates[0] == DATES[40]
    assert notes[0].startswith("The benchmark Two starts in Feb 2020")
    months = (np.datetime64("2019-12", "M") + np.arange(20) + 1).astype("datetime64[D]") - 1
    coarse = PriceMatrix(months, ("B", "C"), np.column_stack([np.linspace(1, 2, 20)] * 2))
    found, _ = benchmark(coarse, Blend("Two", parts), "monthly", beside)
    assert found is not None
    assert found.meta.frequency == "monthly"


def test_a_document_says_what_a_blend_is_made_of(beside: BacktestResult) -> None:
    blend = Blend("Half", (Holding("B", 0.5), Holding("C", 0.5)))
    assert benchmark_json(blend, beside)["blend"] == {"name": "Half", "parts": {"B": 0.5, "C": 0.5}, "look": "annual"}
    assert "blend" not in benchmark_json("A", beside)


def test_cash_in_a_blend_keeps_its_worth(beside: BacktestResult) -> None:
    half = Blend("Half", (Holding("B", 0.5), Holding("CASH", 0.5)), None)
    found, _ = benchmark(matrix("B", DATES), half, "daily", beside)
    assert found is not None
    np.testing.assert_allclose(found.wealth, 0.5 + 0.5 * np.linspace(1.0, 2.0, 300))
    months = (np.datetime64("2019-12", "M") + np.arange(20) + 1).astype("datetime64[D]") - 1
    coarse, _ = benchmark(matrix("B", months), half, "monthly", beside)
    assert coarse is not None
    nothing = PriceMatrix(np.empty(0, "datetime64[D]"), (), np.empty((0, 0)))
    alone, _ = benchmark(nothing, held("CASH"), "daily", beside)
    assert alone is not None
    np.testing.assert_array_equal(alone.wealth, np.ones(300))


def test_coarser_prices_that_start_later_say_both(beside: BacktestResult) -> None:
    months = (np.datetime64("2020-05", "M") + np.arange(20) + 1).astype("datetime64[D]") - 1
    _, notes = benchmark(matrix("B", months), held("B"), "monthly", beside)
    assert notes[:2] == (
        "The benchmark B has monthly prices only, so its risk figures are monthly ones.",
        "The benchmark B starts in May 2020, after the study: its figures are for a shorter time.",
    )
