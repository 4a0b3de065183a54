"""Runs of workflows: one row each, with the definition it began with and how far each step is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from keel.domain.reading.place import Place
from keel.domain.workflow.as_json import state_json, stored_run
from keel.domain.workflow.run import RunStatus, WorkflowRun
from keel.errors import WorkflowNotFoundError
from keel.store.connection import Cursor, Database, first_row
from keel.store.values import ELSEWHERE, document, moment, new_id, now, stamp


def add(db: Database, run: WorkflowRun) -> WorkflowRun:
    """The run as stored, under an id of its own."""
    at = now()
    stored = replace(run, id=new_id("wr"), created_at=at, updated_at=at)
    columns = {**_columns(stored), "workflow": run.workflow.id, "created": stamp(at)}
    db.transact(
        lambda cursor: cursor.execute(
            "insert into workflow_runs (id, owner, workflow, status, state, created_at, updated_at)"
            " values ($id, getvariable('owner'), $workflow, $status, $state, $created, $updated)",
            columns,
        )
    )
    return stored


def change(db: Database, id: str, work: Callable[[WorkflowRun], WorkflowRun]) -> WorkflowRun:
    """The run as ``work`` leaves it, stored; what ``work`` writes is stored with it or not at all.

    Raises WorkflowNotFoundError, and what ``work`` raises.
    """

    def changed(cursor: Cursor) -> WorkflowRun:
        after = replace(work(_get(cursor, id)), updated_at=now())
        cursor.execute(
            "update workflow_runs set status = $status, state = $state, updated_at = $updated"
            " where id = $id and owner = getvariable('owner')",
            _columns(after),
        )
        return after

    return db.transact(changed)


def get(db: Database, id: str) -> WorkflowRun:
    """One run. Raises WorkflowNotFoundError."""
    with db.cursor() as cursor:
        return _get(cursor, id)


def list_all(db: Database) -> tuple[WorkflowRun, ...]:
    """Every run, last changed first."""
    with db.cursor() as cursor:
        rows = cursor.execute(f"{_SELECT} order by updated_at desc, id").fetchall()
    return tuple(_run(row) for row in rows)


def under_way(db: Database) -> tuple[tuple[str, str], ...]:
    """Whose, and the id, of every run that is said to be under way."""
    with db.cursor() as cursor:
        asked = "select owner, id from workflow_runs where status = $status order by id /* of all owners */"
        rows = cursor.execute(asked, {"status": RunStatus.running.value}).fetchall()
    return tuple((owner, id) for owner, id in rows)


_SELECT = "select id, state, created_at, updated_at from workflow_runs where owner = getvariable('owner')"


def _columns(run: WorkflowRun) -> dict[str, object]:
    return {
        "id": run.id,
        "status": run.status.value,
        "state": document(state_json(run)),
        "updated": run.updated_at and stamp(run.updated_at),
    }


def _get(cursor: Cursor, id: str) -> WorkflowRun:
    row = first_row(cursor.execute(f"{_SELECT} and id = $id", {"id": id}))
    if row is None:
        raise WorkflowNotFoundError(f"There is no run {id} of a workflow.", hint=ELSEWHERE, subject=id)
    return _run(row)


def _run(row: tuple[Any, ...]) -> WorkflowRun:
    id, state, created, updated = row
    run = stored_run(json.loads(state), Place(f"run {id}"))
    return replace(run, id=id, created_at=moment(created), updated_at=moment(updated))
