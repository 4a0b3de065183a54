"""What products are made of, as sources and files say it; a file is an import that can be undone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from keel.errors import ImportNotFoundError
from keel.store import names
from keel.store.connection import Cursor, Database, first_row, insert_rows
from keel.store.values import document, moment, new_id, now, stamp

Parts = Mapping[str, Mapping[str, float]]  # kind → name → fraction


class PartsSource(NamedTuple):
    """Who says what a product is made of by a kind, as of a day (None: not known)."""

    kind: str
    source: str
    as_of: date | None


@dataclass(frozen=True, slots=True)
class Holds:
    """What a product holds by one kind, as of a day: name → fraction."""

    symbol: str
    kind: str
    weights: Mapping[str, float]
    as_of: date


@dataclass(frozen=True, slots=True)
class ExposureImport:
    """What one file said of some products; ``undone_at`` is None while that holds."""

    name: str
    content_sha256: str
    symbols: tuple[str, ...]
    rows: int
    notes: tuple[str, ...] = ()
    id: str = ""
    created_at: datetime | None = None
    undone_at: datetime | None = None


def made_of(db: Database) -> Mapping[str, Parts]:
    """Instrument id → what it is made of.

    Of several that say it of a kind a user's comes first, then the newest day, then the newest import.
    """
    with db.cursor() as cursor:
        rows = cursor.execute(_BEST).fetchall()
    parts: dict[str, dict[str, dict[str, float]]] = {}
    for id, kind, name, weight, _, _ in rows:
        parts.setdefault(id, {}).setdefault(kind, {})[name] = weight
    return parts


def sources(db: Database, instrument_id: str) -> tuple[PartsSource, ...]:
    """Who says what the instrument is made of, a line a kind: a source, or the file that was imported."""
    with db.cursor() as cursor:
        rows = cursor.execute(f"select * from ({_BEST}) where instrument_id = $id", {"id": instrument_id}).fetchall()  # noqa: S608
    return tuple(dict.fromkeys(PartsSource(kind, source, as_of) for _, kind, _, _, source, as_of in rows))


def add(db: Database, holds: Sequence[Holds], incoming: ExposureImport) -> ExposureImport:
    """The import as stored, with what it says, all or nothing. What was said before stays, and counts after undoing."""

    def work(cursor: Cursor) -> ExposureImport:
        db.touch("exposures")
        made = replace(incoming, id=new_id("imp"), created_at=now())
        ids = names.resolve(cursor, [held.symbol for held in holds])
        rows = [
            {
                "instrument_id": ids[held.symbol],
                "kind": held.kind,
                "name": name,
                "weight": weight,
                "source": made.id,
                "as_of": held.as_of,
                "owner_kind": "user",
                "owner": db.owner,
            }
            for held in holds
            for name, weight in held.weights.items()
        ]
        insert_rows(cursor, "instrument_exposures", rows)
        cursor.execute(_IMPORT, _row(made))
        return made

    return db.transact(work)


def active(db: Database) -> tuple[ExposureImport, ...]:
    """The imports that hold, the newest first."""
    with db.cursor() as cursor:
        rows = cursor.execute(_LIST + " and undone_at is null order by created_at desc").fetchall()
    return tuple(_import(row) for row in rows)


def get(db: Database, id: str) -> ExposureImport:
    """One import. Raises ImportNotFoundError."""
    with db.cursor() as cursor:
        row = first_row(cursor.execute(_LIST + " and id = $id", {"id": id}))
    if row is None:
        raise ImportNotFoundError(f"There is no import {id}.", hint="Its id was told when it was made.", subject=id)
    return _import(row)


def undo(db: Database, id: str) -> ExposureImport:
    """The import, undone; a second time changes nothing. Raises ImportNotFoundError."""

    def work(cursor: Cursor) -> ExposureImport:
        known = get(db, id)
        if known.undone_at is not None:
            return known
        db.touch("exposures")
        cursor.execute(_FORGET, {"id": id})
        cursor.execute(_UNDONE, {"at": stamp(now()), "id": id})
        return replace(known, undone_at=now())

    return db.transact(work)


def _row(made: ExposureImport) -> dict[str, object]:
    summary: dict[str, Any] = {"symbols": list(made.symbols), "rows": made.rows, "notes": list(made.notes)}
    return {
        "id": made.id,
        "name": made.name,
        "sha": made.content_sha256,
        "summary": document(summary),
        "at": stamp(made.created_at or now()),
    }


def _import(row: tuple[Any, ...]) -> ExposureImport:
    id, name, sha, summary, created_at, undone_at = row
    told = json.loads(summary)
    return ExposureImport(
        name,
        sha,
        tuple(told["symbols"]),
        told["rows"],
        tuple(told["notes"]),
        id,
        moment(created_at),
        undone_at and moment(undone_at),
    )


_BEST = (
    "select e.instrument_id, e.kind, e.name, e.weight, coalesce(i.subject, e.source) as source, e.as_of"
    " from instrument_exposures e left join imports i on i.id = e.source and i.owner = e.owner"
    " where e.owner_kind = 'sample' or e.owner = getvariable('owner')"
    " qualify dense_rank() over (partition by e.instrument_id, e.kind order by e.owner_kind = 'user' desc,"
    " e.as_of desc nulls last, i.created_at desc nulls last, e.source) = 1 order by e.instrument_id, e.kind, e.name"
)
_LIST = (
    "select id, subject, content_sha256, summary, created_at, undone_at from imports"
    " where noun = 'exposures' and owner = getvariable('owner')"
)
_FORGET = "delete from instrument_exposures where source = $id and owner_kind = 'user' and owner = getvariable('owner')"
_UNDONE = "update imports set undone_at = $at where id = $id and owner = getvariable('owner')"
_IMPORT = (
    "insert into imports (id, owner, noun, subject, format, content_sha256, summary, created_at)"
    " values ($id, getvariable('owner'), 'exposures', $name, 'csv', $sha, $summary, $at)"
)
