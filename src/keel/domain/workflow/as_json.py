"""Workflows and their runs as JSON values, to and from files, the database, the command line and REST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_number, read_object, read_switch, read_text
from keel.domain.workflow.definition import Question, Step, StepKind, Workflow
from keel.domain.workflow.graph import check
from keel.domain.workflow.run import Progress, StepStatus, WorkflowRun, next_step, waits_for

EPOCH, TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def workflow_json(workflow: Workflow) -> dict[str, Any]:
    """The definition as its file has it."""
    ends = {"entry": list(workflow.entry), "exit": list(workflow.exit)}
    return {**asdict(workflow), **ends, "steps": [_step_json(step) for step in workflow.steps]}


def _step_json(step: Step) -> dict[str, Any]:
    needs, questions = [sorted(one) for one in step.needs], [asdict(question) for question in step.questions]
    return {**asdict(step), "after": list(step.after), "needs": needs, "questions": questions}


def read_workflow(given: Mapping[str, object], place: Place) -> Workflow:
    """The workflow of a parsed file. Raises ImportFormatError for what cannot be read and for a graph with issues."""

    def text(name: str) -> str:
        return read_text(given.get(name), place.field(name))

    at = place.field("steps")
    config = read_object(given.get("config", {}), place.field("config"))
    workflow = Workflow(
        id=text("id"),
        name=text("name"),
        version=int(read_number(given.get("version"), place.field("version"), "1")),
        category=text("category"),
        purpose=text("purpose"),
        entry=_words(given.get("entry"), place.field("entry")),
        exit=_words(given.get("exit"), place.field("exit")),
        steps=tuple(
            _step(read_object(row, at.item(n)), at.item(n)) for n, row in enumerate(read_list(given.get("steps"), at))
        ),
        config={id: read_object(told, place.field("config").field(id)) for id, told in config.items()},
    )
    issues = check(workflow)
    if issues:
        raise place.error(issues[0].message, issues[0].fix)
    return workflow


def _step(row: Mapping[str, object], place: Place) -> Step:
    def text(name: str) -> str:
        return read_text(row.get(name), place.field(name))

    if row.get("kind") not in list(StepKind):
        raise place.field("kind").error(f"must be one of {', '.join(StepKind)}.")
    asked, needs = place.field("questions"), place.field("needs")
    return Step(
        id=text("id"),
        name=text("name"),
        kind=StepKind(text("kind")),
        action=text("action"),
        page=text("page"),
        words=text("words"),
        after=_words(row.get("after", []), place.field("after")),
        questions=tuple(
            _question(read_object(one, asked.item(n)), asked.item(n))
            for n, one in enumerate(read_list(row.get("questions", []), asked))
        ),
        needs=tuple(
            frozenset(_words(one, needs.item(n))) for n, one in enumerate(read_list(row.get("needs", []), needs))
        ),
        skippable=read_switch(row.get("skippable", False), place.field("skippable")),
    )


def _question(row: Mapping[str, object], place: Place) -> Question:
    id, words = (read_text(row.get(name), place.field(name)) for name in ("id", "words"))
    return Question(id, words, read_switch(row.get("by_generator", False), place.field("by_generator")))


def _words(value: object, place: Place) -> tuple[str, ...]:
    return tuple(read_text(row, place.item(n)) for n, row in enumerate(read_list(value, place)))


def read_given(value: object, place: Place) -> dict[str, Mapping[str, object]]:
    """What steps are given, by step. Raises ImportFormatError for anything but an object of objects.

    >>> read_given({"framework": {"template": "balanced"}}, Place("given"))
    {'framework': {'template': 'balanced'}}
    """
    return {id: read_object(told, place.field(id)) for id, told in read_object(value, place).items()}


def run_json(run: WorkflowRun) -> dict[str, Any]:
    """A run as the command line prints it and REST answers it: each step with what it was told and what came of it."""
    following = next_step(run)
    return {
        "id": run.id,
        "workflow": run.workflow.id,
        "name": run.workflow.name,
        "version": run.workflow.version,
        "entry": run.entry,
        "status": run.status.value,
        "next": following.id if following else None,
        "needs": [sorted(one) for one in waits_for(run, following)] if following else [],
        "steps": [
            {
                "id": step.id,
                "name": step.name,
                "kind": step.kind.value,
                "page": step.page,
                "skippable": step.skippable,
                **progress_json(run.steps[step.id]),
            }
            for step in run.workflow.steps
        ],
        "created_at": _iso(run.created_at),
        "updated_at": _iso(run.updated_at),
    }


def progress_json(progress: Progress) -> dict[str, Any]:
    """How far a step is."""
    moments = {"started_at": _iso(progress.started_at), "ended_at": _iso(progress.ended_at)}
    rows = {"put": list(progress.put), "earlier": list(progress.earlier)}
    return {**asdict(progress), "status": progress.status.value, **rows, **moments}


def state_json(run: WorkflowRun) -> dict[str, Any]:
    """What is stored of a run beside its columns: the definition it began with, and its steps.

    Moments are microseconds since 1970.
    """
    steps = {id: {**progress_json(progress), **_moments(progress)} for id, progress in run.steps.items()}
    return {"definition": workflow_json(run.workflow), "entry": run.entry, "cancelled": run.cancelled, "steps": steps}


def stored_run(state: Mapping[str, Any], place: Place) -> WorkflowRun:
    """The run of ``state_json``, without its columns."""
    workflow = read_workflow(state["definition"], place)
    steps = {id: _progress(told) for id, told in state["steps"].items()}
    return WorkflowRun(workflow, state["entry"], steps, state["cancelled"])


def _progress(told: Mapping[str, Any]) -> Progress:
    moments = {name: None if told[name] is None else EPOCH + told[name] * TICK for name in ("started_at", "ended_at")}
    rows = {name: tuple(told.get(name, ())) for name in ("put", "earlier")}
    return Progress(**{**told, "status": StepStatus(told["status"]), **rows, **moments})


def _moments(progress: Progress) -> dict[str, int | None]:
    moments = {"started_at": progress.started_at, "ended_at": progress.ended_at}
    return {name: None if moment is None else (moment - EPOCH) // TICK for name, moment in moments.items()}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
