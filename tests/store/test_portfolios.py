"""Portfolios: the picks of one framework version, kept as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.framework.records import Framework
from keel.domain.portfolio.records import Pick, Portfolio
from keel.errors import FrameworkNotFoundError, PortfolioNotFoundError
from keel.store import frameworks, portfolios, runs
from keel.store.connection import Database
from keel.store.runs import Run

PICKS = (Pick("A/E", "i1", "VTI", 0.6, True), Pick("A/E", "i2", "VEA", 0.4), Pick("A/B", "i3", "BND", 1.0))


@pytest.fixture
def framework(store: Database) -> Framework:
    return frameworks.save_version(store, Framework("F"))


def test_a_portfolio_comes_back_with_its_picks_in_order(store: Database, framework: Framework) -> None:
    saved = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    assert portfolios.get(store, saved.id) == saved
    assert (saved.name, saved.picks, saved.framework_version) == ("Mine", PICKS, 1)


SHARED = Database.open(":memory:")
HOME = frameworks.save_version(SHARED, Framework("Home"))
names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
shares = st.integers(0, 10**12).map(lambda n: n / 10**12)


@given(picks=st.lists(st.builds(Pick, names, names, names, shares, st.booleans()), max_size=5).map(tuple), name=names)
def test_any_picks_come_back_equal(picks: tuple[Pick, ...], name: str) -> None:
    saved = portfolios.save(SHARED, Portfolio(name, HOME.id, 1, picks))
    assert portfolios.get(SHARED, saved.id).picks == picks


def test_changed_picks_become_a_new_portfolio_and_the_old_one_stays(store: Database, framework: Framework) -> None:
    first = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    assert portfolios.save(store, first) == first
    second = portfolios.save(store, replace(first, picks=PICKS[:1]))
    assert second.id != first.id
    assert portfolios.get(store, first.id) == first


def test_the_latest_is_found_by_framework_and_by_version(store: Database, framework: Framework) -> None:
    first = portfolios.save(store, Portfolio("One", framework.id, 1, PICKS))
    frameworks.save_version(store, framework)
    second = portfolios.save(store, Portfolio("Two", framework.id, 2, PICKS))
    assert portfolios.latest_for(store, framework.id) == second
    assert portfolios.latest_for(store, framework.id, 1) == first
    assert portfolios.latest_for(store, framework.id, 3) is None
    assert portfolios.latest_for(store, "fw_other") is None
    assert portfolios.list_for(store, framework.id) == (second, first) == portfolios.list_all(store)


def test_a_portfolio_of_an_unknown_framework_version_is_refused(store: Database, framework: Framework) -> None:
    with pytest.raises(FrameworkNotFoundError, match="version 9"):
        portfolios.save(store, Portfolio("Mine", framework.id, 9))


def test_renaming_changes_the_name_only(store: Database, framework: Framework) -> None:
    saved = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    renamed = portfolios.rename(store, saved.id, "Yours")
    assert replace(renamed, name="Mine", updated_at=saved.updated_at) == saved


def test_archiving_names_the_runs_and_leaves_the_lists(store: Database, framework: Framework) -> None:
    saved = portfolios.save(store, Portfolio("Mine", framework.id, 1, PICKS))
    runs.save(store, Run(saved.id, framework.id, 1, {}, "f", {}, name="Yearly"))
    assert portfolios.archive(store, saved.id) == ("Yearly",)
    assert portfolios.list_for(store, framework.id) == ()
    assert portfolios.latest_for(store, framework.id) is None
    assert portfolios.list_for(store, framework.id, with_archived=True) == (saved,)
    portfolios.restore(store, saved.id)
    assert portfolios.latest_for(store, framework.id) == saved


def test_an_unknown_portfolio_is_named(store: Database) -> None:
    for ask in (portfolios.get, portfolios.users, portfolios.archive):
        with pytest.raises(PortfolioNotFoundError, match="pf_nothing"):
            ask(store, "pf_nothing")
    with pytest.raises(PortfolioNotFoundError):
        portfolios.rename(store, "pf_nothing", "x")
