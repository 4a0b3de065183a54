"""Frameworks: lossless, immutable, and of two who edit at once one wins."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine import blank

from keel.domain.framework.records import Bucket, Constraint, Framework, Holding
from keel.domain.framework.rules import Rules
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.policy.kinds import (
    Absolute,
    Corridor,
    FiveTwentyFive,
    Hybrid,
    Relative,
    Trigger,
)
from keel.domain.policy.records import (
    Cadence,
    EverySessions,
    Policy,
    Scope,
)
from keel.errors import EditConflictError, FrameworkNotFoundError, InputError, InvalidPolicyError
from keel.store import archive, frameworks, instruments
from keel.store.connection import Database

RULES = Rules(("region:us",), ("leveraged",), ("ETF",), 1e6, 0.005, 3.0, 1e8, ("USD", "EUR"), ("TQQQ",))
FULL = Framework(
    name="Ausgewogen – “quoted”; drop table",
    description="Two\nlines",
    method="imported",
    base_ccy="EUR",
    benchmark="SPX_TR",
    risk_band="medium",
    rebalancing=Policy(Trigger.band, EverySessions(10), 3, Relative(2000), 0.5, Scope.breached_only, 30, 4),
    constraints=(Constraint("max_single_name", 10.0), Constraint("min_bonds", 0.25, "fraction", "AssetClass/Bonds")),
    buckets=(
        Bucket("AssetClass/Equity", "Equity", 0.6, 0.5, 0.7, Absolute(300.0), True, RULES),
        Bucket("AssetClass/Equity/US", "US", 0.6, 0.0, None, Corridor(100.0, 250.0), holdings=(
            Holding("VTI", 0.6), Holding("A&B\"'", 0.4))),
        Bucket("AssetClass/Bonds", "Anleihen", 0.4, band=FiveTwentyFive(400.0, 2000.0)),
        Bucket("AssetClass/Cash", "", 0.0, band=Hybrid(2000.0, 50.0)),
    ),
)  # fmt: skip


def content(framework: Framework) -> Framework:
    return replace(framework, id="", version=0, created_at=None, updated_at=None)


def test_every_field_comes_back(store: Database) -> None:
    saved = frameworks.save_version(store, FULL)
    assert content(saved) == FULL
    assert frameworks.get(store, saved.id) == frameworks.versions(store, saved.id)[0] == saved
    assert (saved.version, saved.id != "") == (1, True)
    assert saved.created_at is not None
    assert saved.created_at.tzinfo is UTC
    assert saved.created_at == saved.updated_at


def test_a_holding_is_stored_under_the_symbol_of_now_and_kept_answers_know_it(store: Database) -> None:
    fund = Instrument("ins_a", "OLD", "Fund", InstrumentType.etf)
    instruments.upsert_many(store, [fund])
    first = frameworks.save_version(store, Framework("F", (Bucket("A/B", "B", 1.0, holdings=(Holding("OLD", 1.0),)),)))
    assert [h.instrument_id for h in first.buckets[0].holdings] == ["ins_a"]
    instruments.upsert_many(store, [replace(fund, symbol="NEW")])
    assert frameworks.get(store, first.id).buckets[0].holdings[0].symbol == "NEW"
    second = frameworks.save_version(store, first)
    assert second.buckets[0].holdings[0].symbol == "NEW"
    assert frameworks.versions(store, first.id)[1] == second == frameworks.get(store, first.id)


def test_what_a_write_stored_is_known_once_it_is_committed_and_nothing_of_one_that_was_not(store: Database) -> None:
    kept = frameworks.save_version(store, Framework("Kept"))

    def spoil() -> None:
        with store.write():
            frameworks.save_version(store, replace(kept, name="Lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        spoil()
    assert frameworks.get(store, kept.id) == kept
    with pytest.raises(FrameworkNotFoundError):
        frameworks.get(store, kept.id, 2)
    with store.write():
        frameworks.save_version(store, replace(kept, name="Second"))
        third = frameworks.save_version(store, replace(kept, name="Third"), 2)
    assert frameworks.get(store, kept.id) == third == frameworks.versions(store, kept.id)[-1]


weights = st.integers(0, 10**12).map(lambda n: n / 10**12)
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
bands = st.one_of(
    st.none(),
    st.builds(Absolute, st.floats(0, 10_000)),
    st.builds(Relative, st.floats(0, 10_000)),
    st.builds(FiveTwentyFive, st.floats(0, 10_000), st.floats(0, 10_000)),
    st.builds(Hybrid, st.floats(0, 10_000), st.floats(0, 10_000)),
    st.builds(Corridor, st.floats(0, 10_000), st.floats(0, 10_000)),
)
amounts = st.none() | st.floats(0, 1e12)
words = st.lists(names, max_size=3).map(tuple)
rules = st.builds(Rules, words, words, words, amounts, amounts, amounts, amounts, words, words)
holdings = st.lists(st.builds(Holding, names, weights), max_size=3).map(tuple)
buckets = st.builds(
    Bucket, names, names, weights, st.none() | weights, st.none() | weights, bands, st.booleans(), rules, holdings
)
policies = st.one_of(
    st.builds(Policy, st.just(Trigger.calendar), st.sampled_from(Cadence), st.integers(0, 400)),
    st.builds(
        Policy,
        st.just(Trigger.band),
        st.sampled_from(Cadence) | st.builds(EverySessions, st.integers(1, 400)),
        st.integers(0, 400),
        bands.filter(lambda band: band is not None),
        st.floats(0.01, 1),
        st.just(Scope.breached_only) | st.none(),
        st.integers(0, 400),
    ),
)
limits = st.builds(Constraint, names, st.floats(allow_nan=False), st.sampled_from(["percentage", "bps"]), names)


@settings(max_examples=40)
@given(
    framework=st.builds(
        Framework,
        names,
        st.lists(buckets, max_size=5, unique_by=lambda b: b.path).map(tuple),
        rebalancing=policies,
        constraints=st.lists(limits, max_size=3).map(tuple),
    )
)
def test_any_framework_comes_back_equal(framework: Framework) -> None:
    saved = frameworks.save_version(SHARED, framework)
    assert content(saved) == framework
    assert frameworks.versions(SHARED, saved.id) == (saved,)  # as read, each time anew


SHARED = blank()


@settings(max_examples=20)
@given(weight=st.floats(0, 1))
def test_a_weight_is_kept_to_twelve_decimals_and_then_never_moves(weight: float) -> None:
    first = frameworks.save_version(SHARED, Framework("W", (Bucket("A/B", "B", weight),)))
    assert first.buckets[0].target_weight == pytest.approx(weight, abs=5.1e-13)
    assert frameworks.save_version(SHARED, first).buckets == first.buckets


def test_versions_are_kept_as_they_were(store: Database) -> None:
    one = frameworks.save_version(store, FULL)
    two = frameworks.save_version(store, replace(one, name="Second", buckets=one.buckets[:1]), expected_version=1)
    assert (two.id, two.version, two.created_at) == (one.id, 2, one.created_at)
    assert frameworks.get(store, one.id, 1) == one
    assert frameworks.get(store, one.id) == two
    assert frameworks.versions(store, one.id) == (one, two)
    assert frameworks.list_latest(store) == (two,)


def test_an_edit_of_a_stale_version_names_the_newer_one(store: Database) -> None:
    one = frameworks.save_version(store, FULL)
    frameworks.save_version(store, one)
    with pytest.raises(EditConflictError, match="version 2 is newer than the version 1") as caught:
        frameworks.save_version(store, one, expected_version=1)
    assert caught.value.current == 2
    with pytest.raises(EditConflictError, match="has no version 7"):
        frameworks.save_version(store, one, expected_version=7)


def test_of_eight_who_save_at_once_exactly_one_wins(store: Database) -> None:
    one = frameworks.save_version(store, FULL)

    def save(n: int) -> str:
        try:
            return frameworks.save_version(store, replace(one, name=f"Editor {n}"), expected_version=1).name
        except EditConflictError as conflict:
            return "" if conflict.current == 2 else "wrong version named"

    with ThreadPoolExecutor(8) as pool:
        winners = [name for name in pool.map(save, range(8)) if name]
    assert winners == [frameworks.get(store, one.id).name]
    assert len(frameworks.versions(store, one.id)) == 2


def test_a_copy_without_an_id_is_a_new_framework(store: Database) -> None:
    one = frameworks.save_version(store, frameworks.save_version(store, FULL))
    copy = frameworks.save_version(store, replace(one, id="", name="Copy"))
    assert copy.version == 1
    assert copy.id != one.id


def test_what_is_not_stored_is_said_to_be_missing(store: Database) -> None:
    saved = frameworks.save_version(store, FULL)
    for ask in (
        lambda: frameworks.get(store, "fw_nothing"),
        lambda: frameworks.get(store, saved.id, 2),
        lambda: frameworks.versions(store, "fw_nothing"),
        lambda: frameworks.rename(store, "fw_nothing", "x"),
    ):
        with pytest.raises(FrameworkNotFoundError):
            ask()


def test_what_cannot_be_read_back_is_not_stored(store: Database) -> None:
    twice = Bucket("A/B", "B", 0.5)
    with pytest.raises(InputError, match="Two buckets have the path A/B"):
        frameworks.save_version(store, Framework("Twice", (twice, twice)))
    with pytest.raises(InputError, match="weight nan"):
        frameworks.save_version(store, Framework("NaN", (replace(twice, target_weight=float("nan")),)))
    with pytest.raises(InvalidPolicyError):
        frameworks.save_version(store, Framework("Band", (replace(twice, band=Absolute(-1.0)),)))
    assert frameworks.list_latest(store) == ()


def test_renaming_writes_a_version_and_keeps_the_old_name_in_the_old_one(store: Database) -> None:
    one = frameworks.save_version(store, FULL)
    renamed = frameworks.rename(store, one.id, "New name")
    assert (renamed.name, renamed.version) == ("New name", 2)
    assert frameworks.get(store, one.id, 1).name == one.name


def test_an_archived_one_leaves_the_list_and_stays_readable(store: Database) -> None:
    one = frameworks.save_version(store, FULL)
    archive.put_away(store, "framework", one.id)
    assert frameworks.list_latest(store) == ()
    assert frameworks.list_latest(store, with_archived=True) == (one,)
    assert frameworks.get(store, one.id) == one
    archive.bring_back(store, "framework", one.id)
    assert frameworks.list_latest(store) == (one,)


def test_a_list_is_its_owners(store: Database) -> None:
    mine = frameworks.save_version(store, FULL)
    theirs = frameworks.save_version(store.of("ann"), FULL)
    assert frameworks.list_latest(store) == (mine,)
    assert frameworks.list_latest(store.of("ann")) == (theirs,)


def test_the_list_is_read_once_until_a_framework_changes(store: Database) -> None:
    one = frameworks.save_version(store, FULL)
    before = frameworks.list_latest(store)
    assert frameworks.list_latest(store) is before
    other = frameworks.rename(store, one.id, "Other")
    assert (before, frameworks.list_latest(store)) == ((one,), (other,))


def test_a_holding_is_kept_by_instrument_and_shown_by_its_symbol_of_now(store: Database) -> None:
    fund = Instrument("ins_fund", "OLD", "Fund", InstrumentType.etf)
    instruments.upsert_many(store, [fund])
    bucket = Bucket("A/B", "B", 1.0, holdings=(Holding("OLD", 0.5), Holding("NOBODY", 0.5)))
    one = frameworks.save_version(store, Framework("F", (bucket,)))
    assert one.buckets[0].holdings[0].instrument_id == "ins_fund"
    instruments.upsert_many(store, [replace(fund, symbol="NEW"), Instrument("ins_x", "OLD", "X", InstrumentType.etf)])
    renamed = frameworks.get(store, one.id)
    assert [h.symbol for h in renamed.buckets[0].holdings] == ["NEW", "NOBODY"]
    edited = frameworks.save_version(store, renamed).buckets[0].holdings
    assert [h.instrument_id for h in edited] == [h.instrument_id for h in one.buckets[0].holdings]
    stale = frameworks.save_version(store, replace(one, version=2)).buckets[0].holdings
    assert stale[0].instrument_id == "ins_fund"  # it bore that symbol
    other = replace(edited[0], symbol="OLD", instrument_id="")
    assert (
        frameworks.save_version(store, Framework("G", (replace(bucket, holdings=(other,)),)))
        .buckets[0]
        .holdings[0]
        .instrument_id
        == "ins_x"
    )


def test_what_nobody_knows_is_kept_and_stays_out_of_the_universe(store: Database) -> None:
    bucket = Bucket("A/B", "B", 1.0, holdings=(Holding("NOBODY", 1.0),))
    held = frameworks.save_version(store, Framework("F", (bucket,))).buckets[0].holdings[0]
    assert held.symbol == "NOBODY"
    assert held.instrument_id
    assert instruments.universe(store) == ()
    again = frameworks.save_version(store, Framework("G", (bucket,))).buckets[0].holdings[0]
    assert again.instrument_id == held.instrument_id


def test_a_framework_of_thousands_of_products_holds_the_writer_a_moment_only(store: Database) -> None:
    leaves = tuple(
        Bucket(f"A/{n}", f"{n}", 1 / 20, holdings=tuple(Holding(f"S{n}x{k}", 0.001) for k in range(1_000)))
        for n in range(20)
    )
    begun = time.process_time()
    saved = frameworks.save_version(store, Framework("Many", (Bucket("A", "A", 1.0), *leaves)))
    assert time.process_time() - begun < 5  # one by one they took 30 s
    assert [h.symbol for h in saved.buckets[20].holdings[:2]] == ["S19x0", "S19x1"]
    assert sum(len(bucket.holdings) for bucket in saved.buckets) == 20_000
