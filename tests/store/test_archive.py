"""Put away: gone from the lists, still there, and brought back; what uses it is named first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.profile.answered import answered

from keel.domain.framework.records import Framework
from keel.domain.portfolio.records import Portfolio
from keel.domain.profile.record import assessed
from keel.domain.study.question import Question
from keel.errors import FrameworkNotFoundError, PortfolioNotFoundError, ProfileNotFoundError, RunNotFoundError
from keel.store import archive, frameworks, portfolios, runs
from keel.store.connection import Database
from keel.store.guided import profiles
from keel.store.integrity import integrity
from keel.store.runs import Run


def test_archiving_a_framework_names_the_portfolios_of_all_its_versions(store: Database) -> None:
    one = frameworks.save_version(store, Framework("F"))
    portfolios.save(store, Portfolio("Retirement", one.id, 1))
    house = portfolios.save(store, Portfolio("House", one.id, 1))
    assert archive.users(store, "framework", one.id) == ("House", "Retirement")
    assert archive.put_away(store, "framework", one.id) == ("House", "Retirement")
    assert archive.put_away(store, "framework", one.id) == ("House", "Retirement")
    archive.put_away(store, "portfolio", house.id)
    assert archive.users(store, "framework", one.id) == ("Retirement",)


def test_archiving_a_portfolio_names_its_runs_that_are_not_put_away(store: Database) -> None:
    one = frameworks.save_version(store, Framework("F"))
    saved = portfolios.save(store, Portfolio("Mine", one.id, 1))
    run = runs.save(store, Run(Question(saved.id, portfolio_version=1), one.id, 1, "f", {}, name="Yearly"))
    assert archive.put_away(store, "portfolio", saved.id) == ("Yearly",)
    assert archive.put_away(store, "run", run.id) == ()
    assert archive.users(store, "portfolio", saved.id) == ()
    archive.bring_back(store, "run", run.id)
    assert archive.users(store, "portfolio", saved.id) == ("Yearly",)


def test_what_is_not_stored_cannot_be_put_away(store: Database) -> None:
    with pytest.raises(FrameworkNotFoundError, match="no framework nothing"):
        archive.put_away(store, "framework", "nothing")
    with pytest.raises(PortfolioNotFoundError, match="no portfolio nothing"):
        archive.put_away(store, "portfolio", "nothing")
    with pytest.raises(RunNotFoundError, match="no stored run nothing"):
        archive.put_away(store, "run", "nothing")


def test_archiving_a_profile_names_the_frameworks_made_for_it_and_it_comes_back(store: Database) -> None:
    ann = profiles.save(store, assessed("Ann", answered(2)))
    for_her = frameworks.save_version(store, Framework("For Ann", profile_id=ann.id))
    frameworks.save_version(store, Framework("Hers no more", profile_id=ann.id))
    other = next(f for f in frameworks.list_latest(store) if f.name == "Hers no more")
    frameworks.save_version(store, replace(other, profile_id=""))
    assert archive.put_away(store, "profile", ann.id) == ("For Ann",)
    profiles.save(store, replace(ann, name="Ann B."))
    assert [(one.noun, one.name) for one in archive.listed(store)] == [("profile", "Ann B.")]
    assert profiles.list_latest(store) == ()
    assert [p.name for p in profiles.list_latest(store, archived=True)] == ["Ann B."]
    assert integrity(store) == ()
    archive.bring_back(store, "profile", ann.id)
    assert [p.name for p in profiles.list_latest(store)] == ["Ann B."]
    archive.put_away(store, "framework", for_her.id)
    assert archive.users(store, "profile", ann.id) == ()
    with pytest.raises(ProfileNotFoundError, match="no profile nothing"):
        archive.put_away(store, "profile", "nothing")
