"""Frameworks, portfolios and runs renamed, copied, put away with their users named, and brought back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.profile.answered import answered
from tests.pages.opened import accepted, ran

from keel.domain.profile.record import assessed
from keel.errors import FrameworkNotFoundError, InputError, PortfolioNotFoundError, RunNotFoundError
from keel.services import design
from keel.services.work import shelf
from keel.store import frameworks, portfolios, runs
from keel.store.archive import Noun
from keel.store.connection import Database
from keel.store.guided import profiles


def test_a_framework_is_copied_renamed_listed_and_put_away(db: Database) -> None:
    portfolio = accepted(db)
    copy = shelf.duplicate(db, "framework", portfolio.framework_id)
    assert (frameworks.get(db, copy).name, frameworks.get(db, copy).version) == ("Balanced copy", 1)
    assert frameworks.get(db, shelf.duplicate(db, "framework", portfolio.framework_id)).name == "Balanced copy 2"
    shelf.rename(db, "framework", copy, " Second \n one ")
    assert (frameworks.get(db, copy).name, frameworks.get(db, copy).version) == ("Second one", 2)
    assert shelf.users(db, "framework", portfolio.framework_id) == (portfolio.name,)
    assert shelf.put_away(db, "framework", portfolio.framework_id) == (portfolio.name,)
    assert "Balanced" not in {f.name for f in design.list_frameworks(db)}
    assert [(a.noun, a.name) for a in shelf.archived(db)] == [("framework", "Balanced")]
    shelf.bring_back(db, "framework", portfolio.framework_id)
    assert (shelf.archived(db), "Balanced" in {f.name for f in design.list_frameworks(db)}) == ((), True)


def test_a_profile_is_copied_renamed_and_put_away(db: Database) -> None:
    ann = profiles.save(db, assessed("Ann", answered(2)))
    copy = shelf.duplicate(db, "profile", ann.id)
    shelf.rename(db, "profile", copy, "Bob")
    assert {(e.name, e.version) for e in shelf.list_profiles(db)} == {("Ann", 1), ("Bob", 2)}
    assert shelf.put_away(db, "profile", copy) == ()
    assert [e.id for e in shelf.list_profiles(db)] == [ann.id]


def test_a_portfolio_is_copied_renamed_and_put_away(db: Database) -> None:
    portfolio = accepted(db)
    study = ran(db, portfolio, "never")
    copy = portfolios.get(db, shelf.duplicate(db, "portfolio", portfolio.id))
    assert (copy.name, copy.version, copy.picks) == ("Balanced copy", 1, portfolio.picks)
    shelf.rename(db, "portfolio", copy.id, "Mine")
    assert [(e.name, e.version) for e in shelf.portfolios_of(db, portfolio.framework_id)] == [
        ("Mine", 1),
        ("Balanced", 1),
    ]
    assert shelf.put_away(db, "portfolio", portfolio.id) == (runs.get(db, study.run_id).name,)
    assert [e.id for e in shelf.portfolios_of(db, portfolio.framework_id)] == [copy.id]


def test_a_run_is_copied_renamed_and_put_away(db: Database) -> None:
    portfolio = accepted(db)
    study = ran(db, portfolio, "never")
    copy = shelf.duplicate(db, "run", study.run_id)
    shelf.rename(db, "run", copy, "For the meeting")
    original = runs.get(db, study.run_id)
    assert replace(runs.get(db, copy), id=original.id, name=original.name, created_at=original.created_at) == original
    assert [e.name for e in shelf.runs_of(db, portfolio.id)] == ["For the meeting", "Never"]
    assert ran(db, portfolio, "never").run_id == study.run_id
    shelf.put_away(db, "run", study.run_id)
    assert [e.id for e in shelf.runs_of(db, portfolio.id)] == [copy]


@pytest.mark.parametrize(
    ("noun", "error"),
    [("framework", FrameworkNotFoundError), ("portfolio", PortfolioNotFoundError), ("run", RunNotFoundError)],
)
def test_what_is_not_there_or_has_no_name_is_refused(db: Database, noun: Noun, error: type[Exception]) -> None:
    with pytest.raises(error):
        shelf.duplicate(db, noun, "none")
    with pytest.raises(error):
        shelf.rename(db, noun, "none", "New")
    with pytest.raises(error):
        shelf.bring_back(db, noun, "none")
    with pytest.raises(InputError, match="name is needed"):
        shelf.rename(db, noun, "none", " ")


@pytest.mark.parametrize("name", ["x" * 121, "a\x1bb"])
def test_a_name_that_cannot_be_used_is_refused_and_never_cut(db: Database, name: str) -> None:
    with pytest.raises(InputError, match="more than 120 characters, or some that cannot be printed"):
        shelf.rename(db, "framework", "any", name)
