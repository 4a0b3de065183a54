"""Imports of what a portfolio holds: each one transaction, known by its content, undone by its id.

In the records and in what is stated a symbol is the id of an instrument, that of cash ``CASH``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from keel.domain.market.prices import CASH
from keel.domain.portfolio.account import Account, account_of
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.held.statement import Statement
from keel.domain.portfolio.position import Position, Role
from keel.errors import ImportNotFoundError
from keel.store import names
from keel.store.connection import Cursor, Database, first_row, insert_rows
from keel.store.holdings import accounts
from keel.store.values import document, moment, new_id, now, stamp


@dataclass(frozen=True, slots=True)
class Import:
    """One file, or one table that was typed: ``name`` is the file's; ``undone_at`` is None while it holds.

    ``again``: trades that an executed plan counts already count once more.
    """

    portfolio_id: str
    format: str
    name: str
    content_sha256: str = ""
    records: int = 0
    id: str = ""
    created_at: datetime | None = None
    undone_at: datetime | None = None
    again: bool = False


def add(db: Database, made: Import, statement: Statement, held_in: tuple[Account, ...] = ()) -> Import:
    """The import as stored with its records; accounts that it names and the portfolio lacks are made."""

    def work(cursor: Cursor) -> Import:
        db.touch("holdings")
        stored = replace(made, id=new_id("imp"), records=len(statement.activities), created_at=now())
        told = {a.name: a for a in held_in}
        named = [*(a.account for a in statement.activities), *(p.account for p in statement.stated)]
        ids = accounts.add(db, made.portfolio_id, [told.get(name) or account_of(name) for name in dict.fromkeys(named)])
        cursor.execute(_INSERT, _row(stored, statement.stated))
        cash = names.resolve(cursor, {a.symbol for a in statement.activities} & {CASH})
        told_of = [replace(a, symbol=cash.get(a.symbol, a.symbol)) for a in statement.activities]
        insert_rows(cursor, "activities", [_record(a, n, ids, stored.id) for n, a in enumerate(told_of)])
        return stored

    return db.transact(work)


def active(db: Database, portfolio_id: str) -> tuple[Import, ...]:
    """The imports of a portfolio that hold, the oldest first."""
    with db.joined() as cursor:
        rows = cursor.execute(
            f"{_LIST} and subject = $portfolio and undone_at is null order by created_at, id",
            {"portfolio": portfolio_id},
        ).fetchall()
    return tuple(_import(row) for row in rows)


def ever(db: Database, portfolio_id: str) -> bool:
    """Whether anything was ever taken into a portfolio, what was undone since counted too."""
    with db.joined() as cursor:
        row = first_row(cursor.execute(f"{_LIST} and subject = $portfolio limit 1", {"portfolio": portfolio_id}))
    return row is not None


def find_same(db: Database, portfolio_id: str, content_sha256: str) -> Import | None:
    """The import that holds of the same content into the portfolio; None when there is none."""
    same = (one for one in active(db, portfolio_id) if one.content_sha256 == content_sha256)
    return next(same, None)


def get(db: Database, id: str) -> Import:
    """One import of holdings. Raises ImportNotFoundError."""
    with db.joined() as cursor:
        row = first_row(cursor.execute(f"{_LIST} and id = $id", {"id": id}))
    if row is None:
        raise ImportNotFoundError(f"There is no import {id}.", hint="Its id was told when it was made.", subject=id)
    return _import(row)


def undo(db: Database, id: str) -> Import:
    """The import, which holds no longer. Raises ImportNotFoundError."""

    def work(cursor: Cursor) -> Import:
        known = get(db, id)
        if known.undone_at is not None:
            return known
        db.touch("holdings")
        cursor.execute(
            "update imports set undone_at = $at where id = $id and owner = getvariable('owner')",
            {"at": stamp(now()), "id": id},
        )
        return replace(known, undone_at=now())

    return db.transact(work)


@dataclass(frozen=True, slots=True)
class Told:
    """An import that holds, and what it says; symbols are ids of instruments."""

    made: Import
    statement: Statement


def told(db: Database, portfolio_id: str) -> tuple[Told, ...]:
    """The imports of a portfolio that hold with what they say, the oldest first."""
    with db.joined() as cursor:
        imports = cursor.execute(_TOLD, {"portfolio": portfolio_id}).fetchall()
        rows = cursor.execute(_RECORDS, {"portfolio": portfolio_id}).fetchall()
    records: dict[str, list[Activity]] = {}
    for import_id, *row in rows:
        records.setdefault(import_id, []).append(_activity(row))
    return tuple(
        Told(_import(row), Statement(tuple(records.get(row[0], ())), tuple(map(_position, json.loads(stated or "[]")))))
        for *row, stated in imports
    )


_COLUMNS = (
    "id, subject, format, content_sha256, summary ->> 'name', (summary ->> 'records')::integer, created_at, undone_at,"
    " coalesce((summary ->> 'again')::boolean, false)"
)
_OWN = "from imports where noun = 'holdings' and owner = getvariable('owner')"
_LIST = f"select {_COLUMNS} {_OWN}"
_TOLD = (
    f"select {_COLUMNS}, summary -> 'stated' {_OWN} and subject = $portfolio and undone_at is null"
    " order by created_at, id"
)
_INSERT = (
    "insert into imports (id, owner, noun, subject, format, content_sha256, summary, created_at)"
    " values ($id, getvariable('owner'), 'holdings', $portfolio, $format, $sha, $summary, $at)"
)
_RECORDS = (
    "select r.import_id, r.kind, r.date, if(n.symbol = 'CASH', n.symbol, r.instrument_id), r.quantity, r.price,"
    " r.amount, r.currency, r.fee, a.name,"
    " r.ordinal, r.acquired from activities r join imports i on i.id = r.import_id"
    " join accounts a on a.id = r.account_id"
    " join instrument_symbols n on n.instrument_id = r.instrument_id where i.noun = 'holdings'"
    " and i.subject = $portfolio and i.owner = getvariable('owner') and i.undone_at is null"
    " order by i.created_at, i.id, r.ordinal"
)


def _row(made: Import, stated: tuple[Position, ...]) -> dict[str, object]:
    summary: Mapping[str, object] = {
        "name": made.name,
        "records": made.records,
        "stated": [_setting(position) for position in stated],
        "again": made.again,
    }
    return {
        "id": made.id,
        "portfolio": made.portfolio_id,
        "format": made.format,
        "sha": made.content_sha256,
        "summary": document(summary),
        "at": stamp(made.created_at or now()),
    }


def _setting(position: Position) -> dict[str, object]:
    return {
        "account": position.account,
        "instrument": position.symbol,
        "price": position.price,
        "role": position.role.value,
        "no_buy": position.no_buy,
        "no_sell": position.no_sell,
        "bucket": position.bucket,
        "currency": position.currency,
    }


def _position(stated: Mapping[str, Any]) -> Position:
    return Position(
        stated["instrument"],
        0.0,
        stated["price"],
        Role(stated["role"]),
        stated["account"],
        no_buy=stated["no_buy"],
        no_sell=stated["no_sell"],
        bucket=stated["bucket"],
        currency=stated["currency"],
    )


def _record(a: Activity, ordinal: int, account_ids: Mapping[str, str], import_id: str) -> dict[str, object]:
    return {
        "id": new_id("act"),
        "account_id": account_ids[a.account],
        "import_id": import_id,
        "instrument_id": a.symbol,
        "kind": a.kind.value,
        "date": a.date,
        "quantity": a.quantity,
        "price": a.price,
        "amount": a.amount,
        "currency": a.currency,
        "fee": a.fee,
        "ordinal": ordinal if a.row is None else a.row,
        "acquired": a.acquired,
    }


def _activity(row: list[Any]) -> Activity:
    kind, when, instrument_id, quantity, price, amount, currency, fee, account, ordinal, acquired = row
    return Activity(
        ActivityKind(kind),
        when,
        instrument_id,
        quantity,
        price,
        amount,
        currency,
        fee=fee,
        account=account,
        row=ordinal,
        acquired=acquired,
    )


def _import(row: Sequence[Any]) -> Import:
    id, portfolio_id, format, sha, name, records, created_at, undone_at, again = row
    undone = undone_at and moment(undone_at)
    return Import(portfolio_id, format, name, sha, records, id, moment(created_at), undone, again)
