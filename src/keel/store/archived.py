"""What has been put away: frameworks, portfolios and runs stay stored, but leave the lists."""

from __future__ import annotations

from typing import Literal

from keel.store.connection import Cursor
from keel.store.values import now, stamp

Noun = Literal["framework", "portfolio", "run"]


def put_away(cursor: Cursor, noun: Noun, id: str) -> None:
    """Leave the lists; a second time changes nothing."""
    cursor.execute(
        "insert into archived (noun, id, archived_at) values ($noun, $id, $at) on conflict do nothing",
        {"noun": noun, "id": id, "at": stamp(now())},
    )


def bring_back(cursor: Cursor, noun: Noun, id: str) -> None:
    """Return to the lists."""
    cursor.execute("delete from archived where noun = $noun and id = $id", {"noun": noun, "id": id})
