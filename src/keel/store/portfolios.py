"""Portfolios: the picks of one framework version. A stored portfolio never changes but for its name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keel.domain.portfolio.records import Pick, Portfolio
from keel.errors import FrameworkNotFoundError, PortfolioNotFoundError
from keel.store import archived
from keel.store.connection import Cursor, Database, first_row
from keel.store.memory import Memory
from keel.store.values import ELSEWHERE, moment, new_id, now, stamp, weight


def save(db: Database, portfolio: Portfolio) -> Portfolio:
    """The portfolio as stored, with its id. Changed picks of a stored one become a new portfolio with a new id.

    Raises FrameworkNotFoundError when its framework version is not stored.
    """
    return db.transact(lambda cursor: _save(db, cursor, portfolio))


def get(db: Database, id: str) -> Portfolio:
    """One portfolio, archived or not. Raises PortfolioNotFoundError."""

    def read() -> Portfolio:
        with db.cursor() as cursor:
            return _get(cursor, id)

    return _kept.recall(db, (id, db.revision("portfolios")), read)


_kept: Memory[Portfolio] = Memory(64)


def list_for(db: Database, framework_id: str, *, with_archived: bool = False) -> tuple[Portfolio, ...]:
    """The portfolios of any version of a framework, newest first; archived ones only when asked for."""
    with db.cursor() as cursor:
        return _select(
            cursor,
            _SELECT + " where framework_id = $framework and ($all or not " + _IS_ARCHIVED + ")" + _NEWEST_FIRST,
            {"framework": framework_id, "all": with_archived},
        )


def latest_for(db: Database, framework_id: str, version: int | None = None) -> Portfolio | None:
    """The newest portfolio of a framework (of that version only, when one is given), or None."""
    with db.cursor() as cursor:
        found = _select(
            cursor,
            _SELECT
            + " where framework_id = $framework and framework_version_used = coalesce($version, framework_version_used)"
            + " and not "
            + _IS_ARCHIVED
            + _NEWEST_FIRST
            + " limit 1",
            {"framework": framework_id, "version": version},
        )
    return found[0] if found else None


def list_all(db: Database, *, with_archived: bool = False) -> tuple[Portfolio, ...]:
    """Every portfolio, newest first; archived ones only when asked for."""
    with db.cursor() as cursor:
        return _select(cursor, _SELECT + " where $all or not " + _IS_ARCHIVED + _NEWEST_FIRST, {"all": with_archived})


def rename(db: Database, id: str, name: str) -> Portfolio:
    """The portfolio under its new name. Raises PortfolioNotFoundError."""

    def work(cursor: Cursor) -> Portfolio:
        _get(cursor, id)
        db.touch("portfolios")
        cursor.execute(
            "update portfolios set name = $name, updated_at = $at where id = $id",
            {"name": name, "at": stamp(now()), "id": id},
        )
        return _get(cursor, id)

    return db.transact(work)


def archive(db: Database, id: str) -> tuple[str, ...]:
    """Put a portfolio away; returns the names of the runs made with it, which keep working."""
    names = users(db, id)
    db.transact(lambda cursor: archived.put_away(cursor, "portfolio", id))
    return names


def restore(db: Database, id: str) -> None:
    """Bring an archived portfolio back to the lists."""
    db.transact(lambda cursor: archived.bring_back(cursor, "portfolio", id))


def users(db: Database, id: str) -> tuple[str, ...]:
    """The names of the runs made with it. Raises PortfolioNotFoundError."""
    with db.cursor() as cursor:
        _get(cursor, id)
        rows = cursor.execute(
            "select r.name from runs r where r.portfolio_id = $id"
            " and not exists (select 1 from archived a where a.noun = 'run' and a.id = r.id)"
            " order by r.created_at, r.id",
            {"id": id},
        ).fetchall()
    return tuple(name for (name,) in rows)


_SELECT = "select id, name, framework_id, framework_version_used, created_at, updated_at from portfolios p"
_IS_ARCHIVED = "exists (select 1 from archived a where a.noun = 'portfolio' and a.id = p.id)"
_NEWEST_FIRST = " order by created_at desc, id"


def _save(db: Database, cursor: Cursor, portfolio: Portfolio) -> Portfolio:
    db.touch("portfolios")
    known = first_row(
        cursor.execute(
            "select count(*) from allocation_frameworks where id = $id and version = $version",
            {"id": portfolio.framework_id, "version": portfolio.framework_version},
        )
    )
    if known == (0,):
        raise FrameworkNotFoundError(
            f"There is no framework {portfolio.framework_id} version {portfolio.framework_version}"
            f" for the portfolio {portfolio.name}.",
            subject=portfolio.framework_id,
        )
    id = portfolio.id
    if id:
        same = _select(cursor, _SELECT + " where id = $id", {"id": id})
        if same and _content(same[0]) == _content(portfolio):
            return same[0]
        id = "" if same else id
    id = id or new_id("pf")
    _insert(cursor, id, portfolio)
    return _get(cursor, id)


def _content(portfolio: Portfolio) -> Portfolio:
    return replace(portfolio, created_at=None, updated_at=None)


def _insert(cursor: Cursor, id: str, portfolio: Portfolio) -> None:
    at = stamp(now())
    cursor.execute(
        "insert into portfolios (id, name, framework_id, framework_version_used, created_at, updated_at)"
        " values ($id, $name, $framework, $version, $at, $at)",
        {
            "id": id,
            "name": portfolio.name,
            "framework": portfolio.framework_id,
            "version": portfolio.framework_version,
            "at": at,
        },
    )
    if portfolio.picks:
        cursor.executemany(
            "insert into portfolio_picks (portfolio_id, ordinal, path, instrument_id, symbol, share, locked)"
            " values ($id, $ordinal, $path, $instrument, $symbol, $share, $locked)",
            [
                {
                    "id": id,
                    "ordinal": n,
                    "path": pick.path,
                    "instrument": pick.instrument_id,
                    "symbol": pick.symbol,
                    "share": weight(pick.share, pick.symbol),
                    "locked": pick.locked,
                }
                for n, pick in enumerate(portfolio.picks)
            ],
        )


def _get(cursor: Cursor, id: str) -> Portfolio:
    found = _select(cursor, _SELECT + " where id = $id", {"id": id})
    if not found:
        raise PortfolioNotFoundError(f"There is no portfolio {id}.", hint=ELSEWHERE, subject=id)
    return found[0]


def _select(cursor: Cursor, sql: str, parameters: dict[str, Any]) -> tuple[Portfolio, ...]:
    rows = cursor.execute(sql, parameters).fetchall()
    picks = _picks(cursor, [row[0] for row in rows])
    return tuple(
        Portfolio(name, framework, version, tuple(picks.get(id, ())), id, moment(created), moment(updated))
        for id, name, framework, version, created, updated in rows
    )


def _picks(cursor: Cursor, ids: Sequence[str]) -> dict[str, list[Pick]]:
    found: dict[str, list[Pick]] = {}
    for portfolio, path, instrument, symbol, share, locked in cursor.execute(
        "select portfolio_id, path, instrument_id, symbol, share, locked from portfolio_picks"
        " where list_contains($ids, portfolio_id) order by portfolio_id, ordinal",
        {"ids": list(ids)},
    ).fetchall():
        found.setdefault(portfolio, []).append(Pick(path, instrument, symbol, float(share), locked))
    return found
