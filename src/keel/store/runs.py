"""Runs: what a backtest was asked, the fingerprint of its prices and the metrics it gave. Opening one recomputes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from keel.domain.study.question import Question, parse_question, question_json
from keel.errors import RunNotFoundError
from keel.store.archive import IS_ARCHIVED
from keel.store.connection import Cursor, Database, first_row
from keel.store.memory import Memory
from keel.store.values import ELSEWHERE, document, moment, new_id, now, stamp


@dataclass(frozen=True, slots=True)
class Run:
    """One stored run: the question, the version of the framework it was asked of, and the prices' fingerprint.

    ``metrics`` maps a policy's name to its metrics as they were.
    """

    question: Question
    framework_id: str
    framework_version: int
    fingerprint: str
    metrics: Mapping[str, Any]
    name: str = ""
    id: str = ""
    created_at: datetime | None = None


def save(db: Database, run: Run) -> Run:
    """The run as stored, with its id; the same question of a portfolio on the same prices is stored once."""

    columns = {
        "id": new_id("run"),
        "name": run.name,
        "portfolio": run.question.portfolio_id,
        "portfolio_version": run.question.portfolio_version,
        "framework": run.framework_id,
        "version": run.framework_version,
        "request": document(question_json(run.question)),
        "fingerprint": run.fingerprint,
        "metrics": document(run.metrics),
        "at": stamp(now()),
    }

    def work(cursor: Cursor) -> Run:
        question = {name: columns[name] for name in _QUESTION}
        known = first_row(cursor.execute(f"{_SELECT}{_SAME_QUESTION} and not {_IS_ARCHIVED}{_OLDEST}", question))
        if known:
            return _run(known)
        db.touch("runs")
        cursor.execute(
            "insert into runs (id, owner, name, portfolio_id, portfolio_version, framework_id, framework_version,"
            " request, fingerprint, metrics, created_at) values ($id, getvariable('owner'), $name, $portfolio,"
            " $portfolio_version, $framework, $version, $request, $fingerprint, $metrics, $at)",
            columns,
        )
        return _run(tuple(columns[name] for name in _READ))  # as it will be read

    return db.transact(work)


def copy(db: Database, id: str, name: str) -> Run:
    """The same run once more, under an id and a name of its own. Raises RunNotFoundError."""

    def work(cursor: Cursor) -> Run:
        _get(cursor, id)
        db.touch("runs")
        fresh = new_id("run")
        cursor.execute(
            "insert into runs (id, owner, name, portfolio_id, portfolio_version, framework_id, framework_version,"
            " request, fingerprint, metrics, created_at) select $fresh, owner, $name, portfolio_id, portfolio_version,"
            " framework_id, framework_version, request, fingerprint, metrics, $at from runs"
            " where id = $id and owner = getvariable('owner')",
            {"fresh": fresh, "name": name, "id": id, "at": stamp(now())},
        )
        return _get(cursor, fresh)

    return db.transact(work)


def get(db: Database, id: str) -> Run:
    """One run, archived or not. Raises RunNotFoundError."""
    with db.cursor() as cursor:
        return _get(cursor, id)


def list_for(db: Database, portfolio_id: str | None = None, *, with_archived: bool = False) -> tuple[Run, ...]:
    """The runs of a portfolio or of all, newest first; archived ones only when asked for."""

    def read() -> tuple[Run, ...]:
        with db.cursor() as cursor:
            rows = cursor.execute(
                f"{_SELECT} and portfolio_id = coalesce($portfolio, portfolio_id)"
                f" and ($all or not {_IS_ARCHIVED}){_NEWEST_FIRST}",
                {"portfolio": portfolio_id, "all": with_archived},
            ).fetchall()
        return tuple(_run(row) for row in rows)

    return _lists.recall(db, (portfolio_id, with_archived, db.revision("runs"), db.revision("archived")), read)


_lists: Memory[tuple[Run, ...]] = Memory(8)  # a page asks several times at every click


def rename(db: Database, id: str, name: str) -> Run:
    """The run under its new name. Raises RunNotFoundError."""

    def work(cursor: Cursor) -> Run:
        _get(cursor, id)
        db.touch("runs")
        cursor.execute(
            "update runs set name = $name where id = $id and owner = getvariable('owner')", {"name": name, "id": id}
        )
        return _get(cursor, id)

    return db.transact(work)


_SELECT = (
    "select id, name, portfolio_id, framework_id, framework_version, request, fingerprint, metrics, created_at,"
    " portfolio_version from runs r where owner = getvariable('owner')"
)
_IS_ARCHIVED = IS_ARCHIVED["run"]
_READ = (  # the columns of _SELECT
    "id", "name", "portfolio", "framework", "version", "request", "fingerprint", "metrics", "at", "portfolio_version",
)  # fmt: skip
_QUESTION = ("portfolio", "portfolio_version", "fingerprint", "request")
_SAME_QUESTION = (
    " and portfolio_id = $portfolio and portfolio_version = $portfolio_version and fingerprint = $fingerprint"
    " and request::varchar = $request"
)
_OLDEST = " order by created_at, id limit 1"
_NEWEST_FIRST = " order by created_at desc, id"


def _get(cursor: Cursor, id: str) -> Run:
    row = first_row(cursor.execute(f"{_SELECT} and id = $id", {"id": id}))
    if row is None:
        raise RunNotFoundError(f"There is no stored run {id}.", hint=ELSEWHERE, subject=id)
    return _run(row)


def _run(row: tuple[Any, ...]) -> Run:
    id, name, portfolio, framework, version, request, fingerprint, metrics, created, portfolio_version = row
    return Run(
        question=replace(parse_question(portfolio, json.loads(request)), portfolio_version=portfolio_version),
        framework_id=framework,
        framework_version=version,
        fingerprint=fingerprint,
        metrics=json.loads(metrics),
        name=name,
        id=id,
        created_at=moment(created),
    )
