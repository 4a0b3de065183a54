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
from tests.services.portfolios import BOTH, YEARLY, portfolio

from keel import settings
from keel.domain.exchange.templates import Template, read_templates
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.mapping.matching import best_picks
from keel.domain.mapping.universe import market_of
from keel.domain.market.instrument import InstrumentType
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.policy.as_json import parse_policy
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Contributions, FlowMode, RunSettings
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.study.question import Question
from keel.errors import (
    InputError,
    InvalidFrameworkError,
    MarketDataError,
    PortfolioNotFoundError,
    PricesMissingError,
    RunNotFoundError,
)
from keel.services import example, history, mapping, study
from keel.services.market.record import template_record
from keel.sources.embedded.templates import template_files
from keel.store import frameworks, instruments, portfolios, prices, runs
from keel.store.connection import Database

METRICS = ("total_return", "cagr", "volatility", "max_drawdown", "sharpe")


@pytest.mark.parametrize("targets", ["60/40", "Global 6"])
def test_the_service_gives_the_golden_numbers(db: Database, golden: Path, targets: str) -> None:
    found: list[dict[str, Any]] = json.loads((golden / "monthly_sample.json").read_text())["cases"]
    free = [c for c in found if (c["portfolio"], c["lag"], c["cost_bps"]) == (targets, 0, 0.0)]
    policies = {case["name"]: parse_policy(case["policy"]) for case in free}
    mine = portfolio(db, free[0]["targets"])
    results = study.run_backtest(db, Question(mine.id, policies, RunSettings(), end=date(2025, 12, 31))).results
    for case, result in zip(free, results, strict=True):
        assert [result.metrics[m] for m in METRICS] == pytest.approx([case[m] for m in METRICS], abs=1e-8), case["name"]


def test_policies_stand_side_by_side_in_their_order_with_what_was_asked(db: Database) -> None:
    mine = example.open_example(db)
    found = study.run_backtest(
        db,
        Question(
            mine.id, BOTH, RunSettings(cost_bps=10), start=date(2005, 1, 1), benchmark="MSCI US", dataset="monthly"
        ),
    )
    assert [r.name for r in found.results] == list(BOTH)
    assert found.question.policies == BOTH
    assert (found.question.start, found.question.benchmark, found.dataset) == (date(2005, 1, 1), "MSCI US", "monthly")
    assert found.results[0].meta.framework_name == "Global 6"
    assert found.results[1].metrics["rebalances"]
    assert found.benchmark is not None
    np.testing.assert_array_equal(found.benchmark.dates, found.results[0].dates)
    assert found.benchmark.metrics["cost_drag"] == 0.0


@pytest.mark.speed
def test_a_warm_backtest_of_twenty_stocks_over_33_years_takes_under_50_ms(db: Database) -> None:
    stocks = [i.symbol for i in instruments.universe(db) if i.type is InstrumentType.stock]
    mine = portfolio(db, dict.fromkeys(stocks, 0.05))

    def seconds() -> float:
        began = perf_counter()
        study.run_backtest(db, Question(mine.id, YEARLY, RunSettings(cost_bps=10)))
        return perf_counter() - began

    assert study.run_backtest(db, Question(mine.id, YEARLY, RunSettings())).results[0].holdings.shape == (8313, 20)
    assert min(seconds() for _ in range(10)) < 0.05


def test_a_stored_run_opens_with_the_same_results_and_the_same_request(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 0.6, "US Treasuries": 0.4})
    asked = RunSettings(lag=1, cost_bps={"MSCI US": 5.0}, initial_value=2_000.0, annual_fee_bps=25.0, risk_free=0.01)
    first = study.run_backtest(db, Question(mine.id, BOTH, asked, end=date(2020, 6, 30), proxies=False))
    again = study.get_run(db, first.run_id)
    assert again.question == first.question
    assert not again.changed
    for a, b in zip(first.results, again.results, strict=True):
        np.testing.assert_array_equal(a.wealth, b.wealth)
        assert a.metrics == b.metrics


def test_the_same_question_keeps_its_run(db: Database) -> None:
    mine = example.open_example(db)
    first = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings()))
    assert study.run_backtest(db, Question(mine.id, YEARLY, RunSettings())).run_id == first.run_id
    assert study.run_backtest(db, Question(mine.id, YEARLY, RunSettings(cost_bps=1))).run_id != first.run_id
    assert len(runs.list_for(db, mine.id)) == 2
    stored = runs.get(db, first.run_id)
    assert stored.metrics["Yearly"]["cagr"] == first.results[0].metrics["cagr"]
    assert (stored.name, stored.fingerprint) == ("Yearly", first.results[0].meta.fingerprint)


def test_a_run_says_when_prices_have_changed_since(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 1.0})
    first = study.run_backtest(db, Question(mine.id, YEARLY))
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
    found = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings()))
    assert CASH in found.results[0].book.symbols
    assert any("Nothing yet" in note and "cash" in note for note in found.notes)


def test_a_product_without_any_prices_stays_in_cash_and_is_named(db: Database) -> None:
    half = (Holding("MSCI US", 0.5), Holding("UNHEARD", 0.5))
    mine = portfolio(db, {"Mixed": 0.6, "MSCI US": 0.4}, Mixed=half)
    found = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings()))
    assert "UNHEARD has no prices: its 30.0% stays in cash." in found.notes
    assert found.results[0].book.symbols == ("MSCI US", CASH, "MSCI US")


def test_a_portfolio_without_any_prices_is_refused(db: Database) -> None:
    mine = portfolio(db, {"UNHEARD": 1.0})
    with pytest.raises(PricesMissingError, match="No product of Test has prices"):
        study.run_backtest(db, Question(mine.id, YEARLY, RunSettings()))


def test_a_product_in_another_currency_is_refused_by_name(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 0.5, "MSCI Japan": 0.5})
    with pytest.raises(MarketDataError, match="MSCI Japan is in JPY"):
        study.run_backtest(db, Question(mine.id, YEARLY, RunSettings()))


def test_picks_come_before_the_framework_s_own_holdings(db: Database) -> None:
    framework = frameworks.save_version(
        db, Framework("F", (Bucket("P/A", "A", 1.0, holdings=(Holding("MSCI US", 1.0),)),))
    )
    pick = Pick("P/A", "", "US Treasuries", 1.0)
    mine = portfolios.save(db, Portfolio("P", framework.id, 1, (pick,)))
    assert study.run_backtest(db, Question(mine.id, YEARLY, RunSettings())).results[0].book.symbols == (
        "US Treasuries",
    )


def test_a_portfolio_keeps_the_framework_version_it_was_made_for(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 1.0})
    framework = frameworks.get(db, mine.framework_id)
    frameworks.save_version(db, replace(framework, name="Later"))
    meta = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings())).results[0].meta
    assert (meta.framework_name, meta.framework_version) == ("Test", 1)


def test_no_policy_and_no_portfolio_are_said(db: Database) -> None:
    mine = example.open_example(db)
    with pytest.raises(InputError, match="at least one policy"):
        study.run_backtest(db, Question(mine.id, {}, RunSettings()))
    with pytest.raises(PortfolioNotFoundError):
        study.run_backtest(db, Question("pf_nothing", YEARLY, RunSettings()))
    with pytest.raises(RunNotFoundError):
        study.get_run(db, "run_nothing")


def with_series(db: Database, symbol: str, first: str, n: int) -> None:
    dates = (np.datetime64(first, "M") + np.arange(n) + 1).astype("datetime64[D]") - 1
    matrix = PriceMatrix(dates, (symbol,), np.linspace(1, 2, n)[:, None], ("total_return",))
    prices.write_matrix(db, "mine", "monthly", matrix)


def test_a_benchmark_that_starts_later_or_ends_earlier_is_noted_and_shown(db: Database) -> None:
    with_series(db, "SHORT", "2010-01", 60)
    found = study.run_backtest(db, Question(example.open_example(db).id, YEARLY, RunSettings(), benchmark="SHORT"))
    assert found.benchmark is not None
    assert len(found.results[0].dates) > len(found.benchmark.dates) >= 60
    assert "The benchmark SHORT starts in Jan 2010, after the study: its figures are for a shorter time." in found.notes
    assert any("SHORT ends in" in note and "before the study" in note for note in found.notes)


def test_a_monthly_benchmark_of_a_daily_study_keeps_its_months_and_says_so(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.6, "TLT": 0.4})
    found = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings(), benchmark="MSCI US", proxies=False))
    assert found.results[0].meta.frequency == "daily"
    assert found.benchmark is not None
    assert found.benchmark.meta.frequency == "monthly"
    assert any("MSCI US has monthly prices only" in note for note in found.notes)


def test_a_daily_benchmark_of_a_monthly_study_is_read_at_its_months(db: Database) -> None:
    mine = portfolio(db, {"MSCI US": 0.6, "US Treasuries": 0.4})
    found = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings(), benchmark="SPX_TR", end=date(2022, 11, 30)))
    assert found.benchmark is not None
    np.testing.assert_array_equal(found.benchmark.dates, found.results[0].dates)
    assert found.benchmark.metrics["cagr"] == pytest.approx(0.06, abs=0.02)


def test_a_benchmark_that_cannot_be_shown_is_a_note_not_a_failure(db: Database) -> None:
    mine = example.open_example(db)
    for symbol in ("UNHEARD", "MSCI Japan"):
        found = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings(), benchmark=symbol))
        assert found.benchmark is None
        assert any(note.startswith("No benchmark is shown:") for note in found.notes)


def test_a_stored_study_keeps_its_flows_frozen_buckets_and_cash_series(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.6, "TLT": 0.4})
    settings = RunSettings(
        contributions=Contributions(200.0, mode=FlowMode.steer), frozen=("TLT",), risk_free="XLU", cost_bps=5
    )
    first = study.run_backtest(
        db, Question(mine.id, YEARLY, settings, benchmark="EFA", dataset="etf_daily", proxies=False)
    )
    again = study.get_run(db, first.run_id)
    assert again.question == first.question
    assert again.results[0].metrics == first.results[0].metrics
    assert again.results[0].metrics["money_weighted_return"] is not None
    assert again.benchmark is not None
    assert again.benchmark.flows is None
    assert not history.drift(again, "Yearly").breach[1].any()


def test_a_dataset_can_be_chosen(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.5, "TLT": 0.5})
    daily = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings(), dataset="etf_daily", proxies=False))
    monthly = study.run_backtest(db, Question(mine.id, YEARLY, RunSettings(), dataset="monthly"))
    assert (daily.results[0].meta.frequency, monthly.results[0].meta.frequency) == ("daily", "monthly")
    assert any("Dividends excluded" in note for note in daily.notes)


TEMPLATES = [t for t in read_templates(template_files(settings.load().data_dir / "templates")) if t.framework.buckets]


@pytest.mark.parametrize("second", [(), ("SPY",), ("SPY", "EFA", "EEM", "XLU", "XLF", "XLK")], ids=len)
@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.id)
def test_what_mapping_showed_is_what_automatic_runs_on(
    db: Database, template: Template, second: tuple[str, ...]
) -> None:
    if second:
        funds = prices.series(db, second, "etf_daily")
        recent = PriceMatrix(funds.dates[500:], funds.symbols, funds.closes[500:], ("total_return",) * len(second))
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
    answer = study.run_backtest(db, Question(mine.id, YEARLY))
    assert {source.instrument.symbol: source.main for source in answer.sources} == judged
    assert all(judged[s].dataset == "second" for s in set(judged) & set(second))
    record = template_record(db, template)
    if record.metrics:
        assert (record.first, record.last) == (answer.results[0].meta.first, answer.results[0].meta.last)
        assert record.metrics["cagr"] == pytest.approx(answer.results[0].metrics["cagr"], abs=1e-12)
    assert answer.prices.symbols == tuple(judged)
    for symbol, series in judged.items():
        assert series is not None
        shown = prices.series(db, [series.symbol], series.dataset).line(series.symbol)
        used = answer.prices.line(symbol)
        stands_in = {s: by for s, by, first in answer.prices.proxied if first is None}
        assert stands_in.get(symbol, symbol) == series.symbol
        if series.frequency == answer.results[0].meta.frequency:
            assert used[0][-1] == shown[0][-1]
        if symbol == series.symbol and series.frequency == answer.results[0].meta.frequency:
            np.testing.assert_array_equal(used[1][-len(shown[1]) :], shown[1])


def test_a_run_from_before_the_users_own_prices_still_opens_as_it_was(db: Database) -> None:
    mine = portfolio(db, {"SPY": 0.5, "TLT": 0.5})
    asked = Question(mine.id, YEARLY, proxies=False)
    first = study.run_backtest(db, asked)
    spy = prices.series(db, ["SPY"], "etf_daily")
    prices.write_matrix(db, "Mine", "daily", replace(spy, closes=spy.closes * 2))
    again = study.get_run(db, first.run_id)
    assert not again.changed
    assert again.dataset == "etf_daily"
    anew = study.run_backtest(db, asked)
    assert anew.run_id != first.run_id
    assert "Your own prices come before others: SPY (Mine)." in anew.notes


def test_a_product_chosen_by_hand_leaves_the_others_on_the_series_that_mapping_showed(db: Database) -> None:
    template = next(t for t in TEMPLATES if t.id == "balanced")
    framework = frameworks.save_version(db, template.framework)
    picks = dict(best_picks(mapping.suggest(db, framework)))
    before = study.run_backtest(db, Question(mapping.accept(db, framework.id, 1, picks).id, YEARLY))
    path = framework.buckets[0].path
    apple = next(i for i in instruments.universe(db) if i.symbol == "AAPL")  # in a dataset of its own
    by_hand = mapping.accept(db, framework.id, 1, picks | {path: (Pick(path, apple.id, "AAPL", 1.0),)})
    after = study.run_backtest(db, Question(by_hand.id, YEARLY))
    for symbol in ("AGG", "GLD"):
        mine, theirs = before.prices.line(symbol), after.prices.line(symbol)
        np.testing.assert_array_equal(mine[1], theirs[1])


def test_a_draft_is_run_on_the_products_of_before_and_stored_nowhere(db: Database) -> None:
    mine = example.open_example(db)
    framework = frameworks.get(db, mine.framework_id)
    question = Question(mine.id, {"Yearly": PRESETS["annual"]}, portfolio_version=mine.version)
    same = study.run_draft(db, framework, mine, question)
    stored = study.run_backtest(db, question)
    assert list(same.results[0].wealth) == list(stored.results[0].wealth)
    assert same.run_id == ""
    path = mine.picks[0].path
    without = replace(mine, picks=tuple(pick for pick in mine.picks if pick.path != path))
    bare = tree_without_holdings(framework)
    assert study.run_draft(db, bare, without, question).results[0].book.gaps == (path,)
    assert len(runs.list_for(db, mine.id)) == 1


def tree_without_holdings(framework: Framework) -> Framework:
    return replace(framework, buckets=tuple(replace(bucket, holdings=()) for bucket in framework.buckets))


def test_a_draft_with_errors_is_refused_in_a_sentence(db: Database) -> None:
    mine = example.open_example(db)
    framework = frameworks.get(db, mine.framework_id)
    wrong = replace(framework, buckets=framework.buckets[1:])
    with pytest.raises(InvalidFrameworkError, match="cannot be run"):
        study.run_draft(db, wrong, mine, Question(mine.id, {"Yearly": PRESETS["annual"]}))


def test_a_portfolio_is_studied_by_its_newest_run_else_by_its_own_policy(db: Database) -> None:
    mine = replace(example.open_example(db), id="")
    made = portfolios.save(db, mine)
    own = frameworks.get(db, made.framework_id, made.framework_version).rebalancing
    first = study.find(db, made.id)
    assert list(first.question.policies.values()) == [own]
    assert study.of_portfolio(db, made.id).run_id == study.find(db, first.run_id).run_id == first.run_id
    with pytest.raises(RunNotFoundError):
        study.find(db, "none")
