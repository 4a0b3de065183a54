"""Drafts: unsaved work, one row a noun and an id, replaced as it changes and gone when it is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keel.store.connection import Database, first_row
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
    db.transact(
        lambda cursor: cursor.execute(
            "insert into drafts (owner, noun, id, began_from, content, updated_at)"
            " values (getvariable('owner'), $noun, $id, $began, $content, $at)"
            " on conflict (owner, noun, id) do update set"
            " began_from = excluded.began_from, content = excluded.content, updated_at = excluded.updated_at",
            values,
        )
    )
    return at


def find(db: Database, noun: str, id: str) -> Draft | None:
    """The unsaved work on one thing, or None."""
    with db.cursor() as cursor:
        row = first_row(
            cursor.execute(
                f"{_SELECT} and noun = $noun and id = $id",
                {"noun": noun, "id": id},
            )
        )
    return None if row is None else _draft(row)


def list_under(db: Database, noun: str, start: str) -> tuple[Draft, ...]:
    """The drafts of a noun whose id begins with ``start``, last changed first."""
    with db.cursor() as cursor:
        rows = cursor.execute(
            f"{_SELECT} and noun = $noun and starts_with(id, $start) order by updated_at desc, id",
            {"noun": noun, "start": start},
        ).fetchall()
    return tuple(_draft(row) for row in rows)


def delete(db: Database, noun: str, id: str) -> None:
    """Throws the unsaved work on one thing away; what is not there stays away."""
    db.transact(
        lambda cursor: cursor.execute(
            "delete from drafts where noun = $noun and id = $id and owner = getvariable('owner')",
            {"noun": noun, "id": id},
        )
    )


_SELECT = "select noun, id, content, began_from, updated_at from drafts where owner = getvariable('owner')"


def _draft(row: tuple[Any, ...]) -> Draft:
    noun, id, content, began_from, updated_at = row
    return Draft(noun, id, json.loads(content), began_from, moment(updated_at))
