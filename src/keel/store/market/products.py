"""Imports of products: facts stored beside the sample's in one transaction, known by their content, and undone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from keel.domain.market.instrument import InstrumentType
from keel.domain.market.instrument import new_id as id_of
from keel.errors import ImportNotFoundError, InputError
from keel.store import names
from keel.store.connection import Cursor, Database, first_row, insert_columns, insert_rows
from keel.store.market.imports import IN_USE
from keel.store.values import document, moment, new_id, now, stamp


@dataclass(frozen=True, slots=True)
class Arrival:
    """A product that comes in by its symbol, with what it is if nobody knows it, and its ISIN where that is told."""

    symbol: str
    type: InstrumentType
    isin: str = ""


class Fact(NamedTuple):
    """What a file says of a product; ``value`` is JSON."""

    symbol: str
    fact: str
    value: str
    source: str
    as_of: date


@dataclass(frozen=True, slots=True)
class UniverseImport:
    """What one file said of products; ``undone_at`` is None while that holds. ``created``: how many nobody knew."""

    name: str
    format: str
    content_sha256: str
    products: int
    facts: int = 0
    created: int = 0
    notes: tuple[str, ...] = ()
    id: str = ""
    created_at: datetime | None = None
    undone_at: datetime | None = None


def add(db: Database, arrivals: Sequence[Arrival], facts: Iterable[Fact], incoming: UniverseImport) -> UniverseImport:
    """The import as stored, all or nothing: its facts stand beside the sample's, in place of the same source's."""
    columns = _columns(facts)

    def work(cursor: Cursor) -> UniverseImport:
        db.touch("instruments")
        made = replace(incoming, id=new_id("imp"), created_at=now())
        known = names.bearers(cursor, [arrival.symbol for arrival in arrivals])
        fresh = _create(cursor, [arrival for arrival in arrivals if arrival.symbol not in known], made.id)
        ids = known | fresh
        _name(db, cursor, arrivals, ids, made.id)
        _say(cursor, columns, ids, made.id)
        made = replace(made, created=len(fresh), facts=len(columns["fact"]))
        cursor.execute(_IMPORT, _row(made))
        return made

    return db.transact(work)


def find_same(db: Database, content_sha256: str) -> UniverseImport | None:
    """The import of the same content whose facts stand as it left them; None when there is none."""
    with db.cursor() as cursor:
        row = first_row(cursor.execute(_SAME, {"sha": content_sha256}))
    return _import(row) if row else None


def active(db: Database) -> tuple[UniverseImport, ...]:
    """The imports that hold, the newest first."""
    with db.cursor() as cursor:
        rows = cursor.execute(_LIST + " and undone_at is null order by created_at desc").fetchall()
    return tuple(_import(row) for row in rows)


def get(db: Database, id: str) -> UniverseImport:
    """One import of products. Raises ImportNotFoundError."""
    with db.cursor() as cursor:
        row = first_row(cursor.execute(_LIST + " and id = $id", {"id": id}))
    if row is None:
        raise ImportNotFoundError(f"There is no import {id}.", hint="Its id was told when it was made.", subject=id)
    return _import(row)


def undo(db: Database, id: str) -> UniverseImport:
    """The import, undone: what it replaced stands again, and products that came with it and nothing rests on are gone.

    What prices, portfolios or frameworks rest on stays known. A second time changes nothing. Raises
    ImportNotFoundError, and InputError where a later import replaced some of its facts.
    """

    def work(cursor: Cursor) -> UniverseImport:
        known = get(db, id)
        if known.undone_at is not None:
            return known
        later = first_row(cursor.execute(_LATER, {"import": id}))
        if later is not None:
            message = f"The import {id} was followed by {later[0]}, which replaced some of its facts."
            raise InputError(message, hint=f"Undo {later[0]} first.", subject=id)
        db.touch("instruments")
        for step in _BACK:
            cursor.execute(step, {"import": id} if "$import" in step else None)
        undone = replace(known, undone_at=now())
        cursor.execute(_UNDONE, {"at": stamp(now()), "id": id})
        return undone

    return db.transact(work)


def _create(cursor: Cursor, arrivals: Sequence[Arrival], import_id: str) -> dict[str, str]:
    """Symbol → id of products that nobody knows; an id that is taken, as by one renamed since, is not used again."""
    wanted = {arrival.symbol: id_of(arrival.type, arrival.symbol) for arrival in arrivals}
    taken = set(names.known_ids(cursor, wanted.values()))
    fresh = {symbol: id if id not in taken else new_id("ins") for symbol, id in wanted.items()}
    made = stamp(now())
    insert_rows(cursor, "instruments", [{"id": id, "created_at": made} for id in fresh.values()])
    rows = [names.opened(id, symbol, "user") | {"import_id": import_id} for symbol, id in fresh.items()]
    insert_rows(cursor, "instrument_names", rows)
    return fresh


def _name(db: Database, cursor: Cursor, arrivals: Sequence[Arrival], ids: dict[str, str], import_id: str) -> None:
    """Stores the ISINs that are new."""
    told = {(ids[arrival.symbol], arrival.isin) for arrival in arrivals if arrival.isin}
    held = set(cursor.execute(_ISINS).fetchall())
    whose = {"import_id": import_id, "owner": db.owner}
    rows = [names.opened(id, isin, "user", "isin") | whose for id, isin in sorted(told - held)]
    insert_rows(cursor, "instrument_names", rows)


def _columns(facts: Iterable[Fact]) -> dict[str, list[Any]]:
    """Field → the values of all facts: half a million facts as rows would keep the collector of garbage busy."""
    columns: tuple[list[Any], ...] = ([], [], [], [], [])
    symbols, named, values, sources, days = columns
    for symbol, fact, value, source, as_of in facts:
        symbols.append(symbol)
        named.append(fact)
        values.append(value)
        sources.append(source)
        days.append(as_of)
    return dict(zip(Fact._fields, columns, strict=True))


def _say(cursor: Cursor, facts: Mapping[str, Sequence[Any]], ids: dict[str, str], import_id: str) -> None:
    """Sets aside what the same sources said of the same facts, and stores what they say now."""
    cursor.execute(_EMPTY)
    bearers = [ids[symbol] for symbol in facts["symbol"]]
    insert_columns(cursor, "incoming_facts", {"instrument_id": bearers, **{name: facts[name] for name in _SAID}})
    for step in _INTO:
        cursor.execute(step, {"import": import_id} if "$import" in step else None)


def _row(made: UniverseImport) -> dict[str, object]:
    summary: dict[str, Any] = {
        "products": made.products,
        "facts": made.facts,
        "created": made.created,
        "notes": list(made.notes),
    }
    return {
        "id": made.id,
        "name": made.name,
        "format": made.format,
        "sha": made.content_sha256,
        "summary": document(summary),
        "at": stamp(made.created_at or now()),
    }


def _import(row: tuple[Any, ...]) -> UniverseImport:
    id, name, format, sha, summary, created_at, undone_at = row
    told = json.loads(summary)
    return UniverseImport(
        name=name,
        format=format,
        content_sha256=sha,
        products=told["products"],
        facts=told["facts"],
        created=told["created"],
        notes=tuple(told["notes"]),
        id=id,
        created_at=moment(created_at),
        undone_at=undone_at and moment(undone_at),
    )


_LIST = (
    "select id, subject, format, content_sha256, summary, created_at, undone_at from imports"
    " where noun = 'universe' and owner = getvariable('owner')"
)
_SAME = (
    "select id, subject, format, content_sha256, summary, created_at, undone_at from imports i"
    " where noun = 'universe' and owner = getvariable('owner') and content_sha256 = $sha and undone_at is null"
    " and not exists (select 1 from replaced_facts r where r.import_id = i.id) order by created_at desc limit 1"
)
_ISINS = (
    "select instrument_id, name from instrument_names"
    " where kind = 'isin' and (owner_kind = 'sample' or owner = getvariable('owner'))"
)
_LATER = (
    "select replaced_by from replaced_facts where import_id = $import and owner = getvariable('owner')"
    " order by replaced_by limit 1"
)
_UNDONE = "update imports set undone_at = $at where id = $id and owner = getvariable('owner')"
_IMPORT = (
    "insert into imports (id, owner, noun, subject, format, content_sha256, summary, created_at)"
    " values ($id, getvariable('owner'), 'universe', $name, $format, $sha, $summary, $at)"
)
_SAID = ("fact", "value", "source", "as_of")
_EMPTY = (
    "create or replace temporary table incoming_facts"
    " (instrument_id varchar, fact varchar, value varchar, source varchar, as_of date)"
)
_SAME_FACT = "(i.instrument_id, i.fact, i.source) = (f.instrument_id, f.fact, f.source)"
_INTO = (
    "insert into replaced_facts (replaced_by, instrument_id, fact, value, source, as_of, import_id, owner)"  # noqa: S608
    " select $import, f.instrument_id, f.fact, f.value, f.source, f.as_of, f.import_id, f.owner from instrument_facts f"
    " where f.owner_kind = 'user' and f.owner = getvariable('owner') and exists (select 1"
    f" from incoming_facts i where {_SAME_FACT})",
    "delete from instrument_facts f where f.owner_kind = 'user' and f.owner = getvariable('owner')"  # noqa: S608
    f" and exists (select 1 from incoming_facts i where {_SAME_FACT})",
    "insert into instrument_facts (instrument_id, fact, value, source, as_of, owner_kind, import_id, owner)"
    " select instrument_id, fact, value::json, source, as_of, 'user', $import, getvariable('owner')"
    " from incoming_facts",
    "drop table incoming_facts",
)
_BACK = (
    "create or replace temporary table created as select instrument_id as id from instrument_names"
    " where import_id = $import and kind = 'symbol'",
    f"create or replace temporary table forgotten as select id from created except ({IN_USE}"  # noqa: S608
    " union all select instrument_id from instrument_facts"
    " where import_id not in ('', $import) or owner <> getvariable('owner'))",
    "update instrument_facts set import_id = ''"
    " where import_id = $import and owner = getvariable('owner') and instrument_id in"
    " (select id from created except select id from forgotten)",
    "update instrument_names set import_id = '' where import_id = $import and instrument_id in"
    " (select id from created except select id from forgotten)",
    "delete from instrument_facts where owner = getvariable('owner')"
    " and (import_id = $import or instrument_id in (select id from forgotten))",
    "delete from instrument_names where import_id = $import or instrument_id in (select id from forgotten)",
    "delete from instruments where id in (select id from forgotten)",
    "insert into instrument_facts (instrument_id, fact, value, source, as_of, owner_kind, import_id, owner)"
    " select r.instrument_id, r.fact, r.value, r.source, r.as_of, 'user', r.import_id, r.owner from replaced_facts r"
    " anti join instrument_facts f on f.owner_kind = 'user' and f.owner = r.owner and f.instrument_id = r.instrument_id"
    " and f.fact = r.fact and f.source = r.source where r.replaced_by = $import",
    "delete from replaced_facts where replaced_by = $import and owner = getvariable('owner')",
    "drop table created",
    "drop table forgotten",
)
