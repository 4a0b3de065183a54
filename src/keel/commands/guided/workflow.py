"""``keel workflow``: work that leads from step to step, begun, looked at and gone on with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply, table
from keel.errors import InputError

if TYPE_CHECKING:
    from keel.domain.proposal.putting import Put
    from keel.domain.workflow.definition import Workflow
    from keel.domain.workflow.run import WorkflowRun
    from keel.services.guided.workflows import Told
    from keel.store.connection import Database

MARKS = {"done": "✓", "skipped": "–", "failed": "✗", "interrupted": "!", "running": "…", "waiting": " "}
given_option = click.option("--given", metavar="JSON", help='What steps are told: {"framework": {"template": "…"}}.')
skip_option = click.option("--skip", "skipped", multiple=True, metavar="STEP", help="Pass over a step; several times.")
take_option = click.option("--take", is_flag=True, help="Take the suggested answer where one is missing.")


@click.group("workflow")
def workflow_group() -> None:
    """Go from step to step: a portfolio created, a portfolio reviewed. What is stored stays, whenever one goes on."""


@workflow_group.command("list")
@json_option
def list_workflows(as_json: bool) -> Reply:
    """List the workflows there are and the runs of them, last changed first."""
    from keel.domain.workflow.as_json import workflow_json
    from keel.services.guided import workflows
    from keel.settings import load

    known = workflows.definitions(load())
    with _opened() as db:
        runs = workflows.listed(db)
    lines = [*(_defined(workflow) for workflow in known), *(_line(run) for run in runs)]
    data = {"workflows": [workflow_json(one) for one in known], "runs": [workflows.document(run) for run in runs]}
    return reply(data, "\n".join(lines), as_json)


@workflow_group.command("show")
@click.argument("run", metavar="RUN")
@json_option
def show_workflow(run: str, as_json: bool) -> Reply:
    """Print a run: how far each step is, what came of it, and what is next."""
    from keel.services.guided import workflows

    with _opened() as db:
        found = workflows.get(db, run)
    return _said(found, as_json)


@workflow_group.command("run")
@click.argument("id", metavar="ID")
@click.option("--from", "entry", default="", metavar="STEP", help="Where to begin, without it at the first entry.")
@given_option
@skip_option
@take_option
@json_option
def run_workflow(id: str, entry: str, given: str | None, skipped: tuple[str, ...], take: bool, as_json: bool) -> Reply:
    """Begin a workflow, and go on as far as it is told.

    keel workflow run portfolio_creation --skip profile --given '{"framework": {"template": "balanced"}, "portfolio":
    {"name": "Mine"}}'
    """
    from keel.services.guided import workflows

    told = _told(given, skipped, take)
    with _opened() as db, busy("Going from step to step"):
        run = workflows.begin(db, id, told, entry)
    return _said(_require_not_failed(run), as_json)


@workflow_group.command("resume")
@click.argument("run", metavar="RUN")
@given_option
@skip_option
@take_option
@json_option
def resume_workflow(run: str, given: str | None, skipped: tuple[str, ...], take: bool, as_json: bool) -> Reply:
    """Go on with a run: what waits, failed or was interrupted is done with what it is told, what is done is not."""
    from keel.services.guided import workflows

    told = _told(given, skipped, take)
    with _opened() as db, busy("Going from step to step"):
        found = workflows.go_on(db, run, told)
    return _said(_require_not_failed(found), as_json)


@workflow_group.command("repeat")
@click.argument("run", metavar="RUN")
@click.argument("step", metavar="STEP")
@given_option
@skip_option
@take_option
@json_option
def repeat_step(run: str, step: str, given: str | None, skipped: tuple[str, ...], take: bool, as_json: bool) -> Reply:
    """Do a step that is done again: it and all that build on it are open, and what they made before stays."""
    from keel.services.guided import workflows

    told = _told(given, skipped, take)
    with _opened() as db, busy("Going from step to step"):
        found = workflows.repeat(db, run, step, told)
    return _said(_require_not_failed(found), as_json)


@workflow_group.command("ask")
@click.argument("run", metavar="RUN")
@click.option("--by", default="rules", metavar="WHO", help="rules, or model: the one of KEEL_MODEL.")
@json_option
def put_questions(run: str, by: str, as_json: bool) -> Reply:
    """Have the questions of the next step put by the rules or by a model, with the answers it suggests."""
    from keel.services.guided import workflows
    from keel.services.shared.asking.questions import asked_json

    with _opened() as db, busy("Asking"):
        asked = workflows.put_questions(db, run, by)
    lines = [*([asked.fallback] if asked.fallback else []), *map(_question, (q for q in asked.questions if q.by))]
    return reply(asked_json(asked), "\n".join(lines) or "None of its questions may be put by a generator.", as_json)


@workflow_group.command("cancel")
@click.argument("run", metavar="RUN")
@json_option
def cancel_workflow(run: str, as_json: bool) -> Reply:
    """Give a run up; what it made stays."""
    from keel.services.guided import workflows

    with _opened() as db:
        found = workflows.cancel(db, run)
    return _said(found, as_json)


@contextmanager
def _opened() -> Iterator[Database]:
    """The database; nothing in it is under way, for this process has begun nothing yet."""
    from keel.commands.database import opened
    from keel.services.guided import workflows

    with opened() as db:
        workflows.recover(db)
        yield db


def _told(given: str | None, skipped: tuple[str, ...], take: bool) -> Told:
    from datetime import UTC, datetime

    from keel.domain.reading.place import Place
    from keel.domain.workflow.as_json import read_given
    from keel.services.guided.workflows import Told

    value, name = inputs.json_argument(given, "--given") if given else ({}, "--given")
    return Told(datetime.now(UTC).date(), read_given(value, Place(name)), skipped, take=take)


def _require_not_failed(run: WorkflowRun) -> WorkflowRun:
    """Raises InputError for a run whose step could not be done: it says why, and how to go on."""
    for step in run.workflow.steps:
        if run.steps[step.id].status.value == "failed":
            hint = f"Go on with: keel workflow resume {run.id}."
            raise InputError(f"{step.name}: {run.steps[step.id].message}", hint=hint, subject=step.id)
    return run


def _said(run: WorkflowRun, as_json: bool) -> Reply:
    from keel.services.guided import workflows

    return reply(workflows.document(run), text(run), as_json)


def text(run: WorkflowRun) -> str:
    """A run as text: its steps with a mark each and what came of them, then what is next."""
    rows = [
        [MARKS[run.steps[step.id].status.value], step.name, run.steps[step.id].status.value, _outcome(run, step.id)]
        for step in run.workflow.steps
    ]
    return "\n".join([_line(run), table(rows, left=4), *_next(run)])


def _next(run: WorkflowRun) -> Iterator[str]:
    from keel.domain.workflow.run import next_step, waits_for
    from keel.services.shared.asking.questions import questions

    step = next_step(run)
    if step is not None:
        yield f"Next: {step.name}. {step.words}"
        needs = " or ".join(" and ".join(sorted(one)) for one in waits_for(run, step))
        yield from ([f"It needs {needs}."] if needs else [])
        yield from (_question(put) for put in questions(run) if put.by)


def _question(put: Put) -> str:
    """A question as a generator puts it, who does, and the answer it suggests."""
    suggested = "" if put.answer is None else f" Suggested: {put.answer}. {put.reason}".rstrip()
    return f"{put.id}, put by {put.by}: {put.words}{suggested}"


def _outcome(run: WorkflowRun, id: str) -> str:
    """The ids and short values that came of a step, then those of before it was done again."""
    progress = run.steps[id]
    before = [f"before: {_values(outputs)}" for outputs in progress.earlier]
    return "; ".join(words for words in (_values(progress.outputs), *before) if words)


def _values(outputs: Mapping[str, Any]) -> str:
    shown = {name: value for name, value in outputs.items() if isinstance(value, str | int)}
    return ", ".join(f"{name} {value}" for name, value in shown.items() if not isinstance(value, bool))


def _defined(workflow: Workflow) -> str:
    return f"{workflow.id}: {' → '.join(step.name for step in workflow.steps)}"


def _line(run: WorkflowRun) -> str:
    return f"{run.id}: {run.workflow.name}, {run.status}"
