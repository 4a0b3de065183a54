"""Drafts: unsaved work, one row a noun and an id, replaced as it changes and gone when it is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keel.store.connection import Cursor, Database
from keel.store.memory import Memory
from keel.store.values import document, moment, now, stamp


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved work on version ``began_from`` (0 of what has none yet) of a noun with an id; ``content`` is JSON."""

    noun: str
    id: str
    content: Mapping[str, Any]
    began_from: int = 0
    updated_at: datetime | None = None


def save(db: Database, draft: Draft) -> datetime:
    """When the draft was stored, in place of the one there was."""
    at = now()
    values = {
        "noun": draft.noun,
        "id": draft.id,
        "began": draft.began_from,
        "content": document(draft.content),
        "at": stamp(at),
    }

    def work(cursor: Cursor) -> None:
        db.touch("drafts")
        cursor.execute(
            "insert into drafts (owner, noun, id, began_from, content, updated_at)"
            " values (getvariable('owner'), $noun, $id, $began, $content, $at)"
            " on conflict (owner, noun, id) do update set"
            " began_from = excluded.began_from, content = excluded.content, updated_at = excluded.updated_at",
            values,
        )

    db.transact(work)
    return at


def find(db: Database, noun: str, id: str) -> Draft | None:
    """The unsaved work on one thing, or None."""
    rows = _rows(db, f"{_SELECT} and noun = $noun and id = $id", {"noun": noun, "id": id})
    return _draft(rows[0]) if rows else None


def list_under(db: Database, noun: str, start: str) -> tuple[Draft, ...]:
    """The drafts of a noun whose id begins with ``start``, last changed first."""
    order = "order by updated_at desc, id"
    rows = _rows(db, f"{_SELECT} and noun = $noun and starts_with(id, $start) {order}", {"noun": noun, "start": start})
    return tuple(_draft(row) for row in rows)


def _rows(db: Database, sql: str, asked: dict[str, str]) -> tuple[tuple[Any, ...], ...]:
    """The rows of a question, asked once until a draft changes: each page looks for several with every click."""

    def read() -> tuple[tuple[Any, ...], ...]:
        with db.cursor() as cursor:
            return tuple(cursor.execute(sql, asked).fetchall())

    return _asked.recall(db, (sql, *asked.values(), db.revision("drafts")), read)


_asked: Memory[tuple[tuple[Any, ...], ...]] = Memory(32)


def delete(db: Database, noun: str, id: str) -> None:
    """Throws the unsaved work on one thing away; what is not there stays away."""

    def work(cursor: Cursor) -> None:
        db.touch("drafts")
        cursor.execute(
            "delete from drafts where noun = $noun and id = $id and owner = getvariable('owner')",
            {"noun": noun, "id": id},
        )

    db.transact(work)


_SELECT = "select noun, id, content, began_from, updated_at from drafts where owner = getvariable('owner')"


def _draft(row: tuple[Any, ...]) -> Draft:
    noun, id, content, began_from, updated_at = row
    return Draft(noun, id, json.loads(content), began_from, moment(updated_at))
