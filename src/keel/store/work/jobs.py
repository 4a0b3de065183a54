"""Background work as stored: what was asked, how far it came, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from keel.errors import JobNotFoundError
from keel.store.connection import Cursor, Database, first_row
from keel.store.memory import Memory
from keel.store.values import ELSEWHERE, document, moment, new_id, now, stamp

MOST = 1_000  # jobs that have ended and stay stored: a day of the policy lab leaves about a hundred


class Status(StrEnum):
    """What has become of a job; a cancelled one may have part of an answer, a restart interrupts what is under way."""

    queued = "queued"
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"
    interrupted = "interrupted"

    @property
    def ended(self) -> bool:
        """Whether nothing more will come."""
        return self not in (Status.queued, Status.running)


@dataclass(frozen=True, slots=True)
class JobRow:
    """One job as its row says. ``request`` and ``result`` are JSON values; ``done`` of ``total`` count its progress.

    ``message`` says how far it is in words, or what went wrong.
    """

    kind: str
    request: Mapping[str, Any]
    status: Status = Status.queued
    done: int = 0
    total: int = 0
    message: str = ""
    result: Mapping[str, Any] | None = None
    id: str = field(default_factory=lambda: new_id("job"))
    created_at: datetime = field(default_factory=now)
    started_at: datetime | None = None
    ended_at: datetime | None = None


def add(db: Database, job: JobRow) -> None:
    """Stores a job that was asked for."""
    db.transact(lambda cursor: _write(db, cursor, _INSERT, _columns(job)))


def update(db: Database, job: JobRow) -> None:
    """Stores how far a job is or how it ended; one that has ended stays as it is."""
    columns = _columns(job)
    changing = {name: columns[name] for name in ("id", *_CHANGING)}
    db.transact(lambda cursor: _write(db, cursor, _UPDATE, changing))


def _write(db: Database, cursor: Cursor, sql: str, values: dict[str, object]) -> None:
    db.touch("jobs")
    cursor.execute(sql, values)


def get(db: Database, id: str) -> JobRow:
    """The stored job. Raises JobNotFoundError."""
    with db.cursor() as cursor:
        row = first_row(cursor.execute(f"{_SELECT} and id = $id", {"id": id}))
    if row is None:
        raise JobNotFoundError(f"There is no job {id}.", hint=ELSEWHERE, subject=id)
    return _job(row)


def latest(db: Database, kind: str, request: Mapping[str, Any]) -> JobRow | None:
    """The newest job of a request, None when nobody has asked for it."""
    asked = {"kind": kind, "request": document(request)}
    return _last(db, f"{_SELECT} and kind = $kind and request::varchar = $request {_NEWEST}", asked)


def newest(db: Database, kind: str) -> JobRow | None:
    """The job of a kind that was asked for last, None when there was none."""
    return _last(db, f"{_SELECT} and kind = $kind {_NEWEST}", {"kind": kind})


def _last(db: Database, sql: str, asked: dict[str, str]) -> JobRow | None:
    """The job of a question, asked once until one changes: pages look for work that is under way at every click."""

    def read() -> tuple[Any, ...] | None:
        with db.cursor() as cursor:
            return first_row(cursor.execute(sql, asked))

    row = _lasts.recall(db, (sql, *asked.values(), db.revision("jobs")), read)
    return None if row is None else _job(row)


_lasts: Memory[tuple[Any, ...] | None] = Memory(32)


def interrupt(db: Database) -> None:
    """Marks what is said to be under way as interrupted, for a file just opened or about to close; forgets the oldest.

    One process owns the file: what it did not begin itself cannot be under way.
    """

    def work(cursor: Cursor) -> None:
        db.touch("jobs")
        cursor.execute(_INTERRUPT, {"at": stamp(now())})
        cursor.execute(_FORGET, {"most": MOST})

    db.transact(work)


_CHANGING = ("status", "done", "total", "message", "result", "started_at", "ended_at")
_NAMES = ("id", "kind", "request", "created_at", *_CHANGING)
_SELECT = (
    "select id, kind, request, created_at, status, done, total, message, result, started_at, ended_at from jobs"
    " where owner = getvariable('owner')"
)
_NEWEST = " order by created_at desc, id limit 1"
_INSERT = (
    "insert into jobs"
    " (owner, id, kind, request, created_at, status, done, total, message, result, started_at, ended_at)"
    " values (getvariable('owner'), $id, $kind, $request, $created_at, $status, $done, $total, $message, $result,"
    " $started_at, $ended_at)"
)
_UPDATE = (
    "update jobs set status = $status, done = $done, total = $total, message = $message, result = $result,"
    " started_at = $started_at, ended_at = $ended_at"
    " where id = $id and owner = getvariable('owner') and status in ('queued', 'running')"
)
_INTERRUPT = (
    "update jobs set status = 'interrupted', message = '', ended_at = $at where status in ('queued', 'running')"
    " /* of all owners */"
)
_FORGET = (
    "delete from jobs where status not in ('queued', 'running') and id not in"
    " (select id from jobs order by created_at desc, id limit $most) /* of all owners */"
)


def _columns(job: JobRow) -> dict[str, object]:
    return {
        "id": job.id,
        "kind": job.kind,
        "request": document(job.request),
        "created_at": stamp(job.created_at),
        "status": job.status.value,
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "result": None if job.result is None else document(job.result),
        "started_at": job.started_at and stamp(job.started_at),
        "ended_at": job.ended_at and stamp(job.ended_at),
    }


def _job(row: tuple[Any, ...]) -> JobRow:
    columns: dict[str, Any] = dict(zip(_NAMES, row, strict=True))
    for name in ("created_at", "started_at", "ended_at"):
        columns[name] = columns[name] and moment(columns[name])
    for name in ("request", "result"):
        columns[name] = columns[name] and json.loads(columns[name])
    return JobRow(**columns | {"status": Status(columns["status"])})
