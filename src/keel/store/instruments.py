"""The universe: instruments by permanent id, with the facts known of each, one row a fact and source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from keel.domain.market.instrument import FactSource, Instrument, InstrumentType
from keel.domain.reading.day import parse_day
from keel.errors import InstrumentNotFoundError
from keel.store import names
from keel.store.connection import Cursor, Database, first_row
from keel.store.memory import Memory
from keel.store.names import OwnerKind
from keel.vocabulary import NOBODY


def upsert_many(db: Database, instruments: Iterable[Instrument], owner_kind: OwnerKind = "user") -> int:
    """How many were written, all in one transaction; the last of equal ids wins.

    The sample replaces what the sample said of them; a user's fact replaces the one of the same source.
    """
    incoming = {i.id: i for i in instruments}
    if incoming:
        db.transact(lambda cursor: _write(db, cursor, incoming, owner_kind))
    return len(incoming)


def universe(db: Database) -> tuple[Instrument, ...]:
    """Every instrument of which more than its name is known, by symbol; read once and kept until one changes."""
    teller = told_by(db)
    return _universe.recall(teller, db.revision("instruments"), lambda: _read(teller))


_universe: Memory[tuple[Instrument, ...]] = Memory(1)
_brought: Memory[bool] = Memory(1)


def told_by(db: Database) -> Database:
    """The database as the owner of what is told of products: of the sample's alone where this one has brought nothing.

    What is read of 50,000 products takes 100 MB, and those who have nothing of their own share it.
    """
    brought = _brought.recall(db, db.revision("instruments"), lambda: _has_brought(db))
    return db if brought else db.of(NOBODY)


def _has_brought(db: Database) -> bool:
    with db.cursor() as cursor:
        return first_row(cursor.execute(_ANY)) is not None


def find(db: Database, symbol: str) -> Instrument | None:
    """The instrument with that symbol, or None; of several, the one with the lowest id."""
    return next(iter(find_many(db, [symbol])), None)


def find_many(db: Database, symbols: Iterable[str]) -> tuple[Instrument, ...]:
    """The instruments with those symbols, by symbol and id; unknown symbols are left out."""
    wanted = set(symbols)
    return tuple(instrument for instrument in universe(db) if instrument.symbol in wanted)


def of_ids(db: Database, ids: Sequence[str]) -> tuple[Instrument, ...]:
    """The instruments with those ids in that order; unknown ids are left out."""
    teller = told_by(db)
    key = (tuple(ids), db.revision("prices"), db.revision("instruments"))
    known = _some.recall(teller, key, lambda: {instrument.id: instrument for instrument in _those(teller, ids)})
    return tuple(known[id] for id in ids if id in known)


def _those(teller: Database, ids: Sequence[str]) -> Iterable[Instrument]:
    """The instruments with those ids, of the universe where it is in memory."""
    # To go through 50,000 takes 1.4 ms, to ask for a few 9 ms.
    every, wanted = _universe.find(teller, teller.revision("instruments")), set(ids)
    return _read(teller, ids) if every is None else (i for i in every if i.id in wanted)


_some: Memory[dict[str, Instrument]] = Memory(32)  # a page of holdings asks for the same few at every click


def get(db: Database, id: str) -> Instrument:
    """One instrument. Raises InstrumentNotFoundError."""
    known = next((instrument for instrument in universe(db) if instrument.id == id), None)
    if known is None:
        raise InstrumentNotFoundError(f"There is no instrument {id}.", subject=id)
    return known


_VALUES = (
    "name", "type", "asset_class", "region", "sector", "subclass", "sleeve", "currency", "expense_ratio", "aum_usd",
    "adv_usd", "inception", "leverage", "tags", "proxy", "price_kind", "survivor", "dataset",
)  # fmt: skip
_CAVEAT = "caveat"  # a sentence: its text is the value


class _Fact(NamedTuple):
    """One row of facts; ``value`` is JSON, None where a source is all that is known."""

    instrument_id: str
    fact: str
    value: str | None
    source: str
    as_of: str | None


def _write(db: Database, cursor: Cursor, incoming: dict[str, Instrument], owner_kind: OwnerKind) -> None:
    db.touch("instruments")
    ids = names.settle(cursor, {id: i.symbol for id, i in incoming.items()}, owner_kind)
    rows = [fact for id, instrument in incoming.items() for fact in _facts(ids[id], instrument)]
    # One JSON document in, rows out: a thousand instruments in 100 ms where executemany takes seconds.
    document = json.dumps([fact._asdict() for fact in rows], ensure_ascii=False)
    cursor.execute("create temporary table incoming_facts as " + _ROWS, {"rows": document, "shape": _SHAPE})
    cursor.execute(_REPLACED, {"owner_kind": owner_kind})
    cursor.execute(_INSERT, {"owner_kind": owner_kind})
    cursor.execute("drop table incoming_facts")


_SHAPE = json.dumps([dict.fromkeys(_Fact._fields, "VARCHAR")])
_ROWS = "select unnest(from_json($rows::json, $shape), recursive := true)"
_ANY = (
    "select 1 from (select owner_kind, owner from instrument_facts union all"
    " select owner_kind, owner from instrument_names where kind = 'isin')"
    " where owner_kind = 'user' and owner = getvariable('owner') limit 1"
)
_REPLACED = (
    "delete from instrument_facts f where f.owner_kind = $owner_kind and f.owner = getvariable('owner')"
    " and exists (select 1 from incoming_facts i"
    " where i.instrument_id = f.instrument_id and ($owner_kind = 'sample' or (i.fact, i.source) = (f.fact, f.source)))"
)
_INSERT = (
    "insert into instrument_facts (instrument_id, fact, value, source, as_of, owner_kind, owner)"
    " select instrument_id, fact, value, source, as_of::date, $owner_kind, getvariable('owner') from incoming_facts"
)


def _facts(id: str, instrument: Instrument) -> Iterator[_Fact]:
    """What is known, each with where it comes from; what is missing has no row."""
    sources = {fact: (source, as_of) for fact, source, as_of in instrument.sources if fact != _CAVEAT}
    for fact in dict.fromkeys((*_VALUES, *sources)):
        value = getattr(instrument, fact) if fact in _VALUES else None
        source, as_of = sources.get(fact, ("", None))
        text = _text(value)
        if text is not None or source:
            yield _Fact(id, fact, text, source, as_of.isoformat() if as_of else None)
    if instrument.caveat:
        yield _Fact(id, _CAVEAT, _text(instrument.caveat), "", None)


def _text(value: Any) -> str | None:
    """A fact as JSON; None for what is not known."""
    if value is None or value is False or value in ("", ()):
        return None
    return json.dumps(value.isoformat() if isinstance(value, date) else value, ensure_ascii=False)


# Of the rows of a fact the best: what a user brought, then the newest. One row an instrument: taking a JSON document
# apart costs a tenth of taking ten values. The least of a key takes half as long as the first row of a window.
_BEST = """
with best as (
    select instrument_id, fact, unnest(arg_min(
        struct_pack(value, source, as_of),
        (owner_kind <> 'user', as_of is null, date '1970-01-01' - as_of, source)
    ))
    from instrument_facts
    where (owner_kind = 'sample' or owner = getvariable('owner')) $some group by instrument_id, fact
),
told as (
    select instrument_id, json_group_object(fact, value) as stated,
        to_json(list_sort(list([fact, source, as_of::varchar]) filter (source <> ''))) as sources
    from best group by instrument_id having bool_or(fact = 'type')
)
select instrument_id, symbol, stated, sources from told join instrument_symbols using (instrument_id)
order by symbol, instrument_id
"""


def _read(db: Database, ids: Sequence[str] | None = None) -> tuple[Instrument, ...]:
    """The instruments of those ids, of all without them, by symbol."""
    some = "" if ids is None else "and instrument_id in (select unnest($ids::varchar[]))"
    with db.cursor() as cursor:
        rows = cursor.execute(_BEST.replace("$some", some), None if ids is None else {"ids": list(ids)}).fetchall()
    sources = {told: _sources(told) for told in {row[-1] for row in rows}}  # most rows of a file have the same
    return tuple(_instrument(id, symbol, stated, sources[told]) for id, symbol, stated, told in rows)


def _sources(document: str | None) -> tuple[FactSource, ...]:
    told = json.loads(document) if document else ()
    return tuple(FactSource(fact, source, parse_day(day) if day else None) for fact, source, day in told)


def _instrument(id: str, symbol: str, document: str, sources: tuple[FactSource, ...]) -> Instrument:
    stated = json.loads(document)
    values = {fact: value for fact, value in stated.items() if fact in _VALUES and value is not None}
    caveat = stated.get(_CAVEAT, "")
    inception = values.pop("inception", None)
    return Instrument(
        id=id,
        symbol=symbol,
        name=values.pop("name", ""),
        type=InstrumentType(values.pop("type")),
        currency=values.pop("currency", ""),
        tags=tuple(values.pop("tags", ())),
        inception=parse_day(inception) if inception else None,
        sources=(*sources, FactSource(_CAVEAT, caveat, None)) if caveat else sources,
        **values,
    )
