"""The positions of portfolios, as their records add up to them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from keel.domain.market.prices import CASH
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.store import names
from keel.store.connection import Cursor, Database, insert_rows
from keel.store.holdings import accounts
from keel.store.memory import Memory


@dataclass(frozen=True, slots=True)
class Stored:
    """A position under its symbol of today, its instrument, and the day of a price that a list of holdings states.

    The price of a ``traded`` one is that of its last trade.
    """

    position: Position
    instrument_id: str
    priced_on: date | None = None
    traded: bool = False


def replace_all(db: Database, portfolio_id: str, held: Sequence[Stored]) -> None:
    """Writes what a portfolio holds in place of what it held; their accounts are stored. The id of cash is ``CASH``."""

    def work(cursor: Cursor) -> None:
        db.touch("holdings")
        ids = {account.name: account.id for account in accounts.list_for(db, portfolio_id)}
        for table in ("lots", "positions"):
            cursor.execute(
                f"delete from {table} where account_id in (select unnest($ids))",  # noqa: S608 (names of our own)
                {"ids": list(ids.values())},
            )
        cash = names.resolve(cursor, {one.instrument_id for one in held} & {CASH})
        known = [replace(one, instrument_id=cash.get(one.instrument_id, one.instrument_id)) for one in held]
        insert_rows(cursor, "positions", [_row(one, ids[one.position.account]) for one in known])
        lots = [row for one in held for row in _lots(one, ids[one.position.account])]
        insert_rows(cursor, "lots", lots)

    db.transact(work)


def list_for(db: Database, portfolio_id: str) -> tuple[Stored, ...]:
    """What a portfolio holds, by account and symbol, cash last in each account; read once until that changes."""
    key = (portfolio_id, db.revision("holdings"), db.revision("instruments"))
    return _held.read(db, key, lambda: _list(db, portfolio_id))


_held: Memory[tuple[Stored, ...]] = Memory(32)  # a page of holdings asks four times at every click


def _list(db: Database, portfolio_id: str) -> tuple[Stored, ...]:
    asked = {"portfolio": portfolio_id}
    with db.joined() as cursor:
        rows = cursor.execute(_SELECT, asked).fetchall()
        lots: dict[tuple[str, str], list[Lot]] = {}
        for account_id, instrument_id, *lot in cursor.execute(_LOTS, asked).fetchall():
            lots.setdefault((account_id, instrument_id), []).append(Lot(*lot))
    return tuple(_stored(row, lots.get((row[11], row[12]), [])) for row in rows)


def of_all(db: Database) -> dict[str, tuple[Stored, ...]]:
    """What every portfolio holds, by its id, without lots; one that holds nothing is left out."""
    held: dict[str, list[Stored]] = {}
    with db.joined() as cursor:
        for row in cursor.execute(_ALL).fetchall():
            held.setdefault(row[13], []).append(_stored(row, []))
    return {portfolio_id: tuple(many) for portfolio_id, many in held.items()}


def _stored(row: tuple[Any, ...], lots: Sequence[Lot]) -> Stored:
    symbol, quantity, price, role, account, no_buy, no_sell, bucket, currency, priced_on, traded, _, id = row[:13]
    kind, known = Role(role), tuple(lots)
    position = Position(symbol, quantity, price, kind, account, no_buy, no_sell, bucket, known, currency)
    return Stored(position, id, priced_on, traded)


_ROWS = (
    "select n.symbol, s.quantity, s.price, s.role, a.name, s.no_buy, s.no_sell, s.bucket, s.currency, s.priced_on,"
    " s.traded, s.account_id, s.instrument_id, a.portfolio_id from positions s"
    " join instrument_symbols n on n.instrument_id = s.instrument_id"
    " join accounts a on a.id = s.account_id where a.owner = getvariable('owner')"
)
_ORDER = " order by a.created_at, a.name, n.symbol = 'CASH', n.symbol, s.instrument_id, s.currency"
_SELECT = f"{_ROWS} and a.portfolio_id = $portfolio{_ORDER}"
_ALL = f"{_ROWS}{_ORDER}"
_LOTS = (
    "select s.account_id, s.instrument_id, s.quantity, s.cost, s.acquired, s.currency from lots s"
    " join accounts a on a.id = s.account_id where a.portfolio_id = $portfolio and a.owner = getvariable('owner')"
    " order by s.account_id, s.instrument_id, s.ordinal"
)


def _row(one: Stored, account_id: str) -> dict[str, object]:
    position = one.position
    return {
        "account_id": account_id,
        "instrument_id": one.instrument_id,
        "currency": position.currency,
        "quantity": position.quantity,
        "price": position.price,
        "priced_on": one.priced_on,
        "traded": one.traded,
        "role": position.role.value,
        "no_buy": position.no_buy,
        "no_sell": position.no_sell,
        "bucket": position.bucket,
    }


def _lots(one: Stored, account_id: str) -> Iterable[dict[str, object]]:
    for n, lot in enumerate(one.position.lots):
        yield {
            "account_id": account_id,
            "instrument_id": one.instrument_id,
            "ordinal": n,
            "quantity": lot.quantity,
            "cost": lot.cost,
            "acquired": lot.acquired,
            "currency": lot.currency,
        }
