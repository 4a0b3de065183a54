"""Tokens as stored: the digest of the secret, never the secret."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from keel.domain.access.token import Scope, Token
from keel.errors import TokenNotFoundError
from keel.store.connection import Cursor, Database, first_row
from keel.store.memory import Memory
from keel.store.values import ELSEWHERE, moment, new_id, now, stamp


class Bearer(NamedTuple):
    """A token, whose it is, and the digest of its secret."""

    owner: str
    digest: str
    token: Token


def add(db: Database, token: Token, digest: str) -> Token:
    """The token as stored."""
    stored = replace(token, id=new_id("tok"), created_at=now())
    columns = {
        "id": stored.id,
        "name": stored.name,
        "digest": digest,
        "scopes": json.dumps([stored.scope.value]),
        "at": stamp(stored.created_at or now()),
        "expires": stored.expires_at and stamp(stored.expires_at),
    }
    db.transact(lambda cursor: cursor.execute(_INSERT, columns))
    return stored


def list_all(db: Database) -> tuple[Token, ...]:
    """Every token, the newest first; those that are over too."""
    with db.cursor() as cursor:
        rows = cursor.execute(f"{_SELECT} where owner = getvariable('owner') order by created_at desc, id").fetchall()
    return tuple(_bearer(row).token for row in rows)


def get(db: Database, id: str) -> Token:
    """One token. Raises TokenNotFoundError."""
    with db.joined() as cursor:
        row = first_row(cursor.execute(f"{_SELECT} where owner = getvariable('owner') and id = $id", {"id": id}))
    if row is None:
        raise TokenNotFoundError(f"There is no token {id}.", hint=ELSEWHERE, subject=id)
    return _bearer(row).token


def revoke(db: Database, id: str) -> Token:
    """The token, which lets nobody in from now on; a second time changes nothing. Raises TokenNotFoundError."""

    def work(cursor: Cursor) -> Token:
        known = get(db, id)
        if known.revoked_at is not None:
            return known
        db.touch("tokens")
        at = now()
        cursor.execute(_REVOKE, {"at": stamp(at), "id": id})
        return replace(known, revoked_at=at)

    return db.transact(work)


def find(db: Database, digest: str) -> Bearer | None:
    """The token with a digest and whose it is, whoever asks; None where there is none."""
    key = (db.revision("tokens"), digest)
    bearer = _bearers.find(db.whole, key)
    if bearer is None:
        with db.cursor() as cursor:
            row = first_row(cursor.execute(f"{_SELECT} where token_sha256 = $digest", {"digest": digest}))
        if row is not None:
            bearer = _bearer(row)
            _bearers.remember(db.whole, key, bearer)
    return bearer


_bearers: Memory[Bearer] = Memory(1_000)  # every request asks for one


def used(db: Database, id: str, at: datetime) -> None:
    """Takes note of when a token was last used."""

    def work(cursor: Cursor) -> None:
        db.touch("tokens")
        cursor.execute(_USED, {"at": stamp(at), "id": id})

    db.transact(work)


_SELECT = (
    "select owner, token_sha256, id, name, scopes, created_at, expires_at, last_used_at, revoked_at"
    " from api_tokens /* of all owners */"
)
_INSERT = (
    "insert into api_tokens (id, owner, name, token_sha256, scopes, created_at, expires_at)"
    " values ($id, getvariable('owner'), $name, $digest, $scopes, $at, $expires)"
)
_REVOKE = "update api_tokens set revoked_at = $at where id = $id and owner = getvariable('owner')"
_USED = "update api_tokens set last_used_at = $at where id = $id and owner = getvariable('owner')"


def _bearer(row: tuple[Any, ...]) -> Bearer:
    owner, digest, id, name, scopes, *times = row
    created, expires, used, revoked = (at and moment(at) for at in times)
    scope = Scope.write if Scope.write.value in json.loads(scopes) else Scope.read
    return Bearer(owner, digest, Token(name, scope, id, created, expires, used, revoked))
