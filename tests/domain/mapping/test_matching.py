from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from tests.domain.mapping import plain
from tests.domain.mapping.universes import frameworks, universes
from tests.domain.mapping.universes import rules as some_rules
from tests.domain.mapping.universes import series as of_symbols

from keel.domain.arrays import Floats
from keel.domain.exchange.templates import read_templates
from keel.domain.framework.records import Bucket, Constraint, Framework
from keel.domain.framework.rules import Rules
from keel.domain.mapping import matching, universe
from keel.domain.mapping.columns import Columns
from keel.domain.mapping.masks import Verdict, verdicts
from keel.domain.mapping.matching import BucketSuggestions, best_picks, even_split, rank
from keel.domain.mapping.remedies import widened
from keel.domain.mapping.scoring import score
from keel.domain.mapping.universe import fits, market_of
from keel.domain.market.choice import ANY_DATASET
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.domain.portfolio.score_weights import USUAL, ScoreWeights
from keel.sources.embedded.sample import Sample, load
from keel.sources.embedded.templates import template_files

ROOT = Path(__file__).resolve().parents[3]
FUNDS = Rules(include_tags=("asset_class:equity",))


def fund(symbol: str, **facts: object) -> Instrument:
    made = Instrument(f"id-{symbol}", symbol, symbol, InstrumentType.etf, "Equity", "Global", expense_ratio=0.001)
    return replace(made, **facts)  # type: ignore[arg-type]


def series(symbol: str, dataset: str = "one", years: int = 10, kind: str = "total_return") -> Coverage:
    return Coverage(symbol, date(2026 - years, 1, 2), date(2026, 1, 2), 250 * years, "daily", kind, dataset)


def framework(rules: Rules = FUNDS, path: str = "A/World") -> Framework:
    return Framework("F", (Bucket(path, "World", 1.0, rules=replace(rules)),))


def only(
    universe: list[Instrument], coverage: list[Coverage], rules: Rules = FUNDS, path: str = "A/World", **options: str
) -> BucketSuggestions:
    return rank(framework(rules, path), universe, coverage, **options)[0]  # type: ignore[arg-type]


def symbols(found: BucketSuggestions) -> list[str]:
    return [suggestion.instrument.symbol for suggestion in found.suggestions]


def test_funds_with_prices_then_stocks_then_series_then_those_without() -> None:
    universe = [
        fund("NOPRICE", expense_ratio=0.0),
        fund("INDEX", type=InstrumentType.index, expense_ratio=None),
        fund("STOCK", type=InstrumentType.stock, expense_ratio=None),
        fund("PROXIED", proxy="INDEX", expense_ratio=0.009),
        fund("OWN", expense_ratio=0.01),
    ]
    found = only(universe, [series("INDEX"), series("OWN"), series("STOCK")])
    assert symbols(found) == ["PROXIED", "OWN", "STOCK", "INDEX", "NOPRICE"]
    assert [s.usable for s in found.suggestions] == [True, True, True, True, False]
    assert (
        found.suggestions[0].price_note == "No own prices here: INDEX stands in, minus the 0.90% fee; daily 2016–2026."
    )
    assert found.suggestions[-1].price_note == "No prices."


def test_ties_are_by_symbol_and_five_are_shown() -> None:
    found = only([fund(symbol) for symbol in "GFEDCBA"], [series(symbol) for symbol in "ABCDEFG"])
    assert symbols(found) == list("ABCDE")
    assert found.eligible == 7


def test_rejected_and_unknown_are_counted_apart_per_rule() -> None:
    universe = [fund("OK", aum_usd=2e9), fund("SMALL", aum_usd=1e6, expense_ratio=0.02), fund("UNKNOWN")]
    found = only(universe, [series("OK")], replace(FUNDS, min_aum_usd=1e9, max_expense_ratio=0.01))
    assert symbols(found) == ["OK"]
    assert found.considered == 3
    assert found.rejected == {"max_expense_ratio": 1, "min_aum_usd": 1}
    assert found.unknown == {"min_aum_usd": 1}
    assert [(miss.instrument.symbol, miss.line.rule) for miss in found.near_misses] == [("UNKNOWN", "min_aum_usd")]


def test_filters_narrow_every_bucket() -> None:
    universe = [fund("CHEAP"), fund("DEAR", expense_ratio=0.02)]
    made = framework()
    assert rank(made, universe, [], Rules(max_expense_ratio=0.01))[0].eligible == 1
    none = rank(made, universe, [], Rules(include_tags=("leveraged",)))[0]
    assert (none.eligible, none.gaps[0].message) == (
        0,
        "World: no product passes the rules and the filters. 100.0% stays in cash.",
    )


def test_no_geared_product_unless_its_tag_is_asked() -> None:
    universe = [fund("X3", leverage=3.0)]
    assert only(universe, []).suggestions == ()
    assert symbols(only(universe, [], replace(FUNDS, include_tags=("asset_class:equity", "leveraged")))) == ["X3"]
    assert only(universe, []).near_misses == ()


def test_another_currency_has_no_usable_prices() -> None:
    found = only([fund("YEN", currency="JPY")], [series("YEN")])
    assert not found.suggestions[0].usable
    assert found.gaps[0].code == "no_prices"
    assert best_picks([found]) == {}


def test_a_gap_names_the_cash_and_one_click_widens_the_rule() -> None:
    universe = [fund("US", region="US"), fund("BOND", asset_class="Bonds")]
    made = Framework("F", (Bucket("Region/International", "International", 1.0, rules=FUNDS),))
    found = rank(made, universe, [series("US")])[0]
    assert [gap.code for gap in found.gaps] == ["nothing_eligible"]
    assert "100.0% stays in cash" in found.gaps[0].message
    assert [(r.label, r.admits) for r in found.remedies] == [("Allow other regions than international", 1)]
    wider = widened(made, found.remedies[0])
    assert symbols(rank(wider, universe, [series("US")])[0]) == ["US"]


def test_an_inherited_rule_is_dropped_where_it_stands() -> None:
    made = Framework(
        "F",
        (
            Bucket("A/Equity", "Equity", 1.0, rules=replace(FUNDS, max_expense_ratio=0.0001)),
            Bucket("A/Equity/World", "World", 1.0),
        ),
    )
    remedy = rank(made, [fund("DEAR")], [series("DEAR")])[0].remedies[0]
    assert (remedy.path, remedy.label) == ("A/Equity", "Drop the fee limit of 0.01% for all of Equity")
    assert symbols(rank(widened(made, remedy), [fund("DEAR")], [series("DEAR")])[0]) == ["DEAR"]


def test_the_dataset_that_serves_every_bucket_is_chosen_and_another_shows_its_gap() -> None:
    made = Framework(
        "F",
        (
            Bucket("Region/US", "US", 0.5, rules=FUNDS),
            Bucket("Region/International", "International", 0.5, rules=FUNDS),
        ),
    )
    universe = [fund("SPY", region="US"), fund("EFA", region="International")]
    coverage = [
        series("SPY", "long", 30),
        series("SPY", "both", kind="price_return"),
        series("EFA", "both", kind="price_return"),
    ]
    assert {bucket.dataset for bucket in rank(made, universe, coverage)} == {"both"}
    spans = fits(made, market_of(made, universe, coverage))
    assert [(fit.span.dataset, fit.covers, fit.lacking) for fit in spans] == [
        ("long", 1, ("International",)),
        ("both", 2, ()),
    ]
    lacking = rank(made, universe, coverage, dataset="long")[1]
    assert lacking.gaps[0].code == "no_prices"
    assert [(r.dataset, r.label, r.admits) for r in lacking.remedies] == [
        ("both", "Use prices daily 2016–2026, dividends excluded", 1),
        ("", "Allow other regions than international", 1),
    ]
    assert not rank(made, universe, coverage, dataset=ANY_DATASET)[1].gaps


def test_short_history_is_a_gap() -> None:
    assert [gap.code for gap in only([fund("NEW")], [series("NEW", years=2)]).gaps] == ["short_history"]


def test_rules_are_judged_once_for_all_buckets_that_ask_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[Rules] = []

    def counted(columns: Columns, rules: Rules) -> tuple[Verdict, ...]:
        judged.append(rules)
        return verdicts(columns, rules)

    monkeypatch.setattr(universe, "verdicts", counted)
    leaves = tuple(Bucket(f"A/B{n}", f"B{n}", 0.01, rules=replace(FUNDS)) for n in range(100))
    found = rank(Framework("F", leaves), [fund("AAA"), fund("BBB")], [series("AAA")])
    assert [symbols(bucket) for bucket in found] == [["AAA", "BBB"]] * 100
    assert judged == [FUNDS] * 2  # to choose the prices, and to rank


def test_only_products_that_can_come_first_are_scored_among_all_that_are_eligible(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scored: list[int] = []

    def counted(parts: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
        scored.append(len(parts["cost"]))
        return score(parts, weights)

    monkeypatch.setattr(matching, "score", counted)
    priced = [replace(fund(f"A{n}"), expense_ratio=0.01 * n) for n in range(7)]
    others = [replace(fund(f"B{n:02d}"), expense_ratio=0.02) for n in range(20)]
    found = only([*priced, *others], [series(f"A{n}") for n in range(7)])
    assert scored == [7]
    assert symbols(found) == ["A0", "A1", "A2", "A3", "A4"]
    assert found.suggestions[1].parts["cost"] == 25 / 26  # worse are five with prices and twenty without, of 26


def test_without_leaves_there_is_nothing_to_map() -> None:
    assert rank(Framework("Empty"), [fund("A")], []) == ()


TEMPLATES = read_templates(template_files(ROOT / "data" / "templates"))


@pytest.fixture(scope="module")
def sample() -> Sample:
    return load(ROOT / "data")


@pytest.fixture(scope="module")
def coverage(sample: Sample) -> list[Coverage]:
    lines = []
    for held in sample.series:
        for symbol, closes in zip(held.prices.symbols, held.prices.closes.T, strict=True):
            days = held.prices.dates[np.isfinite(closes)].astype(object)
            about = held.dataset
            lines.append(Coverage(symbol, days[0], days[-1], len(days), about.frequency, about.price_kind, about.id))
    return lines


FIRST: Mapping[str, tuple[str, ...]] = {
    "conservative": ("VT", "AGG", "GLD"),
    "balanced": ("VT", "AGG", "GLD"),
    "growth": ("VT", "AGG", "GLD"),
    "core_satellite": ("VT", "AAXJ", "GLD"),
    "geographic": ("SPY", "EFA", "EEM"),
    "sector_risk_band": ("XLU", "XLF", "XLK"),
    "factor": ("VLUE", "MTUM", "QUAL", "USMV"),
}


@pytest.mark.parametrize("template", FIRST)
def test_every_template_maps_to_sensible_funds_with_prices(
    template: str, sample: Sample, coverage: list[Coverage]
) -> None:
    made = next(t.framework for t in TEMPLATES if t.id == template)
    found = rank(made, sample.instruments, coverage)
    picks = {path: chosen[0].symbol for path, chosen in best_picks(found).items()}
    assert sorted(picks.values()) == sorted(FIRST[template])
    assert not any(bucket.gaps for bucket in found)
    assert all(abs(s.instrument.leverage) == 1 for bucket in found for s in bucket.suggestions)


def test_monthly_data_lack_international_equity_and_the_gap_offers_the_daily_funds(
    sample: Sample, coverage: list[Coverage]
) -> None:
    made = next(t.framework for t in TEMPLATES if t.id == "geographic")
    international = rank(made, sample.instruments, coverage, dataset="monthly")[1]
    assert [gap.message for gap in international.gaps] == [
        "International Developed: no product with monthly prices. 30.0% stays in cash."
    ]
    assert "etf_daily" in [remedy.dataset for remedy in international.remedies]
    assert any(remedy.rules for remedy in international.remedies)


WEIGHTS = st.sampled_from((USUAL, ScoreWeights(1, 0, 0, 0, 0), ScoreWeights(0, 0.3, 0.6, 0, 0.1)))


def without_limits(buckets: Sequence[BucketSuggestions]) -> tuple[BucketSuggestions, ...]:
    """The buckets without what would admit a near miss, of which the plain way says nothing."""
    misses = [[replace(miss, limit=None, remedy=None) for miss in bucket.near_misses] for bucket in buckets]
    return tuple(replace(b, near_misses=tuple(of)) for b, of in zip(buckets, misses, strict=True))


@hypothesis(max_examples=10 * int(os.environ.get("KEEL_ATTACK", "1")))
@given(
    frameworks(),
    universes(),
    st.lists(of_symbols, max_size=8),
    st.just(Rules()) | some_rules,
    WEIGHTS,
    st.sampled_from(("", "", "*", "one", "none")),
)
def test_an_odd_universe_is_mapped_as_one_product_and_rule_at_a_time(
    asked: Framework,
    universe: Sequence[Instrument],
    coverage: Sequence[Coverage],
    filters: Rules,
    weights: ScoreWeights,
    dataset: str,
) -> None:
    found = without_limits(rank(asked, universe, coverage, filters, weights, dataset=dataset))
    assert found == plain.rank(asked, universe, coverage, filters, weights.of_parts(), dataset=dataset)
    old = plain.fits(asked, plain.market_of(asked, universe, coverage, filters))
    assert fits(asked, market_of(asked, universe, coverage, filters)) == old


def test_the_templates_are_mapped_as_one_product_and_rule_at_a_time(sample: Sample, coverage: list[Coverage]) -> None:
    trees = [t.framework for t in TEMPLATES]
    whole = Framework("All", tuple(replace(b, path=f"{n}{b.path}") for n, t in enumerate(trees) for b in t.buckets))
    for dataset in ("", ANY_DATASET, "monthly"):
        found = without_limits(rank(whole, sample.instruments, coverage, dataset=dataset))
        assert found == plain.rank(whole, sample.instruments, coverage, None, USUAL.of_parts(), dataset=dataset)


DEAR, GEARED, CHEAP = (
    fund("DEAR", expense_ratio=0.01),
    fund("GEARED", leverage=2.0, tags=("leveraged",)),
    fund("CHEAP", expense_ratio=0.001),
)
LISTED = [series(symbol) for symbol in ("DEAR", "GEARED", "CHEAP")]


def limited(*limits: Constraint, target: float = 1.0, rules: Rules = FUNDS) -> BucketSuggestions:
    made = framework(rules)
    bucket = replace(made.buckets[0], target_weight=target)
    return rank(replace(made, buckets=(bucket,), constraints=limits), [DEAR, GEARED, CHEAP], LISTED)[0]


def test_a_product_that_alone_breaks_a_limit_is_turned_away_and_counted_under_its_name() -> None:
    found = limited(Constraint("max_expense_ratio", 0.5))
    assert symbols(found) == ["CHEAP"]
    assert found.rejected == {"leveraged": 1, "max_expense_ratio": 1}
    assert found.near_misses == ()
    assert [(x.rule, x.passed, x.seen, x.asked) for x in found.suggestions[0].rules][-1] == (
        "max_expense_ratio",
        True,
        "0.10%",
        "at most 0.50%",
    )
    assert symbols(limited(Constraint("max_expense_ratio", 0.5), target=0.5)) == ["CHEAP", "DEAR"]


def test_leverage_is_limited_also_where_a_rule_asks_for_it() -> None:
    wanted = Rules(include_tags=("asset_class:equity", "leveraged"))
    assert symbols(limited(rules=wanted)) == ["GEARED"]
    found = limited(Constraint("max_leverage", 100), rules=wanted)
    assert (symbols(found), found.rejected) == ([], {"include_tags": 2, "max_leverage": 1})


def test_a_bucket_too_large_for_one_product_is_offered_a_split() -> None:
    found = limited(Constraint("max_single_product", 60))
    assert (symbols(found), found.rejected) == ([], {"leveraged": 1, "max_single_product": 3})
    assert [gap.code for gap in found.gaps] == ["too_large_alone"]
    assert [(pick.symbol, pick.share) for pick in even_split(found)] == [("CHEAP", 0.5), ("DEAR", 0.5)]
    assert even_split(limited(Constraint("max_single_product", 30))) == ()  # four products are not there
    assert symbols(limited(Constraint("max_single_product", 60), target=0.6)) == ["CHEAP", "DEAR"]


def test_the_members_of_a_group_keep_to_the_limits_too() -> None:
    defensive = Rules(include_tags=("asset_class:equity", "sector:defensive"))
    sectors = {"STAPLES": "Consumer Staples", "HEALTH": "Health Care", "UTILITIES": "Utilities"}
    listed = [fund(s, sector=sector, tags=("sector:defensive",)) for s, sector in sectors.items()]
    listed[-1] = replace(listed[-1], expense_ratio=0.01)
    free = framework(defensive)
    bound = replace(free, constraints=(Constraint("max_expense_ratio", 0.5),))
    prices = [series(symbol) for symbol in sectors]
    every, cheap = (even_split(rank(made, listed, prices)[0]) for made in (free, bound))
    assert {pick.symbol for pick in every} == set(sectors)
    assert {pick.symbol for pick in cheap} == {"STAPLES", "HEALTH"}


def test_a_fee_that_is_not_known_breaks_no_limit() -> None:
    made = replace(framework(), constraints=(Constraint("max_expense_ratio", 0.1),))
    unknown, stock = fund("X", expense_ratio=None), fund("Y", expense_ratio=None, type=InstrumentType.stock)
    assert symbols(rank(made, [unknown, stock], [series("X"), series("Y")])[0]) == ["X", "Y"]


def test_a_gap_for_want_of_an_exchange_rate_says_which_to_bring() -> None:
    euro = replace(framework(), base_ccy="EUR")
    (found,) = rank(euro, [fund("VT")], [series("VT")])
    assert found.gaps[0].message == (
        "World: VT is in USD. Refresh USDEUR, or import it into the dataset currencies. 100.0% stays in cash."
    )
    rate = Coverage("EURUSD", date(2016, 1, 2), date(2026, 1, 2), 2500, "daily", "rate", "currencies", "user")
    (found,) = rank(euro, [fund("VT")], [series("VT"), rate])
    assert not found.gaps
    assert [finding.code for finding in found.suggestions[0].health] == ["converted"]
