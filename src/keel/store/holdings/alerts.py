"""Alerts as stored: what holds, and the history of what held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keel.domain.watch.alert import Alert, Kind
from keel.errors import AlertNotFoundError
from keel.store.connection import Cursor, Database, first_row, insert_rows
from keel.store.values import ELSEWHERE, moment, stamp

MOST = 5_000  # of the history, the newest


def list_all(db: Database, portfolio_id: str = "", *, holding: bool = False) -> tuple[Alert, ...]:
    """The alerts of a portfolio, or of all, newest first; ``holding``: those that hold now, however many."""
    some = " and ended_at is null" if holding else ""
    most = "" if holding else f" limit {MOST}"
    asked = f"{_SELECT} and ($portfolio = '' or portfolio_id = $portfolio){some} {_NEWEST}{most}"
    with db.joined() as cursor:
        rows = cursor.execute(asked, {"portfolio": portfolio_id}).fetchall()
    return tuple(_alert(row) for row in rows)


def untold(db: Database) -> tuple[Alert, ...]:
    """The alerts that began, or ended after they were told, and have not been told outside since, oldest first."""
    with db.joined() as cursor:
        rows = cursor.execute(f"{_SELECT} and {_UNTOLD} order by began_at, id").fetchall()
    return tuple(_alert(row) for row in rows)


def add(db: Database, begun: Sequence[Alert]) -> None:
    """Stores alerts that begin; their ids are fresh."""
    rows = [_columns(alert) | {"owner": db.owner} for alert in begun]
    db.transact(lambda cursor: insert_rows(cursor, "alerts", rows))


def end(db: Database, alerts: Sequence[Alert], when: datetime) -> None:
    """Stores that these do not hold any more."""
    db.transact(lambda cursor: _mark(cursor, "ended_at", [alert.id for alert in alerts], when))


def reword(db: Database, alerts: Sequence[Alert]) -> None:
    """Stores what these say now."""

    def work(cursor: Cursor) -> None:
        for alert in alerts:
            cursor.execute(
                "update alerts set message = $message where owner = getvariable('owner') and id = $id",
                {"message": alert.message, "id": alert.id},
            )

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
_NEWEST = "order by began_at desc, id"
_UNTOLD = "(sent_at is null and ended_at is null or sent_at < ended_at)"


def _columns(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "portfolio_id": alert.portfolio_id,
        "kind": alert.kind.value,
        "subject": alert.subject,
        "message": alert.message,
        "began_at": stamp(alert.began_at),
    }


def _mark(cursor: Cursor, column: str, ids: Sequence[str], when: datetime) -> None:
    cursor.execute(
        f"update alerts set {column} = $when where owner = getvariable('owner') and id in (select unnest($ids))",  # noqa: S608 (names of our own)
        {"when": stamp(when), "ids": list(ids)},
    )


def _alert(row: tuple[Any, ...]) -> Alert:
    id, portfolio_id, kind, subject, message, *moments = row
    began, ended, told, known = (None if at is None else moment(at) for at in moments)
    return Alert(id, portfolio_id, Kind(kind), subject, message, began or moment(moments[0]), ended, told, known)
