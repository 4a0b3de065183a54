"""Put away: gone from the lists, still there, and brought back; what uses it is named first."""

from __future__ import annotations

import pytest

from keel.domain.framework.records import Framework
from keel.domain.portfolio.records import Portfolio
from keel.domain.study.question import Question
from keel.errors import FrameworkNotFoundError, PortfolioNotFoundError, RunNotFoundError
from keel.store import archive, frameworks, portfolios, runs
from keel.store.connection import Database
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
