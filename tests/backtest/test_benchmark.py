"""A benchmark beside a study: on its dates where its prices allow, and said where they do not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keel.backtest.benchmark import benchmark, on_dates
from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.portfolio.book import book

DATES = np.busday_offset("2020-01-01", np.arange(300), roll="forward")


def matrix(symbol: str, dates: np.ndarray) -> PriceMatrix:
    return PriceMatrix(dates, (symbol,), np.linspace(1.0, 2.0, len(dates))[:, None], ("total_return",))


@pytest.fixture
def beside() -> BacktestResult:
    framework = Framework("F", (Bucket("P/A", "A", 1.0, holdings=(Holding("A", 1.0),)),))
    settings = RunSettings(cost_bps=50, annual_fee_bps=100, charge_initial=True)
    return run(matrix("A", DATES), book(framework), {"Never": PRESETS["never"]}, settings)[0]


def test_it_is_bought_and_held_free_of_cost_and_fee(beside: BacktestResult) -> None:
    found, notes = benchmark(matrix("B", DATES), "B", "daily", beside)
    assert found is not None
    np.testing.assert_allclose(found.wealth, np.linspace(1.0, 2.0, 300))
    assert (found.name, found.metrics["cost_drag"], notes) == ("B", 0.0, ())


def test_a_session_it_did_not_trade_takes_its_last_close(beside: BacktestResult) -> None:
    found, _ = benchmark(matrix("B", np.delete(DATES, [7, 8])), "B", "daily", beside)
    assert found is not None
    np.testing.assert_array_equal(found.dates, DATES)
    assert found.wealth[7] == found.wealth[8] == found.wealth[6]


def test_a_late_start_and_an_early_end_are_said(beside: BacktestResult) -> None:
    found, notes = benchmark(matrix("B", DATES[30:200]), "B", "daily", beside)
    assert found is not None
    assert found.dates[0] == DATES[30]
    assert notes[0] == "The benchmark B starts in Feb 2020, after the study: its figures are for a shorter time."
    assert notes[1].startswith("The benchmark B ends in Oct 2020")


def test_coarser_prices_keep_their_own_dates_and_say_so(beside: BacktestResult) -> None:
    months = (np.datetime64("2019-12", "M") + np.arange(20) + 1).astype("datetime64[D]") - 1
    found, notes = benchmark(matrix("B", months), "B", "monthly", beside)
    assert found is not None
    assert found.meta.frequency == "monthly"
    assert notes[0] == "The benchmark B has monthly prices only, so its risk figures are monthly ones."


def test_one_outside_the_window_is_not_shown(beside: BacktestResult) -> None:
    found, notes = benchmark(matrix("B", DATES - 4000), "B", "daily", beside)
    assert found is None
    assert notes == ("No benchmark is shown: B has no prices in the window of the study.",)


def test_a_stale_close_is_not_carried_for_more_than_a_week() -> None:
    line = (DATES[:1], np.ones(1))
    assert len(on_dates(line, DATES[:20], "daily")[0]) == 6
    months = np.array(["2020-01-31", "2020-02-29", "2020-03-31"], dtype="datetime64[D]")
    assert len(on_dates((months[:1], np.ones(1)), months, "monthly")[0]) == 2


def test_the_settings_of_the_study_are_not_changed(beside: BacktestResult) -> None:
    found, _ = benchmark(matrix("B", DATES), "B", "daily", beside)
    assert found is not None
    assert replace(found.settings, cost_bps=50, annual_fee_bps=100, charge_initial=True) == beside.settings
