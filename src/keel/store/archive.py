"""What has been put away: profiles, frameworks, portfolios and runs stay stored and readable, but leave the lists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from keel.errors import (
    FrameworkNotFoundError,
    NotFoundError,
    PortfolioNotFoundError,
    ProfileNotFoundError,
    RunNotFoundError,
)
from keel.store.connection import Cursor, Database, first_row
from keel.store.values import ELSEWHERE, moment, now, stamp

Noun = Literal["profile", "framework", "portfolio", "run"]


@dataclass(frozen=True, slots=True)
class Archived:
    """One thing that is put away, under its name of now."""

    noun: Noun
    id: str
    name: str
    archived_at: datetime | None


_MISSING: dict[Noun, type[NotFoundError]] = {
    "profile": ProfileNotFoundError,
    "framework": FrameworkNotFoundError,
    "portfolio": PortfolioNotFoundError,
    "run": RunNotFoundError,
}
_STORED: dict[Noun, str] = {
    "profile": "select count(*) from investment_profiles where id = $id and owner = getvariable('owner')",
    "framework": "select count(*) from allocation_frameworks where id = $id and owner = getvariable('owner')",
    "portfolio": "select count(*) from portfolios where id = $id and owner = getvariable('owner')",
    "run": "select count(*) from runs where id = $id and owner = getvariable('owner')",
}


# The condition that a row of the profile i, the framework f, the portfolio p, the run r is put away.
IS_ARCHIVED: dict[Noun, str] = {
    "profile": "exists (select 1 from archived a where a.noun = 'profile' and a.id = i.id)",
    "framework": "exists (select 1 from archived a where a.noun = 'framework' and a.id = f.id)",
    "portfolio": "exists (select 1 from archived a where a.noun = 'portfolio' and a.id = p.id)",
    "run": "exists (select 1 from archived a where a.noun = 'run' and a.id = r.id)",
}
_USERS: dict[Noun, str] = {
    "profile": "select f.name from allocation_frameworks f where f.owner = getvariable('owner') and f.profile_id = $id"
    " and not exists (select 1 from allocation_frameworks n where n.id = f.id and n.version > f.version)"
    " and f.id not in (select a.id from archived a where a.noun = 'framework') order by f.name, f.id",
    "framework": "select p.name from portfolios p where p.owner = getvariable('owner')"
    " and p.id in (select v.id from portfolio_versions v"
    " where v.framework_id = $id) and p.id not in (select a.id from archived a where a.noun = 'portfolio')"
    " order by p.name, p.id",
    "portfolio": "select r.name from runs r where r.owner = getvariable('owner') and r.portfolio_id = $id"
    " and r.id not in (select a.id from archived a where a.noun = 'run') order by r.created_at, r.id",
}


_LISTED = (
    "select a.noun, a.id, coalesce(i.name, f.name, p.name, r.name), a.archived_at from archived a"
    " left join investment_profiles i on a.noun = 'profile' and i.id = a.id and not exists"
    " (select 1 from investment_profiles n where n.id = i.id and n.version > i.version)"
    " left join allocation_frameworks f on a.noun = 'framework' and f.id = a.id and not exists"
    " (select 1 from allocation_frameworks n where n.id = f.id and n.version > f.version)"
    " left join portfolios p on a.noun = 'portfolio' and p.id = a.id"
    " left join runs r on a.noun = 'run' and r.id = a.id"
    " where coalesce(i.owner, f.owner, p.owner, r.owner) = getvariable('owner')"
    " order by a.archived_at desc, a.noun, a.id"
)


def put_away(db: Database, noun: Noun, id: str) -> tuple[str, ...]:
    """The names of what uses it, which keeps working; it leaves the lists. Raises NotFoundError of its noun."""
    names = users(db, noun, id)

    def work(cursor: Cursor) -> None:
        db.touch("archived")
        cursor.execute(
            "insert into archived (noun, id, archived_at) values ($noun, $id, $at) on conflict do nothing",
            {"noun": noun, "id": id, "at": stamp(now())},
        )

    db.transact(work)
    return names


def bring_back(db: Database, noun: Noun, id: str) -> None:
    """Returns it to the lists. Raises NotFoundError of its noun."""

    def work(cursor: Cursor) -> None:
        _require(cursor, noun, id)
        db.touch("archived")
        cursor.execute("delete from archived where noun = $noun and id = $id", {"noun": noun, "id": id})

    db.transact(work)


def listed(db: Database) -> tuple[Archived, ...]:
    """Everything that is put away, the last first."""
    with db.cursor() as cursor:
        rows = cursor.execute(_LISTED).fetchall()
    return tuple(Archived(noun, id, name, moment(at)) for noun, id, name, at in rows)


def users(db: Database, noun: Noun, id: str) -> tuple[str, ...]:
    """The names of the frameworks made for a profile, of the portfolios that use any version of a framework, of the
    runs made with a portfolio.

    Raises NotFoundError of its noun.
    """
    with db.cursor() as cursor:
        _require(cursor, noun, id)
        rows = cursor.execute(_USERS[noun], {"id": id}).fetchall() if noun in _USERS else ()
    return tuple(name for (name,) in rows)


def _require(cursor: Cursor, noun: Noun, id: str) -> None:
    if first_row(cursor.execute(_STORED[noun], {"id": id})) == (0,):
        what = "stored run" if noun == "run" else noun
        raise _MISSING[noun](f"There is no {what} {id}.", hint=ELSEWHERE, subject=id)
