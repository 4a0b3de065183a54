"""Portfolios: the picks of one framework version, kept as they were."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engine import blank

from keel.domain.framework.records import Framework
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.portfolio.records import Pick, Portfolio
from keel.errors import EditConflictError, FrameworkNotFoundError, PortfolioNotFoundError
from keel.store import archive, frameworks, instruments, portfolios
from keel.store.connection import Database

PICKS = (Pick("A/E", "i1", "VTI", 0.6, True), Pick("A/E", "i2", "VEA", 0.4), Pick("A/B", "i3", "BND", 1.0))


@pytest.fixture
def framework(store: Database) -> Framework:
    """A framework to pick for, and the products picked."""
    instruments.upsert_many(store, [Instrument(p.instrument_id, p.symbol, "", InstrumentType.etf) for p in PICKS])
    return frameworks.save_version(store, Framework("F"))


def test_a_portfolio_comes_back_with_its_picks_in_order(store: Database, framework: Framework) -> None:
    saved = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    assert portfolios.get(store, saved.id) == portfolios.versions(store, saved.id)[0] == saved
    assert (saved.name, saved.picks, saved.framework_version) == ("Mine", PICKS, 1)


SHARED = blank()
HOME = frameworks.save_version(SHARED, Framework("Home"))
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
shares = st.integers(0, 10**12).map(lambda n: n / 10**12)


@given(
    picks=st.lists(st.builds(Pick, names, st.just(""), names, shares, st.booleans()), max_size=5).map(tuple), name=names
)
def test_any_picks_come_back_equal(picks: tuple[Pick, ...], name: str) -> None:
    saved = portfolios.save(SHARED, Portfolio(name, HOME.id, 1, picks))
    (read,) = portfolios.versions(SHARED, saved.id)  # each time anew
    assert read == saved
    back = read.picks
    assert [(p.path, p.symbol, p.share, p.locked) for p in back] == [
        (p.path, p.symbol, p.share, p.locked) for p in picks
    ]
    assert portfolios.save(SHARED, saved) == saved


def test_changed_picks_are_the_next_version_and_the_old_one_stays(store: Database, framework: Framework) -> None:
    first = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    assert portfolios.save(store, first) == first
    second = portfolios.save(store, replace(first, picks=PICKS[:1]))
    assert (second.id, first.version, second.version) == (first.id, 1, 2)
    assert portfolios.get(store, first.id) == second
    assert portfolios.get(store, first.id, 1) == first
    assert portfolios.versions(store, first.id) == (first, second)


def test_an_edit_of_a_stale_version_is_refused_with_the_newer_one_named(store: Database, framework: Framework) -> None:
    first = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    portfolios.save(store, replace(first, picks=PICKS[:1]))
    with pytest.raises(EditConflictError, match="version 2 is newer than the version 1") as caught:
        portfolios.save(store, replace(first, picks=PICKS[1:]))
    assert caught.value.current == 2
    assert portfolios.save(store, replace(first, picks=PICKS[1:]), expected_version=2).version == 3


def test_of_eight_who_save_at_once_exactly_one_wins(store: Database, framework: Framework) -> None:
    first = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))

    def save(n: int) -> int:
        try:
            return portfolios.save(store, replace(first, name=f"Editor {n}", picks=PICKS[:1])).version
        except EditConflictError:
            return 0

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(save, range(8))) == [0] * 7 + [2]


def test_a_list_is_its_owners(store: Database, framework: Framework) -> None:
    mine = portfolios.save(store, Portfolio("Mine", framework.id, 1))
    ann = store.of("ann")
    assert portfolios.latest_for(ann, framework.id) is None
    with pytest.raises(FrameworkNotFoundError):
        portfolios.save(ann, Portfolio("Theirs", framework.id, 1))
    theirs = portfolios.save(ann, Portfolio("Theirs", frameworks.save_version(ann, replace(framework, id="")).id, 1))
    assert (portfolios.get(store, mine.id), portfolios.get(ann, theirs.id)) == (mine, theirs)
    for owner, id in ((store, theirs.id), (ann, mine.id)):
        with pytest.raises(PortfolioNotFoundError):
            portfolios.get(owner, id)


def test_the_latest_is_found_by_framework_and_by_version(store: Database, framework: Framework) -> None:
    first = portfolios.save(store, Portfolio("One", framework.id, 1, PICKS))
    frameworks.save_version(store, framework)
    second = portfolios.save(store, Portfolio("Two", framework.id, 2, PICKS))
    assert portfolios.latest_for(store, framework.id) == second
    assert portfolios.latest_for(store, framework.id, 1) == first
    assert portfolios.latest_for(store, framework.id, 3) is None
    assert portfolios.latest_for(store, "fw_other") is None
    moved = portfolios.save(store, replace(first, framework_version=2))
    assert portfolios.latest_for(store, framework.id, 2) == moved
    assert portfolios.latest_for(store, framework.id, 1) == first


def test_a_portfolio_of_an_unknown_framework_version_is_refused(store: Database, framework: Framework) -> None:
    with pytest.raises(FrameworkNotFoundError, match="version 9"):
        portfolios.save(store, Portfolio("Mine", framework.id, 9))


def test_renaming_changes_the_name_only(store: Database, framework: Framework) -> None:
    saved = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    renamed = portfolios.rename(store, saved.id, "Yours")
    assert replace(renamed, name="Mine", updated_at=saved.updated_at) == saved


def test_an_archived_one_leaves_the_lists(store: Database, framework: Framework) -> None:
    saved = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    archive.put_away(store, "portfolio", saved.id)
    assert portfolios.latest_for(store, framework.id) is None
    assert portfolios.get(store, saved.id) == saved
    archive.bring_back(store, "portfolio", saved.id)
    assert portfolios.latest_for(store, framework.id) == saved


def test_a_list_is_read_once_until_something_changes(store: Database, framework: Framework) -> None:
    portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    before = portfolios.list_for(store, framework.id)
    assert portfolios.list_for(store, framework.id) is before
    instruments.upsert_many(store, [Instrument("i1", "VTI.X", "", InstrumentType.etf)])
    assert [p.symbol for p in portfolios.list_for(store, framework.id)[0].picks] == ["VTI.X", "VEA", "BND"]
    assert "VTI.X" in portfolios.symbols_held(store)


def test_an_unknown_portfolio_is_named(store: Database) -> None:
    for ask in (portfolios.get, portfolios.versions):
        with pytest.raises(PortfolioNotFoundError, match="pf_nothing"):
            ask(store, "pf_nothing")
    with pytest.raises(PortfolioNotFoundError):
        portfolios.rename(store, "pf_nothing", "x")


def test_a_version_that_there_is_not_is_named(store: Database, framework: Framework) -> None:
    saved = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    with pytest.raises(PortfolioNotFoundError, match="has no version 2"):
        portfolios.get(store, saved.id, 2)


def test_what_the_newest_portfolios_hold_is_known_and_archived_ones_hold_nothing(
    store: Database, framework: Framework
) -> None:
    first = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    assert portfolios.symbols_held(store) == {"VTI", "VEA", "BND"}
    assert portfolios.holding(store, "BND") == first
    portfolios.save(store, replace(first, picks=PICKS[:1]))
    assert portfolios.symbols_held(store) == {"VTI"}
    assert portfolios.holding(store, "BND") is None
    archive.put_away(store, "portfolio", first.id)
    assert portfolios.symbols_held(store) == frozenset()
