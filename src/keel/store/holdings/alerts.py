"""Alerts as stored: what holds, and the history of what held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keel.domain.watch.alert import Alert, Kind, Turn
from keel.errors import AlertNotFoundError
from keel.store.connection import Cursor, Database, first_row
from keel.store.values import ELSEWHERE, moment, new_id, stamp

MOST = 500  # of the history, the newest


def list_all(db: Database, portfolio_id: str = "", *, holding: bool = False) -> tuple[Alert, ...]:
    """The alerts of a portfolio, or of all, newest first; ``holding``: those that hold now."""
    asked = f"{_SELECT} and ($portfolio = '' or portfolio_id = $portfolio)" + (
        " and ended_at is null" if holding else ""
    )
    with db.joined() as cursor:
        rows = cursor.execute(f"{asked} {_NEWEST}", {"portfolio": portfolio_id}).fetchall()
    return tuple(_alert(row) for row in rows)


def turn(db: Database, portfolio_id: str, changes: Turn, when: datetime) -> None:
    """Stores what began and ended at a look."""

    def work(cursor: Cursor) -> None:
        for seen in changes.begun:
            cursor.execute(
                _INSERT,
                {
                    "id": new_id("alr"),
                    "portfolio": portfolio_id,
                    "kind": seen.kind.value,
                    "subject": seen.subject,
                    "message": seen.message,
                    "began": stamp(when),
                },
            )
        _mark(cursor, "ended_at", [alert.id for alert in changes.ended], when)

    if changes.begun or changes.ended:
        db.transact(work)


def sent(db: Database, alerts: Sequence[Alert], when: datetime) -> None:
    """Stores that these were told outside."""
    db.transact(lambda cursor: _mark(cursor, "sent_at", [alert.id for alert in alerts], when))


def read(db: Database, id: str, when: datetime) -> Alert:
    """The alert, known to a person from now on. Raises AlertNotFoundError."""

    def work(cursor: Cursor) -> Alert:
        found = first_row(cursor.execute(f"{_SELECT} and id = $id", {"id": id}))
        if found is None:
            raise AlertNotFoundError(f"There is no alert {id}.", hint=ELSEWHERE, subject=id)
        _mark(cursor, "read_at", [id], when)
        return _alert(cursor.execute(f"{_SELECT} and id = $id", {"id": id}).fetchall()[0])

    return db.transact(work)


_SELECT = (
    "select id, portfolio_id, kind, subject, message, began_at, ended_at, sent_at, read_at"
    " from alerts where owner = getvariable('owner')"
)
_NEWEST = f"order by began_at desc, id limit {MOST}"
_INSERT = (
    "insert into alerts (id, owner, portfolio_id, kind, subject, message, began_at)"
    " values ($id, getvariable('owner'), $portfolio, $kind, $subject, $message, $began)"
)


def _mark(cursor: Cursor, column: str, ids: Sequence[str], when: datetime) -> None:
    cursor.execute(
        f"update alerts set {column} = $when where owner = getvariable('owner') and id in (select unnest($ids))",  # noqa: S608 (names of our own)
        {"when": stamp(when), "ids": list(ids)},
    )


def _alert(row: tuple[Any, ...]) -> Alert:
    id, portfolio_id, kind, subject, message, *moments = row
    began, ended, told, known = (None if at is None else moment(at) for at in moments)
    return Alert(id, portfolio_id, Kind(kind), subject, message, began or moment(moments[0]), ended, told, known)
