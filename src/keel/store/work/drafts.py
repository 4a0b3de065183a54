"""Drafts: unsaved work, one row an owner, a noun and an id, replaced as it changes and gone when it is saved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keel.store.connection import Database, first_row
from keel.store.values import document, moment, now, stamp
from keel.vocabulary import LOCAL


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsaved work on version ``began_from`` (0 of what has none yet) of a noun with an id; ``content`` is JSON."""

    noun: str
    id: str
    content: Mapping[str, Any]
    began_from: int = 0
    updated_at: datetime | None = None
    owner: str = LOCAL


def save(db: Database, draft: Draft) -> datetime:
    """When the draft was stored, in place of the one there was."""
    at = now()
    values = {
        "owner": draft.owner,
        "noun": draft.noun,
        "id": draft.id,
        "began": draft.began_from,
        "content": document(draft.content),
        "at": stamp(at),
    }
    db.transact(
        lambda cursor: cursor.execute(
            "insert into drafts (owner, noun, id, began_from, content, updated_at)"
            " values ($owner, $noun, $id, $began, $content, $at) on conflict (owner, noun, id) do update set"
            " began_from = excluded.began_from, content = excluded.content, updated_at = excluded.updated_at",
            values,
        )
    )
    return at


def find(db: Database, noun: str, id: str, owner: str = LOCAL) -> Draft | None:
    """The unsaved work on one thing, or None."""
    with db.cursor() as cursor:
        row = first_row(
            cursor.execute(
                f"{_SELECT} where noun = $noun and id = $id and owner = $owner",
                {"noun": noun, "id": id, "owner": owner},
            )
        )
    return None if row is None else _draft(row)


def list_under(db: Database, noun: str, start: str, owner: str = LOCAL) -> tuple[Draft, ...]:
    """The drafts of a noun whose id begins with ``start``, last changed first."""
    with db.cursor() as cursor:
        rows = cursor.execute(
            f"{_SELECT} where noun = $noun and starts_with(id, $start) and owner = $owner order by updated_at desc, id",
            {"noun": noun, "start": start, "owner": owner},
        ).fetchall()
    return tuple(_draft(row) for row in rows)


def delete(db: Database, noun: str, id: str, owner: str = LOCAL) -> None:
    """Throws the unsaved work on one thing away; what is not there stays away."""
    db.transact(
        lambda cursor: cursor.execute(
            "delete from drafts where noun = $noun and id = $id and owner = $owner",
            {"noun": noun, "id": id, "owner": owner},
        )
    )


_SELECT = "select noun, id, content, began_from, updated_at, owner from drafts"


def _draft(row: tuple[Any, ...]) -> Draft:
    noun, id, content, began_from, updated_at, owner = row
    return Draft(noun, id, json.loads(content), began_from, moment(updated_at), owner)
