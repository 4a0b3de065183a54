"""Mapping from suggestions to a stored portfolio, on the real sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine import copied

from keel import settings
from keel.domain.exchange.templates import instantiate, read_templates
from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.mapping.matching import best_picks, even_split
from keel.domain.market.instrument import InstrumentType
from keel.domain.portfolio.records import Pick
from keel.domain.portfolio.score_weights import USUAL, ScoreWeights
from keel.errors import (
    EditConflictError,
    FrameworkNotFoundError,
    InputError,
    InstrumentNotFoundError,
    LockedHoldingError,
)
from keel.services import mapping
from keel.sources.embedded.templates import template_files
from keel.store import frameworks, instruments
from keel.store.connection import Database

TEMPLATES = {t.id: t for t in read_templates(template_files(settings.load({}).data_dir / "templates"))}


@pytest.fixture(scope="module")
def db(sample_file: Path) -> Iterator[Database]:
    """A database with the sample."""
    opened = copied(sample_file)
    yield opened
    opened.close()


def stored(db: Database, template: str = "balanced") -> Framework:
    return frameworks.save_version(db, instantiate(TEMPLATES[template]))


def test_suggestions_are_accepted_as_a_portfolio_of_that_version(db: Database) -> None:
    framework = stored(db)
    found = mapping.suggest(db, framework)
    portfolio = mapping.accept(db, framework.id, 1, best_picks(found), "First")
    assert [pick.symbol for pick in portfolio.picks] == ["VT", "AGG", "GLD"]
    assert (portfolio.framework_id, portfolio.framework_version) == (framework.id, 1)
    assert mapping.get_portfolio(db, portfolio.id) == portfolio
    assert mapping.latest_portfolio(db, framework.id) == portfolio
    assert mapping.latest_portfolio(db, framework.id, 2) is None


def test_a_bucket_that_names_a_product_nobody_knows_gets_no_other_in_its_place(db: Database) -> None:
    framework = stored(db)
    world, *others = framework.buckets
    named = replace(framework, buckets=(replace(world, holdings=(Holding("VWCE", 1.0),)), *others))
    assert [*mapping.best(db, framework)] == [bucket.path for bucket in framework.buckets]
    assert [*mapping.best(db, named)] == [bucket.path for bucket in others]


def test_changed_picks_are_the_next_version_of_the_portfolio_they_began_from(db: Database) -> None:
    framework = stored(db)
    picks = best_picks(mapping.suggest(db, framework))
    first = mapping.accept(db, framework.id, 1, picks, "Mine")
    other = mapping.accept(db, framework.id, 1, picks, "Mine")
    assert other.id != first.id
    fewer = {path: chosen for path, chosen in picks.items() if path != framework.buckets[0].path}
    second = mapping.accept(db, framework.id, 1, fewer, "Mine", began=first)
    assert (second.id, second.version) == (first.id, 2)
    assert mapping.get_portfolio(db, first.id, 1) == first
    with pytest.raises(EditConflictError, match="version 2 is newer than the version 1"):
        mapping.accept(db, framework.id, 1, {}, "Mine", began=first)
    frameworks.save_version(db, framework)
    moved = mapping.accept(db, framework.id, 2, picks, "Mine", began=second)
    assert (moved.id, moved.version, moved.framework_version) == (first.id, 3, 2)


def test_picks_are_judged_by_the_limits_of_the_framework(db: Database) -> None:
    limits = (Constraint("max_single_product", 50), Constraint("min_cash", 1), Constraint("max_turnover", 10))
    framework = frameworks.save_version(db, replace(instantiate(TEMPLATES["balanced"]), constraints=limits))
    picks = best_picks(mapping.suggest(db, replace(framework, constraints=())))
    verdicts = mapping.limits(db, framework, picks)
    assert [(v.status, v.offenders) for v in verdicts] == [("fail", ("VT",)), ("fail", ())]
    without = {path: chosen for path, chosen in picks.items() if path != framework.buckets[0].path}
    assert [v.status for v in mapping.limits(db, framework, without)] == ["pass", "pass"]
    assert mapping.limits(db, stored(db), picks) == ()
    best = best_picks(mapping.suggest(db, framework))
    assert set(picks) - set(best) == {framework.buckets[0].path}


def test_suggestions_carry_the_health_of_their_closes(db: Database) -> None:
    found = mapping.suggest(db, stored(db, "geographic"))
    spy = found[0].suggestions[0]
    assert spy.instrument.symbol == "SPY"
    assert "dividends_excluded" in [finding.code for finding in spy.health]
    assert all(s.health for bucket in found for s in bucket.suggestions if not s.usable)


def test_filters_and_datasets(db: Database) -> None:
    framework = stored(db, "geographic")
    spans = {fit.span.dataset: fit for fit in mapping.datasets(db, framework)}
    assert spans["etf_daily"].covers == 3
    assert "International Developed" in spans["monthly"].lacking
    cheap = mapping.suggest(db, framework, Rules(max_expense_ratio=0.0005), dataset="monthly")
    assert all((s.instrument.expense_ratio or 1) <= 0.0005 for bucket in cheap for s in bucket.suggestions)


def test_widening_a_rule_saves_the_next_version(db: Database) -> None:
    framework = stored(db, "geographic")
    gap = mapping.suggest(db, framework, dataset="monthly")[1]
    remedy = next(remedy for remedy in gap.remedies if remedy.rules)
    wider = mapping.widen(db, framework, remedy)
    assert wider.version == 2
    again = mapping.suggest(db, wider, dataset="monthly")[1]
    assert again.suggestions[0].usable
    assert not again.gaps


def test_picks_carry_over_to_the_next_version(db: Database) -> None:
    framework = stored(db)
    assert mapping.carried(db, framework) == {}
    mapping.accept(db, framework.id, 1, best_picks(mapping.suggest(db, framework)))
    newer = replace(
        framework,
        buckets=(
            framework.buckets[0],
            replace(framework.buckets[1], path="AssetClass/Debt", rules=Rules(include_tags=("asset_class:bonds",))),
            framework.buckets[2],
        ),
    )
    second = frameworks.save_version(db, newer, 1)
    assert list(mapping.carried(db, second)) == ["AssetClass/Equity", "AssetClass/Alternatives"]


def test_a_pick_whose_instrument_left_the_universe_is_not_carried(db: Database) -> None:
    framework = stored(db)
    gone = replace(instruments.universe(db)[0], id="gone", symbol="GONE", type=InstrumentType.etf)
    instruments.upsert_many(db, [gone])
    mapping.accept(db, framework.id, 1, {"AssetClass/Equity": (Pick("AssetClass/Equity", "gone", "GONE", 1.0),)})
    with db.write() as cursor:
        cursor.execute("delete from instrument_facts where instrument_id = 'gone'")
        db.touch("instruments")
    assert mapping.carried(db, framework) == {}


def test_a_lock_holds_across_portfolios(db: Database) -> None:
    framework = stored(db)
    picks = best_picks(mapping.suggest(db, framework))
    equity = "AssetClass/Equity"
    locked = {**picks, equity: (replace(picks[equity][0], locked=True),)}
    mapping.accept(db, framework.id, 1, locked)
    with pytest.raises(LockedHoldingError):
        mapping.accept(db, framework.id, 1, {**picks, equity: picks["AssetClass/Bonds"]})


def test_overrides_split_a_bucket(db: Database) -> None:
    framework = stored(db)
    vti, vxus = (instruments.find(db, symbol) for symbol in ("VTI", "VXUS"))
    assert vti
    assert vxus
    path = "AssetClass/Equity"
    picks = {path: (Pick(path, vti.id, "VTI", 0.5), Pick(path, vxus.id, "VXUS", 0.5))}
    made = mapping.accept(db, framework.id, 1, picks, overrides={"VTI": 0.45})
    assert [round(pick.share, 9) for pick in made.picks] == [0.75, 0.25]
    with pytest.raises(InputError):
        mapping.accept(db, framework.id, 1, picks, overrides={"VTI": 0.7})


def test_what_does_not_exist_is_named(db: Database) -> None:
    framework = stored(db)
    path = "AssetClass/Equity"
    with pytest.raises(InstrumentNotFoundError, match="NOPE"):
        mapping.accept(db, framework.id, 1, {path: (Pick(path, "nope", "NOPE", 1.0),)})
    with pytest.raises(FrameworkNotFoundError):
        mapping.accept(db, framework.id, 7, {})


def test_an_empty_framework_has_nothing_to_map(db: Database) -> None:
    empty = frameworks.save_version(db, Framework("Empty"))
    assert mapping.suggest(db, empty) == ()
    assert all(fit.leaves == 0 for fit in mapping.datasets(db, empty))


def test_an_unstored_framework_can_be_mapped_but_carries_nothing(db: Database) -> None:
    draft = Framework("Draft", (Bucket("AssetClass/Equity", "Equity", 1.0),))
    assert mapping.suggest(db, draft)[0].suggestions[0].usable
    assert mapping.carried(db, draft) == {}


def test_a_fund_carries_the_caveat_of_the_series_that_stands_in_for_it(db: Database) -> None:
    us = Bucket("Region/US", "US", 1.0, rules=Rules(include_tags=("asset_class:equity", "sleeve:core")))
    framework = Framework("US", (us,))
    found = {
        s.instrument.symbol: s
        for bucket in mapping.suggest(db, framework, dataset="monthly")
        for s in bucket.suggestions
    }
    fund = next(s for s in found.values() if s.instrument.proxy == "MSCI US")
    said = [finding.message for finding in fund.health if finding.code == "caveat"]
    assert len(said) == 1
    assert "MSCI US" in said[0]


def test_a_group_is_offered_an_equal_split_over_its_members(db: Database) -> None:
    framework = instantiate(TEMPLATES["sector_risk_band"])
    splits = {bucket.label: even_split(bucket) for bucket in mapping.suggest(db, framework)}
    known = {instrument.id: instrument.sector for instrument in instruments.universe(db)}
    sectors = [known[pick.instrument_id] for pick in splits["Defensive Sectors"]]
    assert sectors == ["Consumer Staples", "Health Care", "Utilities"]
    assert len(splits["Cyclical Sectors"]) == 5
    assert [pick.share for pick in splits["Growth Sectors"]] == [0.5, 0.5]
    assert all(not bucket.members for bucket in mapping.suggest(db, instantiate(TEMPLATES["balanced"])))


def test_a_proxy_is_measured_where_a_suggestion_says_that_it_stands_in(db: Database) -> None:
    found = mapping.suggest(db, stored(db), dataset="monthly")
    said = {
        s.instrument.symbol: f.message for b in found for s in b.suggestions for f in s.health if f.code == "proxied"
    }
    assert "TIP with US TIPs over 102 months to Jun 2016: correlation 0.98" in said["TIP"]
    assert "Not measured: VT and MSCI World USD have no session in common." in said["VT"]


def test_the_weights_of_the_score_rank_and_are_kept_with_each_version(db: Database) -> None:
    framework = stored(db)
    oldest = ScoreWeights(0, 0, 1, 0, 0)
    by_age = mapping.suggest(db, framework, weights=oldest)
    usual = mapping.suggest(db, framework)
    assert [b.suggestions[0].instrument for b in by_age] != [b.suggestions[0].instrument for b in usual]
    first = mapping.accept(db, framework.id, 1, best_picks(by_age), "Old", weights=oldest)
    assert mapping.get_portfolio(db, first.id).weights == oldest
    second = mapping.accept(db, framework.id, 1, best_picks(usual), "Old", began=first)
    assert (second.version, second.weights) == (2, oldest)  # as before, where nobody says otherwise
    third = mapping.accept(db, framework.id, 1, best_picks(usual), "Old", began=second, weights=USUAL)
    assert (third.version, third.weights) == (3, USUAL)
    assert mapping.get_portfolio(db, first.id, 1).weights == oldest
