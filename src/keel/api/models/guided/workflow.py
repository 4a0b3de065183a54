"""Workflows and their runs."""

from __future__ import annotations

from pydantic import BaseModel, JsonValue

from keel.api.models.values import Moment, Name, Text
from keel.domain.workflow.definition import StepKind
from keel.domain.workflow.run import RunStatus, StepStatus


class StepQuestion(BaseModel):
    """One thing a step may be told; ``by_generator``: a generator may put it in words of its own."""

    id: str
    words: str
    by_generator: bool


class WorkflowStep(BaseModel):
    """One step. ``needs`` are sets of questions, any one of which is enough to go on; none: it needs no person."""

    id: str
    name: str
    kind: StepKind
    action: str
    page: str
    words: str
    after: list[str]
    questions: list[StepQuestion]
    needs: list[list[str]]
    skippable: bool


class Workflow(BaseModel):
    """A graph of steps: where a run may begin, where it ends, and what steps are told by default."""

    id: str
    name: str
    version: int
    category: str
    purpose: str
    entry: list[str]
    exit: list[str]
    steps: list[WorkflowStep]
    config: dict[str, dict[str, JsonValue]]


class StepProgress(BaseModel):
    """How far a step is: what it was told, what came of it, when, and how often it was begun.

    ``earlier`` is what came of it before it was opened again, which stays stored.
    """

    id: str
    name: str
    kind: StepKind
    page: str
    skippable: bool
    status: StepStatus
    given: dict[str, JsonValue]
    outputs: dict[str, JsonValue]
    started_at: Moment | None
    ended_at: Moment | None
    message: str
    begun: int
    earlier: list[dict[str, JsonValue]]


class WorkflowRun(BaseModel):
    """A run; ``next`` is the step to go on with, ``needs`` what that wants to be told."""

    id: str
    workflow: str
    name: str
    version: int
    entry: str
    status: RunStatus
    next: str | None
    needs: list[list[str]]
    steps: list[StepProgress]
    created_at: Moment
    updated_at: Moment


class ResumeBody(BaseModel):
    """What steps are told, by step and question, and which are passed over."""

    given: dict[str, dict[str, JsonValue]] | None = None
    skip: list[Text] | None = None


class RepeatBody(ResumeBody):
    """The same with the settled step that is done again."""

    step: Name


class RunBody(ResumeBody):
    """The same with the step to begin at."""

    entry: Text | None = None
