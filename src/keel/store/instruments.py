"""The universe: instruments by permanent id, with the facts known of each."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from keel.domain.market.instrument import FactSource, Instrument, InstrumentType
from keel.domain.reading.values import parse_day
from keel.errors import InstrumentNotFoundError
from keel.store.connection import Cursor, Database
from keel.store.memory import Memory


def upsert_many(db: Database, instruments: Iterable[Instrument]) -> int:
    """How many were written; one with the same id is replaced, all in one transaction. The last of equal ids wins."""
    rows = [_row(instrument) for instrument in {i.id: i for i in instruments}.values()]
    if rows:
        db.transact(lambda cursor: _replace(db, cursor, rows))
    return len(rows)


def universe(db: Database) -> tuple[Instrument, ...]:
    """Every instrument, by symbol; read once and kept until one changes."""
    return _universe.recall(db, db.revision("instruments"), lambda: _read(db))


_universe: Memory[tuple[Instrument, ...]] = Memory(1)


def find(db: Database, symbol: str) -> Instrument | None:
    """The instrument with that symbol, or None; of several, the one with the lowest id."""
    return next(iter(find_many(db, [symbol])), None)


def find_many(db: Database, symbols: Iterable[str]) -> tuple[Instrument, ...]:
    """The instruments with those symbols, by symbol and id; unknown symbols are left out."""
    wanted = set(symbols)
    return tuple(instrument for instrument in universe(db) if instrument.symbol in wanted)


def get(db: Database, id: str) -> Instrument:
    """One instrument. Raises InstrumentNotFoundError."""
    found = next((instrument for instrument in universe(db) if instrument.id == id), None)
    if found is None:
        raise InstrumentNotFoundError(f"There is no instrument {id}.", subject=id)
    return found


_SELECT = (
    "select id, symbol, name, type, asset_class, region, sector, subclass, sleeve, currency, expense_ratio, aum_usd,"
    " adv_usd, inception, leverage, tags, proxy, price_kind, survivor, dataset, sources from instruments"
)
_NAMES = tuple(_SELECT.removeprefix("select ").removesuffix(" from instruments").split(", "))


def _row(instrument: Instrument) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(instrument, name) for name in _NAMES}
    row["type"] = instrument.type.value
    row["tags"] = json.dumps(instrument.tags, ensure_ascii=False)
    row["sources"] = json.dumps(
        [[fact, source, as_of.isoformat() if as_of else None] for fact, source, as_of in instrument.sources],
        ensure_ascii=False,
    )
    return row


def _replace(db: Database, cursor: Cursor, rows: list[dict[str, Any]]) -> None:
    db.touch("instruments")
    # One JSON document in, rows out: a thousand instruments in 30 ms where executemany takes 300.
    cursor.execute("delete from instruments where id in (select unnest($ids))", {"ids": [row["id"] for row in rows]})
    cursor.execute(
        "insert into instruments by name select unnest(from_json($rows::json, $shape), recursive := true)",
        {"rows": json.dumps(rows, ensure_ascii=False, default=date.isoformat), "shape": _SHAPE},
    )


_TYPES = {
    "expense_ratio": "DOUBLE",
    "aum_usd": "DOUBLE",
    "adv_usd": "DOUBLE",
    "inception": "DATE",
    "leverage": "DOUBLE",
    "survivor": "BOOLEAN",
}
_SHAPE = json.dumps([{name: _TYPES.get(name, "VARCHAR") for name in _NAMES}])


def _read(db: Database) -> tuple[Instrument, ...]:
    with db.cursor() as cursor:
        rows = cursor.execute(_SELECT + " order by symbol, id").fetchall()
    return tuple(_instrument(dict(zip(_NAMES, row, strict=True))) for row in rows)


def _instrument(row: dict[str, Any]) -> Instrument:
    row["type"] = InstrumentType(row["type"])
    row["tags"] = tuple(json.loads(row["tags"]))
    row["sources"] = tuple(
        FactSource(fact, source, parse_day(as_of) if as_of else None)
        for fact, source, as_of in json.loads(row["sources"])
    )
    return Instrument(**row)
