"""Workflows: a run is begun, goes on step by step as far as it is told, and stands where it was after a restart.

A step has two parts: it computes, then writes. What it writes is stored in one transaction with the step being done, so
a process that ends at any moment leaves either both or neither, and nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.domain.reading.values import read_object
from keel.domain.text import shown
from keel.domain.workflow import run as runs
from keel.domain.workflow.as_json import read_workflow
from keel.domain.workflow.definition import Step, Workflow
from keel.domain.workflow.run import WorkflowRun, known, next_step, waits_for
from keel.errors import KeelError, WorkflowNotFoundError
from keel.settings import Settings, load
from keel.sources.embedded.workflows import workflow_files
from keel.store.connection import Database
from keel.store.guided import workflow_runs
from keel.store.values import now

# What a step does, and the service that knows how: in its ``STEPS``, by the same name.
ACTIONS = {
    "profile": "keel.services.guided.profiles",
    "framework": "keel.services.design",
    "products": "keel.services.mapping",
    "validation": "keel.services.guided.validation",
    "portfolio": "keel.services.mapping",
    "holdings": "keel.services.holdings.show",
    "drift": "keel.services.report",
    "plan": "keel.services.live.plan",
    "pack": "keel.services.study",
}
Values = Mapping[str, Any]
Write = Callable[[], Values]
Action = Callable[[Database, Values, date], Write]  # what it is told and the day → what it will write


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says: what steps are given, by step, which are skipped, and the day it is.

    Steps for ``later`` are not begun, so that a person can look at what comes before them.
    """

    today: date
    given: Mapping[str, Values] = field(default_factory=dict)
    skipped: Collection[str] = ()
    later: Collection[str] = ()


def definitions(settings: Settings) -> tuple[Workflow, ...]:
    """The workflows there are, by file name; read once per folder. Raises ImportFormatError naming the file."""
    return _read(settings.data_dir / "workflows")


@cache
def _read(folder: Path) -> tuple[Workflow, ...]:
    return tuple(_parsed(data, Place(name)) for name, data in workflow_files(folder).items())


def _parsed(data: bytes, place: Place) -> Workflow:
    workflow = read_workflow(read_object(load_json(decode(data, place), place), place), place)
    for step in workflow.steps:
        if step.action not in ACTIONS:
            raise place.error(f"the step {step.id} has the action {step.action}, which no service does.")
    return workflow


def definition(settings: Settings, id: str) -> Workflow:
    """The workflow of that id. Raises WorkflowNotFoundError."""
    there = {workflow.id: workflow for workflow in definitions(settings)}
    if id not in there:
        hint = f"There are {', '.join(there)}."
        raise WorkflowNotFoundError(f"There is no workflow {shown(id)}.", hint=hint, subject=id)
    return there[id]


def begin(db: Database, workflow_id: str, told: Told, entry: str = "") -> WorkflowRun:
    """A new run, gone on with as far as it is told. Raises WorkflowNotFoundError, InputError."""
    run = runs.begin(definition(load(), workflow_id), entry)
    _require_asked(run, told)
    return go_on(db, workflow_runs.add(db, run).id, told)


def go_on(db: Database, id: str, told: Told) -> WorkflowRun:
    """The run after every step that may begin with what is told and known, up to the first that waits or fails.

    Raises WorkflowNotFoundError, InputError for what a step does not ask for or that is skipped and may not be.
    """
    run = workflow_runs.get(db, id)
    _require_asked(run, told)
    tried: set[str] = set()
    while (step := next_step(run)) is not None and step.id not in tried:
        tried.add(step.id)
        if step.id in told.later:
            break
        if step.id in told.skipped:
            run = _skip(db, run, step)
            continue
        given = told.given.get(step.id) or run.steps[step.id].given
        if waits_for(run, step, given):
            break
        run = _do(db, run, step, given, told.today)
    return run


def repeat(db: Database, id: str, step_id: str, told: Told) -> WorkflowRun:
    """The run with a settled step and all that build on it open again, gone on with as far as it is told.

    What they made before stays, and the run names it. Raises WorkflowNotFoundError, InputError.
    """
    _require_asked(workflow_runs.get(db, id), told)
    workflow_runs.change(db, id, lambda run: runs.reopen(run, step_id))
    return go_on(db, id, told)


def _skip(db: Database, run: WorkflowRun, step: Step) -> WorkflowRun:
    return workflow_runs.change(db, run.id, lambda before: runs.skip(before, step.id, now()))


def _require_asked(run: WorkflowRun, told: Told) -> None:
    """Raises InputError for steps that are none, and for what a step does not ask for."""
    for id in (*told.given, *told.skipped):
        if id not in run.steps:
            raise runs.no_step(run, id)
    for id, given in told.given.items():
        known(run, run.workflow.step(id), given)


def _do(db: Database, run: WorkflowRun, step: Step, given: Values, today: date) -> WorkflowRun:
    """The run after one step, done or failed; the step's service is called once."""
    run = workflow_runs.change(db, run.id, lambda before: runs.start(before, step.id, given, now()))
    try:
        write = _action(step)(db, known(run, step, given), today)
        return workflow_runs.change(db, run.id, lambda before: runs.finish(before, step.id, write(), now()))
    except KeelError as error:
        message = f"{error.message} {error.hint}".strip()
        return workflow_runs.change(db, run.id, lambda before: runs.fail(before, step.id, message, now()))
    except BaseException:
        workflow_runs.change(db, run.id, lambda before: runs.interrupt(before, now()))
        raise


def _action(step: Step) -> Action:
    action: Action = import_module(ACTIONS[step.action]).STEPS[step.action]
    return action


def get(db: Database, id: str) -> WorkflowRun:
    """One run. Raises WorkflowNotFoundError."""
    return workflow_runs.get(db, id)


def listed(db: Database) -> tuple[WorkflowRun, ...]:
    """Every run, last changed first."""
    return workflow_runs.list_all(db)


def cancel(db: Database, id: str) -> WorkflowRun:
    """The run given up; what it made stays. Raises WorkflowNotFoundError, InputError for one that has ended."""
    return workflow_runs.change(db, id, runs.cancel)


def recover(db: Database) -> None:
    """Says of what an earlier process left under way that it was interrupted; for a database just opened."""
    for owner, id in workflow_runs.under_way(db):
        workflow_runs.change(db.of(owner), id, lambda run: runs.interrupt(run, now()))
