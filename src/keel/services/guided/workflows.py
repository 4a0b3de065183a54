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

from keel.domain.proposal.putting import put_json, taken
from keel.domain.reading.day import read_day
from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.domain.reading.values import read_object
from keel.domain.text import shown
from keel.domain.workflow import run as runs
from keel.domain.workflow.as_json import read_workflow, run_json
from keel.domain.workflow.definition import Step, Workflow
from keel.domain.workflow.run import StepStatus, WorkflowRun, known, next_step, waits_for
from keel.errors import InputError, KeelError, WorkflowNotFoundError
from keel.services.shared import jobs
from keel.services.shared.asking.model import MODEL, generator_of
from keel.services.shared.asking.questions import Asked, asked_json, put, questions
from keel.services.shared.job import Job, Kind, Request, Slow
from keel.settings import Settings, load
from keel.sources.embedded.workflows import workflow_files
from keel.sources.llm.model import unwatched
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
Action = Callable[[Database, Values, date], Write | Slow[Write]]  # what it is told and the day → what it will write


@dataclass(frozen=True, slots=True)
class Told:
    """What a person says: what steps are given, by step, which are skipped, and the day it is.

    Steps for ``later`` are not begun, so that a person can look at what comes before them. In the ``background`` a step
    that takes long is done by a job, and the run is under way until that has ended. ``take``: an answer that is missing
    is the one that is suggested.
    """

    today: date
    given: Mapping[str, Values] = field(default_factory=dict)
    skipped: Collection[str] = ()
    later: Collection[str] = ()
    background: bool = False
    take: bool = False


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
        answers = _answered(run, step, told)
        if waits_for(run, step, answers.given):
            break
        run = _do(db, run, step, answers, told)
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


@dataclass(frozen=True, slots=True)
class _Answers:
    """What a step is given, and by whom answers were suggested."""

    given: Values
    by: Mapping[str, str] = field(default_factory=dict)


def _answered(run: WorkflowRun, step: Step, told: Told) -> _Answers:
    """What a person says; where that is not enough and they take it what is suggested, else what they said before."""
    said = told.given.get(step.id, {})
    if told.take and waits_for(run, step, said):
        puts = questions(run)
        suggested = {id: answer for id, answer in taken(step, puts).items() if id not in said}
        if suggested:
            return _Answers({**suggested, **said}, {put.id: put.by for put in puts if put.id in suggested})
    return _Answers(said or run.steps[step.id].given)


def _do(db: Database, run: WorkflowRun, step: Step, answers: _Answers, told: Told) -> WorkflowRun:
    """The run after one step, done, failed or handed over to a job; the step's service is called once."""
    given, by = answers.given, answers.by
    run = workflow_runs.change(db, run.id, lambda before: runs.start(before, step.id, given, now(), by))
    return _settled(db, run, step, lambda: _done(db, run, step, told))


def _done(db: Database, run: WorkflowRun, step: Step, told: Told) -> WorkflowRun:
    work = _worked(db, run, step, told.today)
    if isinstance(work, Slow) and told.background:
        request = {"run_id": run.id, "step": step.id, "begun": run.steps[step.id].begun}
        job = jobs.begin(db, STEP, {**request, "today": told.today.isoformat(), "later": sorted(told.later)})
        return workflow_runs.change(db, run.id, lambda before: runs.hand_over(before, step.id, job.row.id))
    write = work.compute(unwatched) if isinstance(work, Slow) else work
    return workflow_runs.change(db, run.id, lambda before: runs.finish(before, step.id, write(), now()))


def _worked(db: Database, run: WorkflowRun, step: Step, today: date) -> Write | Slow[Write]:
    return _action(step)(db, known(run, step, run.steps[step.id].given), today)


def _settled(db: Database, run: WorkflowRun, step: Step, work: Callable[[], WorkflowRun]) -> WorkflowRun:
    """The run as ``work`` leaves it; failed where it cannot be done, interrupted where it was ended."""
    try:
        return work()
    except KeelError as error:
        message = f"{error.message} {error.hint}".strip()
        return workflow_runs.change(db, run.id, lambda before: runs.fail(before, step.id, message, now()))
    except BaseException:
        workflow_runs.change(db, run.id, lambda before: runs.interrupt(before, now()))
        raise


def _run_step(db: Database, request: Request, job: Job[WorkflowRun]) -> WorkflowRun:
    """The run after a step that takes long, gone on with as far as it is told where that is done."""
    run, today = workflow_runs.get(db, request["run_id"]), read_day(request["today"], Place("step"))
    step = run.workflow.step(request["step"])
    if run.steps[step.id].begun != request["begun"]:
        raise InputError(f"The step {step.id} was begun again meanwhile.", subject=step.id)

    def finished() -> WorkflowRun:
        work = _worked(db, run, step, today)
        write = work.compute(job.require_wanted) if isinstance(work, Slow) else work
        job.require_wanted()
        return workflow_runs.change(db, run.id, lambda before: runs.finish(before, step.id, write(), now()))

    after = _settled(db, run, step, finished)
    return go_on(db, run.id, Told(today, later=request["later"])) if after.steps[step.id].status.settled else after


def job_of(db: Database, run: WorkflowRun) -> Job[WorkflowRun] | None:
    """The job that does the step under way; None where there is none, or an earlier process began it."""
    id = next((progress.job for progress in run.steps.values() if progress.status is StepStatus.running), "")
    return jobs.find(db, STEP, jobs.get(db, id).request) if id else None


def _action(step: Step) -> Action:
    action: Action = import_module(ACTIONS[step.action]).STEPS[step.action]
    return action


def get(db: Database, id: str) -> WorkflowRun:
    """One run. Raises WorkflowNotFoundError."""
    return workflow_runs.get(db, id)


def listed(db: Database) -> tuple[WorkflowRun, ...]:
    """Every run, last changed first."""
    return workflow_runs.list_all(db)


def document(run: WorkflowRun) -> dict[str, Any]:
    """A run as the command line prints it and REST answers it, with the questions of its next step."""
    return {**run_json(run), "questions": [put_json(one) for one in questions(run)]}


def put_questions(db: Database, id: str, by: str, tick: Callable[[], None] = unwatched) -> Asked:
    """The questions of the next step, put by the rules or by a model, and kept with the run.

    Raises WorkflowNotFoundError, InputError where nothing is next or no model is set up.
    """
    run, model = workflow_runs.get(db, id), generator_of(by)
    step = _require_next(run)
    asked = put(run, step, model, tick)
    stored = [] if model is None or asked.fallback else [put_json(one) for one in asked.questions]
    workflow_runs.change(db, id, lambda before: runs.put(before, step.id, stored))
    return asked


def ask_questions(db: Database, id: str) -> Job[Asked]:
    """The model asked to put the questions of the next step, as background work. Raises as ``put_questions``."""
    generator_of(MODEL)
    run = workflow_runs.get(db, id)
    return jobs.anew(db, QUESTIONS, _questions_of(run, _require_next(run)))


def find_questions(db: Database, run: WorkflowRun) -> Job[Asked] | None:
    """The job that asked the model for the questions of the next step; None where nobody did."""
    step = next_step(run)
    return jobs.find(db, QUESTIONS, _questions_of(run, step)) if step else None


def _require_next(run: WorkflowRun) -> Step:
    step = next_step(run)
    if step is None:
        raise InputError(f"No step of this run waits: it is {run.status}.", subject=run.id)
    return step


def _questions_of(run: WorkflowRun, step: Step) -> Request:
    return {"run_id": run.id, "step": step.id}


def _run_questions(db: Database, request: Request, job: Job[Asked]) -> Asked:
    return put_questions(db, request["run_id"], MODEL, job.require_wanted)


def cancel(db: Database, id: str) -> WorkflowRun:
    """The run given up; what it made stays. Raises WorkflowNotFoundError, InputError for one that has ended."""
    return workflow_runs.change(db, id, runs.cancel)


def recover(db: Database) -> None:
    """Says of what an earlier process left under way that it was interrupted; for a database just opened."""
    for owner, id in workflow_runs.under_way(db):
        workflow_runs.change(db.of(owner), id, lambda run: runs.interrupt(run, now()))


def _result(run: WorkflowRun) -> dict[str, object]:
    return {"run_id": run.id, "status": run.status.value}


OPENING = "Asking the model"
STEP: Kind[WorkflowRun] = Kind("step", "the step", _run_step, _result, lasting=True, opening=OPENING)
QUESTIONS: Kind[Asked] = Kind("questions", "the question", _run_questions, asked_json, lasting=True, opening=OPENING)
JOBS: dict[str, Kind[Any]] = {kind.name: kind for kind in (STEP, QUESTIONS)}
