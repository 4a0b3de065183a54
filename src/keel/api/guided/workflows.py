"""Workflows and their runs over REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Response

from keel.api import jobs
from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import BODY, Db, Raw, field, json_object, optional
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_text
from keel.domain.workflow.as_json import read_given, workflow_json
from keel.services.guided import workflows
from keel.services.guided.workflows import Told
from keel.services.shared.asking.model import generator_of
from keel.services.shared.asking.questions import asked_json
from keel.settings import load

router = APIRouter(route_class=Route)


@router.get("/workflows")
def list_workflows(page: Paged) -> list[dict[str, Any]]:
    """The workflows there are."""
    return [workflow_json(workflow) for workflow in page.of(workflows.definitions(load()))]


@router.get("/workflows/{workflow_id}")
def get_workflow(workflow_id: str) -> dict[str, Any]:
    """A workflow: its steps, what each asks, and what it comes after."""
    return workflow_json(workflows.definition(load(), workflow_id))


@router.post("/workflows/{workflow_id}/runs", status_code=201)
def begin_run(db: Db, workflow_id: str, body: Raw, response: Response) -> dict[str, Any]:
    """A new run, gone on with as far as the body tells: ``{entry?, given?: {step: {question: answer}}, skip?}``."""
    given = json_object(body)
    run = workflows.begin(db, workflow_id, _told(given), optional(given, "entry", str, ""))
    response.headers["Location"] = f"/api/v1/workflow-runs/{run.id}"
    return workflows.document(run)


@router.get("/workflow-runs")
def list_runs(db: Db, page: Paged) -> list[dict[str, Any]]:
    """Every run, last changed first."""
    return [workflows.document(run) for run in page.of(workflows.listed(db))]


@router.get("/workflow-runs/{run_id}")
def get_run(db: Db, run_id: str) -> dict[str, Any]:
    """A run: how far each step is, what came of it, and what is next."""
    return workflows.document(workflows.get(db, run_id))


@router.post("/workflow-runs/{run_id}/resume")
def resume_run(db: Db, run_id: str, body: Raw) -> dict[str, Any]:
    """The run, gone on with as far as the body tells; what is done is not done again."""
    return workflows.document(workflows.go_on(db, run_id, _told(json_object(body))))


@router.post("/workflow-runs/{run_id}/repeat")
def repeat_step(db: Db, run_id: str, body: Raw) -> dict[str, Any]:
    """The run with ``step`` and all that build on it open again, gone on with as far as the body tells.

    What they made before stays stored, and each of them names it in ``earlier``.
    """
    given = json_object(body)
    return workflows.document(workflows.repeat(db, run_id, field(given, "step", str), _told(given)))


@router.post("/workflow-runs/{run_id}/questions", responses={202: {"description": "A job: the model is asked"}})
def put_questions(db: Db, run_id: str, body: Raw, response: Response) -> dict[str, Any]:
    """The questions of the next step as ``by`` puts them, ``rules`` or ``model``; a model is asked by a job."""
    by = optional(json_object(body), "by", str, "")
    if generator_of(by) is not None:
        return jobs.begun(db, workflows.ask_questions(db, run_id), response)
    return asked_json(workflows.put_questions(db, run_id, by))


@router.delete("/workflow-runs/{run_id}")
def cancel_run(db: Db, run_id: str) -> dict[str, Any]:
    """The run, given up; what it made stays."""
    return workflows.document(workflows.cancel(db, run_id))


def _told(body: dict[str, Any]) -> Told:
    place = Place(BODY)
    given = read_given({} if body.get("given") is None else body["given"], place.field("given"))
    at = place.field("skip")
    skipped = [read_text(id, at.item(n)) for n, id in enumerate(read_list(optional(body, "skip", list, []), at))]
    take = optional(body, "take", bool, False)
    return Told(datetime.now(UTC).date(), given, skipped, background=True, take=take)
