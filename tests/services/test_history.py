"""What a policy of a study did, day by day."""

from __future__ import annotations

import numpy as np
import pytest
from tests.oracles import book_of, matrix
from tests.services.portfolios import BOTH, YEARLY, portfolio

from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Policy, RunSettings
from keel.domain.study.question import Question
from keel.errors import RunNotFoundError
from keel.services import example, history, study
from keel.store.connection import Database


def test_the_drift_of_a_run_is_a_grid_of_buckets_and_dates(db: Database) -> None:
    found = study.run_backtest(db, Question(example.open_example(db).id, BOTH, RunSettings()))
    grid = history.drift(found, "5/25 band")
    result = found.results[1]
    assert grid.drift.shape == (6, len(result.dates))
    np.testing.assert_allclose(grid.drift, (result.weights - result.book.targets).T)
    assert grid.breach.any()
    with pytest.raises(RunNotFoundError, match="no policy Other; it has Never, 5/25 band"):
        history.drift(found, "Other")


def test_a_day_s_trades_are_its_fill_or_what_is_decided_then_and_else_none(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.6, "TLT": 0.4})
    found = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings(), proxies=False))
    event = found.results[0].events[0]
    assert event.decided < event.date
    assert history.trades_on(found, PRESETS["annual"], event.date) == event.trades
    decided = history.trades_on(found, PRESETS["annual"], event.decided)
    assert {t.symbol: t.after for t in decided} == pytest.approx({"SPY": 0.6, "TLT": 0.4})
    quiet = found.results[0].dates[5].astype(object)
    assert history.trades_on(found, PRESETS["annual"], quiet) == ()


def test_a_decision_to_the_edge_leaves_the_products_of_untraded_buckets_alone() -> None:
    symbols = ("S1", "S2", "B1", "B2", "G")
    buckets = book_of(
        {"Stocks": 0.5, "Bonds": 0.3, "Gold": 0.2},
        [("Stocks", 0.5), ("Stocks", 0.5), ("Bonds", 0.5), ("Bonds", 0.5), ("Gold", 1.0)],
        symbols=symbols,
    )
    days = np.arange("2024-01-01", "2024-01-05", dtype="datetime64[D]")
    closes = [[1.0] * 5] + [[1.5, 0.9, 1.2, 0.8, 0.5]] * 3  # Stocks 60%, Bonds 30%, Gold 10%
    prices = PriceMatrix(days, symbols, np.array(closes))
    edge = Policy(Trigger.band, band=Absolute(500), destination=1.0)
    result = run(prices, buckets, {"edge": edge}, RunSettings(lag=1))[0]
    asked = Question("pf", {"edge": edge}, RunSettings(lag=1))
    found = study.Study("", asked, (result,), None, prices, "", ())
    (event,) = result.events
    decided = history.trades_on(found, edge, event.decided)
    assert {t.symbol for t in decided} == {t.symbol for t in event.trades}
    assert [t.after for t in decided] == pytest.approx([t.after for t in event.trades])


def one_fund_in_three_buckets() -> study.Study:
    """US 30, International 20, Bonds 50, the first two in one fund; and yearly trades."""
    buckets = book_of({"US": 0.3, "Intl": 0.2, "Bonds": 0.5}, symbols=("VT", "VT", "AGG"))
    days = np.array(["2024-12-30", "2024-12-31", "2025-01-02", "2025-01-03", "2025-01-06"], dtype="datetime64[D]")
    prices = PriceMatrix(days, ("VT", "AGG"), np.array([[1.0, 1.0]] + [[1.5, 1.0]] * 4))
    yearly = PRESETS["annual"]
    result = run(prices, buckets, {"Yearly": yearly}, RunSettings(lag=1))[0]
    return study.Study("", Question("pf", {"Yearly": yearly}, RunSettings(lag=1)), (result,), None, prices, "", ())


def test_an_order_of_a_shared_product_is_split_over_its_buckets_by_what_each_needs() -> None:
    found = one_fund_in_three_buckets()
    (event,) = found.results[0].events
    weights = np.array([0.45, 0.30, 0.50]) / 1.25
    for on in (event.decided, event.date):
        change = history.changes_on(found, PRESETS["annual"], on)
        assert change is not None
        assert change.tolist() == pytest.approx((np.array([0.3, 0.2, 0.5]) - weights).tolist())
        orders = {t.symbol: t.after - t.before for t in history.trades_on(found, PRESETS["annual"], on)}
        assert change[0] + change[1] == pytest.approx(orders["VT"])
    assert history.changes_on(found, PRESETS["annual"], found.results[0].dates[0].astype(object)) is None


def test_two_buckets_without_a_product_each_get_what_they_need() -> None:
    buckets = book_of({"Equity": 0.8, "Gap": 0.15, "Gap 2": 0.05}, symbols=("VT", "CASH", "CASH"))
    days = np.array(["2024-12-30", "2024-12-31", "2025-01-02", "2025-01-03"], dtype="datetime64[D]")
    prices = PriceMatrix(days, ("VT",), np.array([[1.0]] + [[1.5]] * 3))
    yearly = PRESETS["annual"]
    result = run(prices, buckets, {"Yearly": yearly}, RunSettings(lag=1))[0]
    asked = Question("pf", {"Yearly": yearly}, RunSettings(lag=1))
    found = study.Study("", asked, (result,), None, prices, "", ())
    change = history.changes_on(found, yearly, result.events[0].date)
    assert change is not None
    assert change.tolist() == pytest.approx([0.8 - 1.2 / 1.4, 0.15 - 0.15 / 1.4, 0.05 - 0.05 / 1.4])


MONTHS = np.arange("2020-01", "2022-02", dtype="datetime64[M]")
MONTH_ENDS = ((MONTHS + 1).astype("datetime64[D]") - np.timedelta64(1, "D")).astype(str).tolist()


@pytest.fixture(scope="module")
def run_of_two() -> BacktestResult:
    """Half in what rises by 2% a month but for a fall of 20% in March 2020, half in what stands still."""
    book = book_of({"a": 0.5, "b": 0.5})
    steps = np.full(len(MONTH_ENDS) - 1, 1.02)
    steps[1] = 0.8
    closes = np.column_stack([np.cumprod([1.0, *steps]), np.ones(len(MONTH_ENDS))])
    return run(matrix(MONTH_ENDS, book, closes), book, {"never": PRESETS["never"]}, RunSettings())[0]


def test_the_months_compound_to_the_whole(run_of_two: BacktestResult) -> None:
    months = history.months(run_of_two)
    assert months[0] == (2020, 2, pytest.approx(0.01))
    assert np.prod([1.0 + value for _, _, value in months]) == pytest.approx(run_of_two.wealth[-1])


def test_a_span_has_a_return_for_each_date_that_is_so_far_from_the_first(run_of_two: BacktestResult) -> None:
    dates, values = history.rolling(run_of_two, 1)
    assert len(dates) == len(MONTH_ENDS) - 12
    assert values[0] == pytest.approx(run_of_two.wealth[12] / run_of_two.wealth[0] - 1.0)


def test_the_deepest_fall_comes_first(run_of_two: BacktestResult) -> None:
    (fall,) = history.falls(run_of_two)
    assert fall.depth == pytest.approx(run_of_two.metrics["max_drawdown"])
    assert fall.trough.isoformat() == "2020-03-31"


def test_what_stands_still_added_nothing_and_moves_with_nothing(run_of_two: BacktestResult) -> None:
    assert history.contribution(run_of_two).tolist() == pytest.approx([run_of_two.wealth[-1] - 1.0, 0.0])
    correlation = history.correlation(run_of_two)
    assert correlation[0, 0] == 1.0
    assert np.isnan(correlation[0, 1])
