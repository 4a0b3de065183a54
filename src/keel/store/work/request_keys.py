"""What requests with a key were answered, for a day: sent again, one gets the same and nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from keel.store.connection import Cursor, Database, first_row
from keel.store.values import now, stamp

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """The answer to a request: what was asked, the sha256 of its body, and what came back."""

    request: str
    body_sha256: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: bytes = b""


def begin(db: Database, key: str, request: str) -> Kept | None:
    """What is kept of the owner's key; None where it is new, which is now taken for ``request``.

    Keys of more than a day ago are forgotten.
    """

    def work(cursor: Cursor) -> Kept | None:
        cursor.execute(
            "delete from request_keys where owner = getvariable('owner') and begun_at < $then",
            {"then": stamp(now() - KEPT)},
        )
        row = first_row(cursor.execute(_KEPT, {"key": key}))
        if row is not None:
            return Kept(row[0], row[1] or "", row[2], json.loads(row[3] or "{}"), bytes(row[4] or b""))
        cursor.execute(
            "insert into request_keys (owner, key, request, begun_at)"
            " values (getvariable('owner'), $key, $request, $at)",
            {"key": key, "request": request, "at": stamp(now())},
        )
        return None

    return db.transact(work)


def keep(db: Database, key: str, kept: Kept) -> None:
    """Keeps the answer to the request that took the key."""
    values = {
        "key": key,
        "sha": kept.body_sha256,
        "status": kept.status,
        "headers": json.dumps(dict(kept.headers)),
        "answer": kept.answer,
    }
    db.transact(lambda cursor: cursor.execute(_KEEP, values))


def release(db: Database, key: str) -> None:
    """Forgets a key whose request came to nothing: it may be sent again."""
    db.transact(lambda cursor: cursor.execute(_RELEASE, {"key": key}))


_KEPT = (
    "select request, body_sha256, status, headers, answer from request_keys"
    " where owner = getvariable('owner') and key = $key"
)
_KEEP = (
    "update request_keys set body_sha256 = $sha, status = $status, headers = $headers, answer = $answer"
    " where owner = getvariable('owner') and key = $key"
)
_RELEASE = "delete from request_keys where owner = getvariable('owner') and key = $key"
