"""Studies through the store on the embedded sample: the whole way from a portfolio to results and back."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
import pytest
from tests.oracles import book_of, matrix

from keel import settings
from keel.backtest.result import BacktestResult
from keel.backtest.run import run
from keel.domain.exchange.templates import Template, load_templates
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.mapping.matching import best_picks
from keel.domain.mapping.universe import market_of
from keel.domain.market.instrument import InstrumentType
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.policy.as_json import parse_policy
from keel.domain.policy.records import PRESETS, Absolute, Contributions, FlowMode, Policy, RunSettings, Trigger
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.study.question import Request
from keel.errors import InputError, MarketDataError, PortfolioNotFoundError, PricesMissingError, RunNotFoundError
from keel.services import example, mapping, study
from keel.store import frameworks, instruments, portfolios, prices, runs
from keel.store.connection import Database

YEARLY = {"Yearly": PRESETS["annual"]}
BOTH = {"Never": PRESETS["never"], "5/25 band": PRESETS["five_twenty_five"]}


def portfolio(db: Database, targets: dict[str, float], **holdings: tuple[Holding, ...]) -> Portfolio:
    """A portfolio whose leaves are the symbols themselves, unless a leaf is given other holdings."""
    buckets = tuple(
        Bucket(f"Part/{n}", symbol, weight, holdings=holdings.get(symbol, (Holding(symbol, 1.0),)))
        for n, (symbol, weight) in enumerate(targets.items())
    )
    framework = frameworks.save_version(db, Framework("Test", buckets))
    return portfolios.save(db, Portfolio("Test", framework.id, 1))


METRICS = ("total_return", "cagr", "volatility", "max_drawdown", "sharpe")


@pytest.mark.parametrize("targets", ["60/40", "Global 6"])
def test_the_service_gives_the_golden_numbers(db: Database, golden: Path, targets: str) -> None:
    found: list[dict[str, Any]] = json.loads((golden / "monthly_sample.json").read_text())["cases"]
    free = [c for c in found if (c["portfolio"], c["lag"], c["cost_bps"]) == (targets, 0, 0.0)]
    policies = {case["name"]: parse_policy(case["policy"]) for case in free}
    mine = portfolio(db, free[0]["targets"])
    results = study.run_backtest(db, mine.id, policies, RunSettings(), end=date(2025, 12, 31)).results
    for case, result in zip(free, results, strict=True):
        assert [result.metrics[m] for m in METRICS] == pytest.approx([case[m] for m in METRICS], abs=1e-8), case["name"]


def test_policies_stand_side_by_side_in_their_order_with_what_was_asked(db: Database) -> None:
    mine = example.open_example(db)
    found = study.run_backtest(
        db, mine.id, BOTH, RunSettings(cost_bps=10), start=date(2005, 1, 1), benchmark="MSCI US", dataset="monthly"
    )
    assert [r.name for r in found.results] == list(BOTH)
    assert found.request.policies == BOTH
    assert (found.request.start, found.request.benchmark, found.dataset) == (date(2005, 1, 1), "MSCI US", "monthly")
    assert found.results[0].meta.framework_name == "Global 6"
    assert found.results[1].metrics["rebalances"]
    assert found.benchmark is not None
    np.testing.assert_array_equal(found.benchmark.dates, found.results[0].dates)
    assert found.benchmark.metrics["cost_drag"] == 0.0


def test_a_warm_backtest_of_twenty_stocks_over_33_years_takes_under_50_ms(db: Database) -> None:
    stocks = [i.symbol for i in instruments.universe(db) if i.type is InstrumentType.stock]
    mine = portfolio(db, dict.fromkeys(stocks, 0.05))

    def seconds() -> float:
        began = perf_counter()
        study.run_backtest(db, mine.id, YEARLY, RunSettings(cost_bps=10))
        return perf_counter() - began

    assert study.run_backtest(db, mine.id, YEARLY, RunSettings()).results[0].holdings.shape == (8313, 20)
    assert min(seconds() for _ in range(10)) < 0.05


def test_a_stored_run_opens_with_the_same_results_and_the_same_request(db: Database) -> None:
    mine = example.open_example(db)
    asked = RunSettings(lag=1, cost_bps={"MSCI US": 5.0}, initial_value=2_000.0, annual_fee_bps=25.0, risk_free=0.01)
    first = study.run_backtest(db, mine.id, BOTH, asked, end=date(2020, 6, 30), proxies=False)
    again = study.get_run(db, first.run_id)
    assert again.request == first.request
    assert not again.changed
    for a, b in zip(first.results, again.results, strict=True):
        np.testing.assert_array_equal(a.wealth, b.wealth)
        assert a.metrics == b.metrics


def test_the_same_question_keeps_its_run(db: Database) -> None:
    mine = example.open_example(db)
    first = study.run_backtest(db, mine.id, YEARLY, RunSettings())
    assert study.run_backtest(db, mine.id, YEARLY, RunSettings()).run_id == first.run_id
    assert study.run_backtest(db, mine.id, YEARLY, RunSettings(cost_bps=1)).run_id != first.run_id
    assert len(runs.list_for(db, mine.id)) == 2
    stored = runs.get(db, first.run_id)
    assert stored.metrics["Yearly"]["cagr"] == first.results[0].metrics["cagr"]
    assert (stored.name, stored.fingerprint) == ("Yearly", first.results[0].meta.fingerprint)


def test_a_run_says_when_prices_have_changed_since(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 1.0})
    first = study.run_backtest(db, mine.id, YEARLY, RunSettings())
    before = prices.revision(db)
    old = prices.series(db, ["MSCI US"], "monthly")
    closes = old.closes.copy()
    closes[-1] *= 1.01
    prices.write_matrix(db, "monthly", "monthly", replace(old, closes=closes))
    again = study.get_run(db, first.run_id)
    assert again.changed
    assert again.notes[0].startswith("Prices have changed since the run of")
    assert again.results[0].wealth[-1] == pytest.approx(first.results[0].wealth[-1] * 1.01)
    assert prices.revision(db) != before


def test_a_bucket_without_a_product_stays_in_cash_and_is_named(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 0.6, "Nothing yet": 0.4}, **{"Nothing yet": ()})
    found = study.run_backtest(db, mine.id, YEARLY, RunSettings())
    assert CASH in found.results[0].book.symbols
    assert any("Nothing yet" in note and "cash" in note for note in found.notes)


def test_a_product_without_any_prices_stays_in_cash_and_is_named(db: Database) -> None:
    half = (Holding("MSCI US", 0.5), Holding("UNHEARD", 0.5))
    mine = portfolio(db, {"Mixed": 0.6, "MSCI US": 0.4}, Mixed=half)
    found = study.run_backtest(db, mine.id, YEARLY, RunSettings())
    assert "UNHEARD has no prices: its 30.0% stays in cash." in found.notes
    assert found.results[0].book.symbols == ("MSCI US", CASH, "MSCI US")


def test_a_portfolio_without_any_prices_is_refused(db: Database) -> None:
    mine = portfolio(db, {"UNHEARD": 1.0})
    with pytest.raises(PricesMissingError, match="No product of Test has prices"):
        study.run_backtest(db, mine.id, YEARLY, RunSettings())


def test_a_product_in_another_currency_is_refused_by_name(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 0.5, "MSCI Japan": 0.5})
    with pytest.raises(MarketDataError, match="MSCI Japan is in JPY"):
        study.run_backtest(db, mine.id, YEARLY, RunSettings())


def test_picks_come_before_the_framework_s_own_holdings(db: Database) -> None:
    framework = frameworks.save_version(
        db, Framework("F", (Bucket("P/A", "A", 1.0, holdings=(Holding("MSCI US", 1.0),)),))
    )
    pick = Pick("P/A", "", "US Treasuries", 1.0)
    mine = portfolios.save(db, Portfolio("P", framework.id, 1, (pick,)))
    assert study.run_backtest(db, mine.id, YEARLY, RunSettings()).results[0].book.symbols == ("US Treasuries",)


def test_a_portfolio_keeps_the_framework_version_it_was_made_for(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 1.0})
    framework = frameworks.get(db, mine.framework_id)
    frameworks.save_version(db, replace(framework, name="Later"))
    meta = study.run_backtest(db, mine.id, YEARLY, RunSettings()).results[0].meta
    assert (meta.framework_name, meta.framework_version) == ("Test", 1)


def test_no_policy_and_no_portfolio_are_said(db: Database) -> None:
    mine = example.open_example(db)
    with pytest.raises(InputError, match="at least one policy"):
        study.run_backtest(db, mine.id, {}, RunSettings())
    with pytest.raises(PortfolioNotFoundError):
        study.run_backtest(db, "pf_nothing", YEARLY, RunSettings())
    with pytest.raises(RunNotFoundError):
        study.get_run(db, "run_nothing")


def with_series(db: Database, symbol: str, first: str, n: int) -> None:
    dates = (np.datetime64(first, "M") + np.arange(n) + 1).astype("datetime64[D]") - 1
    matrix = PriceMatrix(dates, (symbol,), np.linspace(1, 2, n)[:, None], ("total_return",))
    prices.write_matrix(db, "mine", "monthly", matrix)


def test_a_benchmark_that_starts_later_or_ends_earlier_is_noted_and_shown(db: Database) -> None:
    with_series(db, "SHORT", "2010-01", 60)
    found = study.run_backtest(db, example.open_example(db).id, YEARLY, RunSettings(), benchmark="SHORT")
    assert found.benchmark is not None
    assert len(found.results[0].dates) > len(found.benchmark.dates) >= 60
    assert "The benchmark SHORT starts in Jan 2010, after the study: its figures are for a shorter time." in found.notes
    assert any("SHORT ends in" in note and "before the study" in note for note in found.notes)


def test_a_monthly_benchmark_of_a_daily_study_keeps_its_months_and_says_so(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.6, "TLT": 0.4})
    found = study.run_backtest(db, mine.id, YEARLY, RunSettings(), benchmark="MSCI US", proxies=False)
    assert found.results[0].meta.frequency == "daily"
    assert found.benchmark is not None
    assert found.benchmark.meta.frequency == "monthly"
    assert any("MSCI US has monthly prices only" in note for note in found.notes)


def test_a_daily_benchmark_of_a_monthly_study_is_read_at_its_months(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 0.6, "US Treasuries": 0.4})
    found = study.run_backtest(db, mine.id, YEARLY, RunSettings(), benchmark="SPX_TR", end=date(2022, 11, 30))
    assert found.benchmark is not None
    np.testing.assert_array_equal(found.benchmark.dates, found.results[0].dates)
    assert found.benchmark.metrics["cagr"] == pytest.approx(0.06, abs=0.02)


def test_a_benchmark_that_cannot_be_shown_is_a_note_not_a_failure(db: Database) -> None:
    mine = example.open_example(db)
    for symbol in ("UNHEARD", "MSCI Japan"):
        found = study.run_backtest(db, mine.id, YEARLY, RunSettings(), benchmark=symbol)
        assert found.benchmark is None
        assert any(note.startswith("No benchmark is shown:") for note in found.notes)


def test_the_drift_of_a_run_is_a_grid_of_buckets_and_dates(db: Database) -> None:
    found = study.run_backtest(db, example.open_example(db).id, BOTH, RunSettings())
    grid = study.drift_history(db, found.run_id, "5/25 band")
    result = found.results[1]
    assert grid.drift.shape == (6, len(result.dates))
    np.testing.assert_allclose(grid.drift, (result.weights - result.book.targets).T)
    assert grid.breach.any()
    with pytest.raises(RunNotFoundError, match="no policy Other; it has Never, 5/25 band"):
        study.drift_history(db, found.run_id, "Other")


def test_a_day_s_trades_are_its_fill_or_what_is_decided_then_and_else_none(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.6, "TLT": 0.4})
    found = study.run_backtest(db, mine.id, YEARLY, RunSettings(), proxies=False)
    event = found.results[0].events[0]
    assert event.decided < event.date
    assert study.trades_on(found, PRESETS["annual"], event.date) == event.trades
    decided = study.trades_on(found, PRESETS["annual"], event.decided)
    assert {t.symbol: t.after for t in decided} == pytest.approx({"SPY": 0.6, "TLT": 0.4})
    quiet = found.results[0].dates[5].astype(object)
    assert study.trades_on(found, PRESETS["annual"], quiet) == ()


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
    asked = Request("pf", {"edge": edge}, RunSettings(lag=1))
    found = study.Study("", asked, (result,), None, prices, "", ())
    (event,) = result.events
    decided = study.trades_on(found, edge, event.decided)
    assert {t.symbol for t in decided} == {t.symbol for t in event.trades}
    assert [t.after for t in decided] == pytest.approx([t.after for t in event.trades])


def test_a_stored_study_keeps_its_flows_frozen_buckets_and_cash_series(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.6, "TLT": 0.4})
    settings = RunSettings(
        contributions=Contributions(200.0, mode=FlowMode.steer), frozen=("TLT",), risk_free="XLU", cost_bps=5
    )
    first = study.run_backtest(db, mine.id, YEARLY, settings, benchmark="EFA", dataset="etf_daily", proxies=False)
    again = study.get_run(db, first.run_id)
    assert again.request == first.request
    assert again.results[0].metrics == first.results[0].metrics
    assert again.results[0].metrics["money_weighted_return"] is not None
    assert again.benchmark is not None
    assert again.benchmark.flows is None
    assert not study.drift_history(db, first.run_id, "Yearly").breach[1].any()


def test_datasets_say_what_they_cover_best_first(db: Database) -> None:
    choices = study.datasets(db, portfolio(db, {"SPY": 0.5, "TLT": 0.3, "MSCI US": 0.2}))
    found = {c.id: (c.covers, c.of) for c in choices}
    assert found["etf_daily"] == (2, 3)
    assert found["monthly"][0] >= 2
    assert [c.covers for c in choices] == sorted((c.covers for c in choices), reverse=True)
    assert next(c for c in choices if c.id == "etf_daily").label == "US-listed ETFs, daily, dividends excluded"


def test_a_dataset_can_be_chosen(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.5, "TLT": 0.5})
    daily = study.run_backtest(db, mine.id, YEARLY, RunSettings(), dataset="etf_daily", proxies=False)
    monthly = study.run_backtest(db, mine.id, YEARLY, RunSettings(), dataset="monthly")
    assert (daily.results[0].meta.frequency, monthly.results[0].meta.frequency) == ("daily", "monthly")
    assert any("Dividends excluded" in note for note in daily.notes)


def test_benchmarks_are_series_then_funds_with_prices_and_no_single_stock(db: Database) -> None:
    found = study.benchmarks(db)
    assert found.index("MSCI US") < found.index("SPY")
    assert "AAPL" not in found
    assert "VTI" not in found


TEMPLATES = [t for t in load_templates(settings.load().data_dir / "templates") if t.framework.buckets]


@pytest.mark.parametrize("second", [False, True], ids=["sample", "with a second dataset"])
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)
def test_what_mapping_showed_is_what_automatic_runs_on(db: Database, template: Template, second: bool) -> None:
    if second:
        funds = prices.series(db, ("SPY", "EFA", "EEM", "XLU", "XLF", "XLK"), "etf_daily")
        recent = PriceMatrix(funds.dates[500:], funds.symbols, funds.closes[500:], ("total_return",) * 6)
        prices.write_matrix(db, "second", "daily", recent)
    framework = frameworks.save_version(db, template.framework)
    suggestions = mapping.suggest(db, framework)
    mine = mapping.accept(db, framework.id, framework.version, best_picks(suggestions))
    market = market_of(framework, instruments.universe(db), prices.coverage(db))
    judged = {
        b.suggestions[0].instrument.symbol: market.prices(b.suggestions[0].instrument, b.dataset).series
        for b in suggestions
        if b.suggestions and b.suggestions[0].usable
    }
    answer = study.run_backtest(db, mine.id, YEARLY, RunSettings())
    assert answer.dataset == suggestions[0].dataset
    assert answer.prices.symbols == tuple(judged)
    for symbol, series in judged.items():
        assert series is not None
        shown = prices.series(db, [series.symbol], series.dataset).line(series.symbol)
        used = answer.prices.line(symbol)
        stands_in = {s: by for s, by, first in answer.prices.proxied if first is None}
        assert stands_in.get(symbol, symbol) == series.symbol
        assert used[0][-1] == shown[0][-1]
        if symbol == series.symbol:
            np.testing.assert_array_equal(used[1][-len(shown[1]) :], shown[1])


def test_a_product_chosen_by_hand_leaves_the_others_on_the_series_that_mapping_showed(db: Database) -> None:
    template = next(t for t in TEMPLATES if t.id == "balanced")
    framework = frameworks.save_version(db, template.framework)
    picks = dict(best_picks(mapping.suggest(db, framework)))
    before = study.run_backtest(db, mapping.accept(db, framework.id, 1, picks).id, YEARLY, RunSettings())
    path = framework.buckets[0].path
    apple = next(i for i in instruments.universe(db) if i.symbol == "AAPL")  # in a dataset of its own
    by_hand = mapping.accept(db, framework.id, 1, picks | {path: (Pick(path, apple.id, "AAPL", 1.0),)})
    after = study.run_backtest(db, by_hand.id, YEARLY, RunSettings())
    for symbol in ("AGG", "GLD"):
        mine, theirs = before.prices.line(symbol), after.prices.line(symbol)
        np.testing.assert_array_equal(mine[1], theirs[1])


@pytest.mark.parametrize("template", load_templates(settings.load().data_dir / "templates"), ids=lambda t: t.id)
def test_every_template_has_a_record_on_the_sample(db: Database, template: Template) -> None:
    record = study.template_record(db, template)
    assert study.template_record(db, template) is record
    if not template.framework.buckets:
        assert (record.metrics, record.first, record.last, record.series) == ({}, None, None, {})
        return
    assert record.first is not None
    assert record.last is not None
    assert (record.last - record.first).days > 3 * 365
    assert isinstance(record.metrics["cagr"], float)
    assert set(record.series) | set(record.gaps)
    assert bool(record.gaps) == bool(record.note)


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
    months = study.months(run_of_two)
    assert months[0] == (2020, 2, pytest.approx(0.01))
    assert np.prod([1.0 + value for _, _, value in months]) == pytest.approx(run_of_two.wealth[-1])


def test_a_span_has_a_return_for_each_date_that_is_so_far_from_the_first(run_of_two: BacktestResult) -> None:
    dates, values = study.rolling(run_of_two, 1)
    assert len(dates) == len(MONTH_ENDS) - 12
    assert values[0] == pytest.approx(run_of_two.wealth[12] / run_of_two.wealth[0] - 1.0)


def test_the_deepest_fall_comes_first(run_of_two: BacktestResult) -> None:
    (fall,) = study.falls(run_of_two)
    assert fall.depth == pytest.approx(run_of_two.metrics["max_drawdown"])
    assert fall.trough.isoformat() == "2020-03-31"


def test_what_stands_still_added_nothing_and_moves_with_nothing(run_of_two: BacktestResult) -> None:
    assert study.contribution(run_of_two).tolist() == pytest.approx([run_of_two.wealth[-1] - 1.0, 0.0])
    correlation = study.correlation(run_of_two)
    assert correlation[0, 0] == 1.0
    assert np.isnan(correlation[0, 1])
