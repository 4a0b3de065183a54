"""Imports of prices: stored in one transaction, known by their content, and undone by their id."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import import_module
from typing import Any

from keel.domain.market.choice import CURRENCIES_DATASET
from keel.domain.market.instrument import Coverage, Instrument
from keel.errors import ImportNotFoundError, InputError
from keel.store import instruments, names
from keel.store.connection import Cursor, Database, first_row, insert_rows
from keel.store.market.datasets import key
from keel.store.market.staging import Staged
from keel.store.values import document, moment, new_id, now, stamp

SOURCE = "imported"  # what a dataset of imports has as its source


@dataclass(frozen=True, slots=True)
class Import:
    """What one file brought into a dataset; ``undone_at`` is None while that holds.

    ``created`` are the instruments, by id, that nobody knew before; ``replaced`` counts the series that it took the
    place of.
    """

    dataset: str
    format: str
    content_sha256: str
    symbols: tuple[str, ...]
    rows: int
    first: date
    last: date
    notes: tuple[str, ...] = ()
    created: tuple[str, ...] = ()
    replaced: int = 0
    id: str = ""
    created_at: datetime | None = None
    undone_at: datetime | None = None


def add(
    db: Database,
    staged: Staged,
    incoming: Import,
    unknown: Sequence[Instrument],
    passed: Callable[[int], None] = lambda _: None,
) -> Import:
    """The import as stored: its prices take the place of the same instruments' in its dataset, all or nothing.

    ``unknown`` are stored as the user's instruments first. ``passed`` is told after each batch how many rows are in;
    what it raises leaves everything as it was. Raises InputError for a dataset that is not one of imports.
    """

    def work(cursor: Cursor) -> Import:
        db.touch("prices")
        _require_own(db, cursor, incoming.dataset)
        instruments.upsert_many(db, unknown, "user")
        ids = names.resolve(cursor, incoming.symbols)
        made = replace(
            incoming,
            id=new_id("imp"),
            created_at=now(),
            created=tuple(ids[i.symbol] for i in unknown),
        )
        dataset = key(db, made.dataset)
        into = {"dataset": dataset, "ids": [ids[series.symbol] for series in staged.series]}
        cursor.execute(_ARRIVING, {"ids": into["ids"]})
        made = replace(made, replaced=_set_aside(cursor, made.id, dataset))
        _fill(cursor, staged, into, passed)
        _describe(cursor, staged.series, ids, made, dataset)
        cursor.execute("drop table arriving")
        return made

    return db.transact(work)


def find_same(db: Database, dataset: str, content_sha256: str) -> Import | None:
    """The import of the same content whose series stand in the dataset as it left them; None when there is none."""
    for one in active(db):
        if (one.dataset, one.content_sha256) == (dataset, content_sha256):
            with db.cursor() as cursor:
                return one if not _later(cursor, one.id) else None
    return None


def active(db: Database) -> tuple[Import, ...]:
    """The imports that hold, the newest first."""
    with db.cursor() as cursor:
        rows = cursor.execute(_LIST + " and undone_at is null order by created_at desc").fetchall()
    return tuple(_import(row) for row in rows)


def get(db: Database, id: str) -> Import:
    """One import of prices. Raises ImportNotFoundError."""
    with db.cursor() as cursor:
        row = first_row(cursor.execute(_LIST + " and id = $id", {"id": id}))
    if row is None:
        raise ImportNotFoundError(f"There is no import {id}.", hint="Its id was told when it was made.", subject=id)
    return _import(row)


def undo(db: Database, id: str) -> Import:
    """The import, undone: what it replaced stands again, and instruments that came with it and nothing names are gone.

    A second time changes nothing. Raises ImportNotFoundError, and InputError where a later import replaced its series.
    """

    def work(cursor: Cursor) -> Import:
        known = get(db, id)
        if known.undone_at is not None:
            return known
        later = _later(cursor, id)
        if later:
            message = f"The import {id} was followed by {later}, which replaced some of its prices."
            raise InputError(message, hint=f"Undo {later} first.", subject=id)
        db.touch("prices")
        db.touch("instruments")
        undoing = {"import": id, "dataset": key(db, known.dataset)}
        for question in _BACK:
            cursor.execute(question, {name: value for name, value in undoing.items() if f"${name}" in question})
        cursor.execute(_FORGET, {"ids": list(known.created)})
        for table, column in (("instrument_names", "instrument_id"), ("instrument_facts", "instrument_id")):
            cursor.execute(f"delete from {table} where {column} in (select id from forgotten)")  # noqa: S608
        cursor.execute("delete from instruments where id in (select id from forgotten)")
        cursor.execute("drop table forgotten")
        undone = replace(known, undone_at=now())
        cursor.execute(_UNDONE, {"at": stamp(now()), "id": id})
        cursor.execute(_MOVED, {"dataset": undoing["dataset"], "at": stamp(now())})
        return undone

    return db.transact(work)


def _require_own(db: Database, cursor: Cursor, dataset: str) -> None:
    asked = {"dataset": dataset, "key": key(db, dataset)}
    row = first_row(cursor.execute(_HOLDS, asked))
    if row is not None and row[0] != SOURCE and dataset != CURRENCIES_DATASET:  # rates are fetched and imported
        message = f"The dataset {dataset} does not hold imports."
        raise InputError(message, hint="Choose another name.", subject=dataset)


def _set_aside(cursor: Cursor, id: str, dataset: str) -> int:
    """How many series of a stored dataset the arriving ones take the place of; they are kept with the import."""
    into = {"import": id, "dataset": dataset}
    cursor.execute(_KEEP_PRICES, into)
    cursor.execute(_KEEP_SERIES, into)
    for table in ("prices", "price_series"):
        cursor.execute(
            f"delete from {table} where dataset = $dataset and instrument_id in (select id from arriving)",  # noqa: S608
            {"dataset": dataset},
        )
    row = first_row(cursor.execute("select count(*) from replaced_series where import_id = $id", {"id": id}))
    return int(row[0]) if row else 0


class _Passing:
    """One name under which batch after batch is read.

    A name is held until the transaction ends, and with it what it stands for: a name for each batch of 20 million rows
    is half a gigabyte, and all of them as one question take 2 GB.
    """

    def __init__(self, batch: Any) -> None:
        self.batch = batch

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The batch of now, as the database asks for it."""
        pa: Any = import_module("pyarrow")  # slow to import and without types
        return pa.Table.from_batches([self.batch]).__arrow_c_stream__(requested_schema)


def _fill(cursor: Cursor, staged: Staged, into: Mapping[str, object], passed: Callable[[int], None]) -> None:
    """Stores the rows, a batch at a time, into a dataset under the ids of their places."""
    passing: _Passing | None = None
    rows = 0
    for batch in staged.read():
        if passing is None:
            passing = _Passing(batch)
            cursor.register("incoming_prices", passing)
        passing.batch = batch
        cursor.execute(_PRICES, dict(into))
        rows += batch.num_rows
        passed(rows)
    cursor.unregister("incoming_prices")


def _describe(cursor: Cursor, series: Sequence[Coverage], ids: Mapping[str, str], made: Import, dataset: str) -> None:
    """Stores what came: the series, their dataset, as it is stored, and the import itself."""
    own = {"import_id": made.id, "dataset": dataset}
    insert_rows(cursor, "imported_series", [own | {"instrument_id": ids[one.symbol]} for one in series])
    insert_rows(
        cursor,
        "price_series",
        [
            {
                "dataset": dataset,
                "instrument_id": ids[one.symbol],
                "first_date": one.first,
                "last_date": one.last,
                "sessions": one.sessions,
                "frequency": one.frequency,
                "price_kind": one.price_kind,
            }
            for one in series
        ],
    )
    told = {"frequency": series[0].frequency, "price_kind": series[0].price_kind, "source": SOURCE}
    cursor.execute(_SOURCE, told | {"dataset": dataset, "at": stamp(now())})
    cursor.execute(_IMPORT, _row(made))


def _row(made: Import) -> dict[str, object]:
    summary: dict[str, Any] = {
        "symbols": list(made.symbols),
        "rows": made.rows,
        "first": made.first.isoformat(),
        "last": made.last.isoformat(),
        "notes": list(made.notes),
        "created": list(made.created),
        "replaced": made.replaced,
    }
    return {
        "id": made.id,
        "dataset": made.dataset,
        "format": made.format,
        "sha": made.content_sha256,
        "summary": document(summary),
        "at": stamp(made.created_at or now()),
    }


def _import(row: tuple[Any, ...]) -> Import:
    id, dataset, format, sha, summary, created_at, undone_at, first, last = row
    told = json.loads(summary)
    return Import(
        dataset,
        format,
        sha,
        tuple(told["symbols"]),
        told["rows"],
        first,
        last,
        tuple(told["notes"]),
        tuple(told["created"]),
        told["replaced"],
        id,
        moment(created_at),
        undone_at and moment(undone_at),
    )


def _later(cursor: Cursor, id: str) -> str:
    """The newest import that holds and replaced a series of this one; empty when there is none."""
    row = first_row(cursor.execute(_LATER, {"id": id}))
    return str(row[0]) if row else ""


_LIST = (
    "select id, subject, format, content_sha256, summary, created_at, undone_at,"
    " (summary ->> 'first')::date, (summary ->> 'last')::date from imports"
    " where noun = 'prices' and owner = getvariable('owner')"
)
_HOLDS = (
    "select source from price_sources"
    " where dataset = $key or dataset = $dataset and owner_kind = 'sample' order by owner_kind"
)
_UNDONE = "update imports set undone_at = $at where id = $id and owner = getvariable('owner')"
_LATER = (
    "select i.id from imports i join imported_series s on s.import_id = i.id"
    " join imported_series own on own.instrument_id = s.instrument_id and own.dataset = s.dataset"
    " join imports mine on mine.id = own.import_id and mine.owner = i.owner"
    " where mine.id = $id and i.id <> $id and i.undone_at is null and i.created_at > mine.created_at"
    " order by i.created_at desc limit 1"
)
_ARRIVING = "create or replace temporary table arriving as select unnest($ids::varchar[]) as id"
_KEEP_PRICES = (
    "insert into replaced_prices (import_id, instrument_id, date, close, adjusted_close, volume)"
    " select $import, instrument_id, date, close, adjusted_close, volume from prices"
    " where dataset = $dataset and instrument_id in (select id from arriving) order by instrument_id, date"
)
_KEEP_SERIES = (
    "insert into replaced_series (import_id, instrument_id, first_date, last_date, sessions, frequency, price_kind)"
    " select $import, instrument_id, first_date, last_date, sessions, frequency, price_kind from price_series"
    " where dataset = $dataset and instrument_id in (select id from arriving)"
)
_PRICES = (
    "insert into prices (dataset, instrument_id, date, close, adjusted_close, volume)"
    " select $dataset, ($ids::varchar[])[i.place + 1], i.date, i.close, i.adjusted_close, i.volume"
    " from incoming_prices i"  # a join with the table of ids could store them in another order
)
_SOURCE = (
    "insert into price_sources as held (dataset, owner, owner_kind, frequency, price_kind, source, revision,"
    " updated_at) values ($dataset, getvariable('owner'), 'user', $frequency, $price_kind, $source, 1, $at)"
    " on conflict do update set frequency = excluded.frequency, price_kind = excluded.price_kind,"
    " revision = held.revision + 1, updated_at = excluded.updated_at"
)
_MOVED = (
    "update price_sources set revision = revision + 1, updated_at = $at"
    " where dataset = $dataset and owner = getvariable('owner')"
)
_IMPORT = (
    "insert into imports (id, owner, noun, subject, format, content_sha256, summary, created_at)"
    " values ($id, getvariable('owner'), 'prices', $dataset, $format, $sha, $summary, $at)"
)
_OWN = "select instrument_id from imported_series where import_id = $import"
_BACK = (
    f"delete from prices where dataset = $dataset and instrument_id in ({_OWN})",  # noqa: S608
    f"delete from price_series where dataset = $dataset and instrument_id in ({_OWN})",  # noqa: S608
    "insert into prices (dataset, instrument_id, date, close, adjusted_close, volume)"
    " select $dataset, instrument_id, date, close, adjusted_close, volume from replaced_prices"
    " where import_id = $import order by instrument_id, date",
    "insert into price_series (dataset, instrument_id, first_date, last_date, sessions, frequency, price_kind)"
    " select $dataset, instrument_id, first_date, last_date, sessions, frequency, price_kind from replaced_series"
    " where import_id = $import",
    "delete from replaced_prices where import_id = $import",
    "delete from replaced_series where import_id = $import",
)
IN_USE = (  # the instruments that something rests on
    "select instrument_id from price_series union all select instrument_id from replaced_series"
    " union all select instrument_id from bucket_holdings union all select instrument_id from portfolio_picks"
    " union all select instrument_id from positions union all select instrument_id from lots"
    " union all select instrument_id from activities union all select instrument_id from benchmark_parts"
    " union all select instrument_id from instrument_exposures /* of all owners */"
)
# What a file of products tells of stays too.
_TOLD = "select instrument_id from instrument_facts where import_id <> '' or owner <> getvariable('owner')"
_KEPT = f"{IN_USE} union all {_TOLD}"
_FORGET = f"create or replace temporary table forgotten as select unnest($ids::varchar[]) as id except ({_KEPT})"
