"""One run of a workflow: how far each step is, and what may happen next. Every change makes a new record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from keel.domain.text import shown
from keel.domain.workflow.definition import Step, Workflow
from keel.domain.workflow.graph import before, ordered
from keel.errors import InputError

Values = Mapping[str, Any]  # JSON values by name


class StepStatus(StrEnum):
    """A step waits until it is begun; what failed or was interrupted can be begun again, what is settled when it
    is opened again.
    """

    waiting = "waiting"
    running = "running"
    done = "done"
    skipped = "skipped"
    failed = "failed"
    interrupted = "interrupted"

    @property
    def settled(self) -> bool:
        """Whether what comes after may begin."""
        return self in (StepStatus.done, StepStatus.skipped)


class RunStatus(StrEnum):
    """``open``: somebody has to go on; ``failed`` and ``interrupted`` say why it stands, and can be gone on with."""

    open = "open"
    running = "running"
    failed = "failed"
    interrupted = "interrupted"
    done = "done"
    cancelled = "cancelled"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a step is: what it was told (``given``), what came of it, when, and how often it was begun.

    ``job`` is the background work that does it. ``put`` are its questions as a model put them, and ``by`` says of an
    answer that was suggested which generator did. ``earlier`` is what came of it before it was opened again, the first
    first: it stays stored.
    """

    status: StepStatus = StepStatus.waiting
    given: Values = field(default_factory=dict)
    outputs: Values = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    message: str = ""
    begun: int = 0
    job: str = ""
    put: tuple[Values, ...] = ()
    by: Mapping[str, str] = field(default_factory=dict)
    earlier: tuple[Values, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """A run with the definition it began with, whatever the file says later; ``id`` is empty until it is stored."""

    workflow: Workflow
    entry: str
    steps: Mapping[str, Progress]
    cancelled: bool = False
    id: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def status(self) -> RunStatus:
        """How the run stands; done when every exit is settled."""
        if self.cancelled:
            return RunStatus.cancelled
        if all(self.steps[id].status.settled for id in self.workflow.exit):
            return RunStatus.done
        states = {progress.status for progress in self.steps.values()}
        troubles = ((StepStatus.running, RunStatus.running), (StepStatus.interrupted, RunStatus.interrupted))
        for state, status in (*troubles, (StepStatus.failed, RunStatus.failed)):
            if state in states:
                return status
        return RunStatus.open


def begin(workflow: Workflow, entry: str = "") -> WorkflowRun:
    """A new run from an entry, the first without one; what lies before it is skipped. Raises InputError."""
    start = entry or workflow.entry[0]
    if start not in workflow.entry:
        hint = f"It begins at {', '.join(workflow.entry)}."
        raise InputError(f"{workflow.name} cannot begin at {shown(start)}.", hint=hint, subject="entry")
    passed = before(workflow, start)
    skipped = Progress(StepStatus.skipped)
    return WorkflowRun(workflow, start, {s.id: skipped if s.id in passed else Progress() for s in workflow.steps})


def next_step(run: WorkflowRun) -> Step | None:
    """The first step that may begin, None when there is none or one is under way."""
    if run.status in (RunStatus.done, RunStatus.cancelled, RunStatus.running):
        return None
    return next((step for step in ordered(run.workflow) if _is_open(run, step)), None)


def _is_open(run: WorkflowRun, step: Step) -> bool:
    status = run.steps[step.id].status
    idle = not status.settled and status is not StepStatus.running
    return idle and all(run.steps[id].status.settled for id in step.after)


def known(run: WorkflowRun, step: Step, given: Values) -> dict[str, Any]:
    """What a step is told: what came of the steps before it, then its defaults, then what it was given."""
    told: dict[str, Any] = {}
    for earlier in ordered(run.workflow):
        if earlier.id in before(run.workflow, step.id):
            told |= run.steps[earlier.id].outputs
    return {**told, **run.workflow.config.get(step.id, {}), **_asked(step, given)}


def waits_for(run: WorkflowRun, step: Step, given: Values | None = None) -> tuple[frozenset[str], ...]:
    """The sets of questions any of which would let the step begin; empty when it may begin with what is known.

    That is what came before it and what it is ``given``, without that what it was given when it was begun.
    """
    told = known(run, step, run.steps[step.id].given if given is None else given)
    answered = {name for name, value in told.items() if value is not None}
    return () if not step.needs or any(one <= answered for one in step.needs) else step.needs


def _asked(step: Step, given: Values) -> Values:
    asked = [question.id for question in step.questions]
    unknown = next((name for name in given if name not in asked), None)
    if unknown is not None:
        hint = f"It asks for {', '.join(asked)}." if asked else "It asks for nothing."
        raise InputError(f"The step {step.id} does not ask for {shown(unknown)}.", hint=hint, subject=unknown)
    return given


def start(run: WorkflowRun, id: str, given: Values, at: datetime, by: Mapping[str, str] | None = None) -> WorkflowRun:
    """The run with the step under way, ``by`` whom answers were suggested.

    Raises InputError for one that may not begin or is under way.
    """
    _require_open(run, id)
    before = run.steps[id]
    fresh = Progress(
        StepStatus.running,
        dict(given),
        started_at=at,
        begun=before.begun + 1,
        put=before.put,
        by=dict(by or {}),
        earlier=before.earlier,
    )
    return _with(run, id, fresh)


def put(run: WorkflowRun, id: str, questions: Sequence[Values]) -> WorkflowRun:
    """The run with the questions of a step as a model put them; none: as they were."""
    _require_open(run, id)
    return _with(run, id, replace(run.steps[id], put=tuple(questions)))


def hand_over(run: WorkflowRun, id: str, job: str) -> WorkflowRun:
    """The run with the job that does the step; the same where the step has ended meanwhile."""
    progress = run.steps[id]
    return _with(run, id, replace(progress, job=job)) if progress.status is StepStatus.running else run


def finish(run: WorkflowRun, id: str, outputs: Values, at: datetime) -> WorkflowRun:
    """The run with the step done, and what came of it. Raises InputError for one that is not under way."""
    if run.steps[id].status is not StepStatus.running:
        raise InputError(f"The step {id} is not under way.", hint="Look at the run again.", subject=id)
    return _with(run, id, replace(run.steps[id], status=StepStatus.done, outputs=dict(outputs), ended_at=at))


def fail(run: WorkflowRun, id: str, message: str, at: datetime) -> WorkflowRun:
    """The run with the step failed, and why."""
    return _with(run, id, replace(run.steps[id], status=StepStatus.failed, message=message, ended_at=at))


def skip(run: WorkflowRun, id: str, at: datetime) -> WorkflowRun:
    """The run without that step. Raises InputError for one that must be done or is not its turn."""
    _require_open(run, id)
    if not run.workflow.step(id).skippable:
        raise InputError(f"The step {id} cannot be skipped.", subject=id)
    return _with(run, id, replace(run.steps[id], status=StepStatus.skipped, message="", ended_at=at))


def reopen(run: WorkflowRun, id: str) -> WorkflowRun:
    """The run with a settled step to be done again, and all that build on it; what came of them stays, in ``earlier``.

    Raises InputError for a step that is not settled, and for a run that is given up or under way.
    """
    if id not in run.steps:
        raise no_step(run, id)
    if run.status in (RunStatus.cancelled, RunStatus.running):
        raise InputError(f"This run is {run.status}, so no step of it can be done again.", subject=run.id)
    if not run.steps[id].status.settled:
        status = run.steps[id].status.value
        raise InputError(f"The step {id} is {status}: it was not done yet.", hint="Go on with the run.", subject=id)
    opened = [step.id for step in run.workflow.steps if step.id == id or id in before(run.workflow, step.id)]
    return replace(run, steps={**run.steps, **{id: _opened(run.steps[id]) for id in opened}})


def _opened(progress: Progress) -> Progress:
    made = (progress.outputs,) if progress.outputs else ()
    return Progress(begun=progress.begun, earlier=(*progress.earlier, *made))


def interrupt(run: WorkflowRun, at: datetime) -> WorkflowRun:
    """The run as a restart finds it: what was under way is interrupted and can be begun again."""
    ended = {
        id: replace(progress, status=StepStatus.interrupted, ended_at=at)
        for id, progress in run.steps.items()
        if progress.status is StepStatus.running
    }
    return replace(run, steps={**run.steps, **ended})


def cancel(run: WorkflowRun) -> WorkflowRun:
    """The run given up; what it made stays. Raises InputError for one that has ended or is under way."""
    if run.status in (RunStatus.done, RunStatus.cancelled, RunStatus.running):
        raise InputError(f"This run is {run.status}, so it cannot be given up.", subject=run.id)
    return replace(run, cancelled=True)


def no_step(run: WorkflowRun, id: str) -> InputError:
    """The complaint about a step that is none, to be raised."""
    return InputError(f"There is no step {shown(id)}.", hint=f"There are {', '.join(run.steps)}.", subject="step")


def _require_open(run: WorkflowRun, id: str) -> None:
    if id not in run.steps:
        raise no_step(run, id)
    if run.cancelled or not _is_open(run, run.workflow.step(id)):
        status = "given up" if run.cancelled else run.steps[id].status.value
        hint = "It comes after others." if status == StepStatus.waiting.value else "Look at the run again."
        raise InputError(f"The step {id} cannot begin now: it is {status}.", hint=hint, subject=id)


def _with(run: WorkflowRun, id: str, progress: Progress) -> WorkflowRun:
    return replace(run, steps={**run.steps, id: progress})
