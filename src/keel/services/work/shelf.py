"""The shelf: a stored profile, framework, portfolio or run renamed, copied, put away and brought back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keel.domain.portfolio.records import Portfolio
from keel.domain.text import free, has_controls, tidy
from keel.errors import InputError
from keel.store import archive, frameworks, portfolios, runs
from keel.store.archive import Archived, Noun
from keel.store.connection import Database
from keel.store.guided import profiles
from keel.store.runs import Run

MOST_IN_NAME = 120  # characters of a name


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the shelf: its name, and the version and day it is known by."""

    noun: Noun
    id: str
    name: str
    version: int
    at: datetime | None


def list_portfolios(db: Database, framework_id: str | None = None) -> tuple[Portfolio, ...]:
    """The newest versions of the portfolios that are not archived, of a framework or of all, the last edited first."""
    return portfolios.list_for(db, framework_id)


def list_runs(db: Database, portfolio_id: str | None = None) -> tuple[Run, ...]:
    """The runs that are not archived, of a portfolio or of all, newest first."""
    return runs.list_for(db, portfolio_id)


def get_run(db: Database, run_id: str) -> Run:
    """What a run was asked and what it gave then. Raises RunNotFoundError."""
    return runs.get(db, run_id)


def list_profiles(db: Database) -> tuple[Entry, ...]:
    """The profiles that are not archived, last saved first."""
    return tuple(Entry("profile", p.id, p.name, p.version, p.updated_at) for p in profiles.list_latest(db))


def portfolios_of(db: Database, framework_id: str) -> tuple[Entry, ...]:
    """The portfolios of a framework that are not archived, the last edited first."""
    return tuple(
        Entry("portfolio", p.id, p.name, p.version, p.updated_at) for p in portfolios.list_for(db, framework_id)
    )


def runs_of(db: Database, portfolio_id: str) -> tuple[Entry, ...]:
    """The runs of a portfolio that are not archived, newest first, with the portfolio version each used."""
    return tuple(
        Entry("run", r.id, r.name, r.question.portfolio_version or 0, r.created_at)
        for r in runs.list_for(db, portfolio_id)
    )


def users(db: Database, noun: Noun, id: str) -> tuple[str, ...]:
    """The names of what uses it: frameworks a profile, portfolios a framework, runs a portfolio.

    Raises NotFoundError of its noun.
    """
    return archive.users(db, noun, id)


def put_away(db: Database, noun: Noun, id: str) -> tuple[str, ...]:
    """The names of what uses it, which keeps working; it leaves the lists. Raises NotFoundError of its noun."""
    return archive.put_away(db, noun, id)


def bring_back(db: Database, noun: Noun, id: str) -> None:
    """Returns it to the lists. Raises NotFoundError of its noun."""
    archive.bring_back(db, noun, id)


def archived(db: Database) -> tuple[Archived, ...]:
    """Everything that is put away, the last first."""
    return archive.listed(db)


def rename(db: Database, noun: Noun, id: str, name: str) -> None:
    """Gives it another name; a framework's and a profile's is a new version.

    Raises InputError for no name, NotFoundError.
    """
    title = _title(name)
    match noun:
        case "profile":
            profiles.save(db, replace(profiles.get(db, id), name=title))
        case "framework":
            frameworks.rename(db, id, title)
        case "portfolio":
            portfolios.rename(db, id, title)
        case "run":
            runs.rename(db, id, title)


def duplicate(db: Database, noun: Noun, id: str) -> str:
    """The id of a copy of its newest version, under a name of its own. Raises NotFoundError of its noun."""
    match noun:
        case "profile":
            profile = profiles.get(db, id)
            names = [p.name for p in profiles.list_latest(db)]
            return profiles.save(db, replace(profile, id="", version=0, name=_copy(profile.name, names)), 0).id
        case "framework":
            framework = frameworks.get(db, id)
            names = [f.name for f in frameworks.list_latest(db)]
            copy = replace(framework, id="", version=0, created_at=None, name=_copy(framework.name, names))
            return frameworks.save_version(db, copy, 0).id
        case "portfolio":
            portfolio = portfolios.get(db, id)
            names = [p.name for p in portfolios.list_for(db, portfolio.framework_id)]
            return portfolios.save(db, replace(portfolio, id="", version=0, name=_copy(portfolio.name, names)), 0).id
        case "run":
            run = runs.get(db, id)
            names = [r.name for r in runs.list_for(db, run.question.portfolio_id)]
            return runs.copy(db, id, _copy(run.name, names)).id


def _copy(name: str, taken: Sequence[str]) -> str:
    return free(f"{name[: MOST_IN_NAME - 20]} copy", taken)


def _title(name: str) -> str:
    title = tidy(name)
    if not title:
        raise InputError("A name is needed.", hint="Write one.", subject="name")
    if len(name) > MOST_IN_NAME or has_controls(title):
        message = f"This name has more than {MOST_IN_NAME} characters, or some that cannot be printed."
        raise InputError(message, hint="Write another.", subject="name")
    return title
