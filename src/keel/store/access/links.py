"""Shared links as stored: the digest of the secret, never the secret."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from keel.domain.access.link import Link
from keel.errors import LinkNotFoundError
from keel.store.archive import IS_ARCHIVED
from keel.store.connection import Cursor, Database, first_row
from keel.store.values import ELSEWHERE, moment, new_id, now, stamp


class Lent(NamedTuple):
    """A link, whose it is, and the digest of its secret."""

    owner: str
    digest: str
    link: Link


def add(db: Database, link: Link, digest: str) -> Link:
    """The link as stored."""
    stored = replace(link, id=new_id("lnk"), created_at=now())
    columns = {
        "id": stored.id,
        "portfolio": stored.portfolio_id,
        "name": stored.name,
        "digest": digest,
        "at": stamp(stored.created_at or now()),
        "expires": stored.expires_at and stamp(stored.expires_at),
    }
    db.transact(lambda cursor: cursor.execute(_INSERT, columns))
    return stored


def list_all(db: Database) -> tuple[Link, ...]:
    """The links to every portfolio, the newest first; those that are over too."""
    with db.cursor() as cursor:
        rows = cursor.execute(f"{_SELECT} where l.owner = getvariable('owner') {_ORDER}").fetchall()
    return tuple(_lent(row).link for row in rows)


def list_for(db: Database, portfolio_id: str) -> tuple[Link, ...]:
    """The links to a portfolio, the newest first; those that are over too."""
    asked = f"{_SELECT} where l.owner = getvariable('owner') and l.portfolio_id = $id {_ORDER}"
    with db.joined() as cursor:
        rows = cursor.execute(asked, {"id": portfolio_id}).fetchall()
    return tuple(_lent(row).link for row in rows)


def get(db: Database, id: str) -> Link:
    """One link. Raises LinkNotFoundError."""
    with db.joined() as cursor:
        row = first_row(cursor.execute(f"{_SELECT} where l.owner = getvariable('owner') and l.id = $id", {"id": id}))
    if row is None:
        raise LinkNotFoundError(f"There is no link {id}.", hint=ELSEWHERE, subject=id)
    return _lent(row).link


def revoke(db: Database, id: str) -> Link:
    """The link, which leads nowhere from now on; a second time changes nothing. Raises LinkNotFoundError."""

    def work(cursor: Cursor) -> Link:
        known = get(db, id)
        if known.revoked_at is not None:
            return known
        at = now()
        cursor.execute(_REVOKE, {"at": stamp(at), "id": id})
        return replace(known, revoked_at=at)

    return db.transact(work)


def find(db: Database, digest: str) -> Lent | None:
    """The link with a digest and whose it is, whoever asks; None where there is none, or its portfolio is archived."""
    asked = f"{_SELECT} join portfolios p on p.id = l.portfolio_id and p.owner = l.owner"
    asked += f" where l.link_sha256 = $digest and not {IS_ARCHIVED['portfolio']}"
    with db.cursor() as cursor:
        row = first_row(cursor.execute(asked, {"digest": digest}))
    return None if row is None else _lent(row)


def opened(db: Database, id: str, at: datetime) -> None:
    """Takes note of when a link was last opened."""
    db.transact(lambda cursor: cursor.execute(_OPENED, {"at": stamp(at), "id": id}))


_SELECT = (
    "select l.owner, l.link_sha256, l.portfolio_id, l.name, l.id, l.created_at, l.expires_at, l.last_opened_at,"
    " l.revoked_at from shared_links l /* of all owners */"
)
_ORDER = "order by l.created_at desc, l.id"
_INSERT = (
    "insert into shared_links (id, owner, portfolio_id, name, link_sha256, created_at, expires_at)"
    " values ($id, getvariable('owner'), $portfolio, $name, $digest, $at, $expires)"
)
_REVOKE = "update shared_links set revoked_at = $at where id = $id and owner = getvariable('owner')"
_OPENED = "update shared_links set last_opened_at = $at where id = $id and owner = getvariable('owner')"


def _lent(row: tuple[Any, ...]) -> Lent:
    owner, digest, portfolio_id, name, id, *times = row
    created, expires, opened, revoked = (at and moment(at) for at in times)
    return Lent(owner, digest, Link(portfolio_id, name, id, created, expires, opened, revoked))
