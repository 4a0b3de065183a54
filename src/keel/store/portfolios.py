"""Portfolios: an id that stays and versions that never change, each the picks of one framework version."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.portfolio.score_weights import USUAL, ScoreWeights
from keel.errors import EditConflictError, FrameworkNotFoundError, PortfolioNotFoundError
from keel.store import names
from keel.store.archive import IS_ARCHIVED
from keel.store.connection import Cursor, Database, first_row, insert_rows
from keel.store.memory import Memory
from keel.store.values import ELSEWHERE, Versions, moment, new_id, now, one_or_many, stamp, weight


def save(db: Database, portfolio: Portfolio, expected_version: int | None = None) -> Portfolio:
    """The portfolio as stored: version 1 of a new one, or the version after the newest where something has changed.

    ``expected_version`` is the version the edit began from (None: the portfolio's own). Raises EditConflictError when
    another has been stored meanwhile, FrameworkNotFoundError when its framework version is not stored.
    """
    began = portfolio.version if expected_version is None else expected_version
    return db.transact(lambda cursor: _save(db, cursor, portfolio, began))


def get(db: Database, id: str, version: int | None = None) -> Portfolio:
    """One version of a portfolio, the newest without ``version``; archived ones too. Raises PortfolioNotFoundError."""

    def read() -> Portfolio:
        with db.cursor() as cursor:
            return _get(cursor, id, version)

    return _kept.recall(db, (id, version, *_revisions(db)), read)


_kept: Memory[Portfolio] = Memory(64)
_lists: Memory[tuple[Portfolio, ...]] = Memory(64)
_holders: Memory[tuple[Portfolio, ...]] = Memory(1)
_symbols: Memory[frozenset[str]] = Memory(4)


def _revisions(db: Database) -> tuple[int, ...]:
    """What answers about portfolios rest on; a symbol on display may change without the portfolio."""
    return tuple(db.revision(noun) for noun in ("portfolios", "instruments", "archived"))


def _list(db: Database, sql: str, parameters: dict[str, Any]) -> tuple[Portfolio, ...]:
    """The portfolios of a question, asked once as long as nothing changes: every page asks anew at every click."""

    def read() -> tuple[Portfolio, ...]:
        with db.cursor() as cursor:
            return _select(cursor, sql, parameters)

    return _lists.recall(db, (sql, *parameters.values(), *_revisions(db)), read)


def latest_for(db: Database, framework_id: str, framework_version: int | None = None) -> Portfolio | None:
    """The newest that was made of a framework (of that version only, when one is given), or None."""
    newest = _list(
        db,
        f"{_SELECT} and v.framework_id = $framework and not {_IS_ARCHIVED}"
        " and v.framework_version_used = coalesce($version, v.framework_version_used)"
        " order by v.created_at desc, v.id, v.version desc limit 1",
        {"framework": framework_id, "version": framework_version},
    )
    return newest[0] if newest else None


def list_for(db: Database, framework_id: str | None = None) -> tuple[Portfolio, ...]:
    """The newest version of every portfolio that is not archived, of a framework or of all, the last edited first."""
    return _list(
        db,
        f"{_SELECT} and v.framework_id = coalesce($framework, v.framework_id) and {_IS_NEWEST} and not {_IS_ARCHIVED}"
        " order by v.created_at desc, v.id",
        {"framework": framework_id},
    )


def symbols_held(db: Database) -> frozenset[str]:
    """The symbols that the newest versions of the portfolios hold, archived ones left out."""

    def read() -> frozenset[str]:
        with db.cursor() as cursor:
            rows = cursor.execute(f"{_HELD} and {_IS_NEWEST} and not {_IS_ARCHIVED}").fetchall()
        return frozenset(symbol for (symbol,) in rows)

    return _symbols.recall(db, _revisions(db), read)


def holding(db: Database, symbol: str) -> Portfolio | None:
    """The last edited of the portfolios whose newest version holds the symbol, archived ones left out."""
    rows = _list(
        db,
        f"{_SELECT} and {_IS_NEWEST} and not {_IS_ARCHIVED} and {_HOLDS} order by v.created_at desc, v.id limit 1",
        {"symbol": symbol},
    )
    return rows[0] if rows else None


def list_held(db: Database) -> tuple[Portfolio, ...]:
    """The newest version of every portfolio that holds something, archived ones left out, by name."""

    def read() -> tuple[Portfolio, ...]:
        with db.cursor() as cursor:
            return _select(
                cursor,
                f"{_SELECT} and {_IS_NEWEST} and not {_IS_ARCHIVED} and {_IS_HELD} order by p.name, v.id",
                {},
            )

    return _holders.recall(db, (db.revision("holdings"), *_revisions(db)), read)


def owners(db: Database) -> tuple[str, ...]:
    """Everybody who has a portfolio, for work that is done for each."""
    with db.cursor() as cursor:
        rows = cursor.execute("select distinct owner from portfolios /* of all owners */ order by owner").fetchall()
    return tuple(owner for (owner,) in rows)


def versions(db: Database, id: str) -> tuple[Portfolio, ...]:
    """Every version of a portfolio, oldest first. Raises PortfolioNotFoundError."""
    with db.cursor() as cursor:
        rows = _select(cursor, f"{_SELECT} and v.id = $id order by v.version", {"id": id})
    if not rows:
        raise _not_found(id)
    return rows


def rename(db: Database, id: str, name: str) -> Portfolio:
    """The portfolio under its new name, which all its versions bear. Raises PortfolioNotFoundError."""

    def work(cursor: Cursor) -> Portfolio:
        _get(cursor, id, None)
        db.touch("portfolios")
        _call(cursor, id, name)
        return _noted(db, _get(cursor, id, None))

    return db.transact(work)


_SELECT = (
    "select v.id, v.version, p.name, v.framework_id, v.framework_version_used, p.created_at, v.created_at,"
    " v.score_weights"
    " from portfolio_versions v join portfolios p on p.id = v.id where p.owner = getvariable('owner')"
)
_HELD = (
    "select distinct s.symbol from portfolio_picks k"
    " join portfolio_versions v on v.id = k.portfolio_id and v.version = k.portfolio_version"
    " join portfolios p on p.id = v.id join instrument_symbols s on s.instrument_id = k.instrument_id"
    " where p.owner = getvariable('owner')"
)
_HOLDS = (
    "exists (select 1 from portfolio_picks k join instrument_symbols s on s.instrument_id = k.instrument_id"
    " where k.portfolio_id = v.id and k.portfolio_version = v.version and s.symbol = $symbol)"
)
_IS_HELD = (
    "exists (select 1 from accounts a join positions s on s.account_id = a.id where a.portfolio_id = v.id"
    " and a.owner = p.owner)"
)
_PICKS = (
    "select k.portfolio_id, k.portfolio_version, k.path, k.instrument_id, s.symbol, k.share, k.locked"
    " from portfolio_picks k join instrument_symbols s on s.instrument_id = k.instrument_id"
)
_IS_NEWEST = "not exists (select 1 from portfolio_versions n where n.id = v.id and n.version > v.version)"
_IS_ARCHIVED = IS_ARCHIVED["portfolio"]


def _save(db: Database, cursor: Cursor, portfolio: Portfolio, began: int) -> Portfolio:
    db.touch("portfolios")
    _require_framework(cursor, portfolio)
    portfolio = replace(portfolio, picks=_identified(cursor, portfolio.picks))
    newest = _find(cursor, portfolio.id) if portfolio.id else None
    if newest is None:
        return _noted(db, _create(cursor, replace(portfolio, id=portfolio.id or new_id("pf"))))
    if _content(newest) == _content(portfolio):
        return newest
    if began != newest.version:
        raise EditConflictError(
            f"{newest.name} has been edited meanwhile: version {newest.version} is newer than the version {began}"
            " this edit began from.",
            current=newest.version,
            hint="Open the newest version and make the change again.",
            subject=newest.id,
        )
    _call(cursor, newest.id, portfolio.name)
    return _noted(db, _insert(cursor, replace(portfolio, created_at=newest.created_at), newest.version + 1))


def _noted(db: Database, newest: Portfolio) -> Portfolio:
    """The newest version, of which note is taken once it is committed."""

    def remember() -> None:
        for version in (newest.version, None):
            _kept.remember(db, (newest.id, version, *_revisions(db)), newest)

    db.stored(remember, without="instruments")
    return newest


def _require_framework(cursor: Cursor, portfolio: Portfolio) -> None:
    known = first_row(
        cursor.execute(
            "select count(*) from allocation_frameworks"
            " where id = $id and version = $version and owner = getvariable('owner')",
            {"id": portfolio.framework_id, "version": portfolio.framework_version},
        )
    )
    if known == (0,):
        raise FrameworkNotFoundError(
            f"There is no framework {portfolio.framework_id} version {portfolio.framework_version}"
            f" for the portfolio {portfolio.name}.",
            subject=portfolio.framework_id,
        )


def _content(portfolio: Portfolio) -> Portfolio:
    return replace(portfolio, created_at=None, updated_at=None, version=0)


def _create(cursor: Cursor, portfolio: Portfolio) -> Portfolio:
    at = now()
    cursor.execute(
        "insert into portfolios (id, owner, name, created_at, updated_at)"
        " values ($id, getvariable('owner'), $name, $at, $at)",
        {"id": portfolio.id, "name": portfolio.name, "at": stamp(at)},
    )
    return _insert(cursor, replace(portfolio, created_at=at), 1)


def _call(cursor: Cursor, id: str, name: str) -> None:
    cursor.execute(
        "update portfolios set name = $name, updated_at = $at where id = $id and owner = getvariable('owner')",
        {"name": name, "at": stamp(now()), "id": id},
    )


def _insert(cursor: Cursor, portfolio: Portfolio, version: int) -> Portfolio:
    """Writes a version; what it will be read as."""
    at = now()
    key = {"id": portfolio.id, "version": version}
    cursor.execute(
        "insert into portfolio_versions (id, version, framework_id, framework_version_used, created_at, score_weights)"
        " values ($id, $version, $framework, $framework_version, $at, $weights)",
        key
        | {
            "framework": portfolio.framework_id,
            "framework_version": portfolio.framework_version,
            "at": stamp(at),
            "weights": None if portfolio.weights == USUAL else json.dumps(portfolio.weights.of_parts()),
        },
    )
    rows = [
        {
            "portfolio_id": key["id"],
            "portfolio_version": key["version"],
            "ordinal": n,
            "path": pick.path,
            "instrument_id": pick.instrument_id,
            "share": weight(pick.share, pick.symbol),
            "locked": pick.locked,
        }
        for n, pick in enumerate(portfolio.picks)
    ]
    insert_rows(cursor, "portfolio_picks", rows)
    return replace(portfolio, version=version, updated_at=at)


def _identified(cursor: Cursor, picks: Sequence[Pick]) -> tuple[Pick, ...]:
    """The picks as they are stored: by the instrument of their id or else of their symbol, to twelve decimals."""
    known = names.shown(cursor, [pick.instrument_id for pick in picks if pick.instrument_id])
    by_symbol = names.resolve(cursor, [pick.symbol for pick in picks if pick.instrument_id not in known])
    return tuple(
        _stored(pick, *known.get(pick.instrument_id) or (by_symbol[pick.symbol], pick.symbol)) for pick in picks
    )


def _stored(pick: Pick, instrument_id: str, symbol: str) -> Pick:
    share = float(weight(pick.share, pick.symbol))
    return replace(pick, instrument_id=instrument_id, symbol=symbol, share=share)


def _not_found(id: str, version: int | None = None) -> PortfolioNotFoundError:
    if version is None:
        return PortfolioNotFoundError(f"There is no portfolio {id}.", hint=ELSEWHERE, subject=id)
    return PortfolioNotFoundError(f"Portfolio {id} has no version {version}.", hint=ELSEWHERE, subject=id)


def _get(cursor: Cursor, id: str, version: int | None) -> Portfolio:
    portfolio = _find(cursor, id, version)
    if portfolio is None:
        raise _not_found(id, version)
    return portfolio


def _find(cursor: Cursor, id: str, version: int | None = None) -> Portfolio | None:
    one, asked = "order by v.version desc limit 1", {}
    if version is not None:
        one, asked = "and v.version = $version", {"version": version}
    rows = _select(cursor, f"{_SELECT} and v.id = $id {one}", {"id": id} | asked)
    return rows[0] if rows else None


def _select(cursor: Cursor, sql: str, parameters: dict[str, Any]) -> tuple[Portfolio, ...]:
    rows = cursor.execute(sql, parameters).fetchall()
    picks = _picks(cursor, [(str(row[0]), int(row[1])) for row in rows]) if rows else {}
    return tuple(
        Portfolio(
            name=name,
            framework_id=framework,
            framework_version=framework_version,
            picks=tuple(picks.get((id, version), ())),
            id=id,
            created_at=moment(created),
            updated_at=moment(edited),
            version=version,
            weights=ScoreWeights(**json.loads(weights)) if weights else USUAL,
        )
        for id, version, name, framework, framework_version, created, edited, weights in rows
    )


def _picks(cursor: Cursor, keys: Versions) -> dict[tuple[str, int], list[Pick]]:
    """The picks of each portfolio version, by its id and version, in their order."""
    picks: dict[tuple[str, int], list[Pick]] = {}
    condition, asked = one_or_many("portfolio", keys)
    rows = cursor.execute(f"{_PICKS} where {condition} order by k.ordinal", asked).fetchall()
    for id, version, path, instrument, symbol, share, locked in rows:
        picks.setdefault((id, version), []).append(Pick(path, instrument, symbol, float(share), locked))
    return picks
