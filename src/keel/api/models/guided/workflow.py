"""Workflows and their runs."""

from __future__ import annotations

from typing import Literal

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


class PutQuestion(BaseModel):
    """A question as put ``by`` a generator, empty: by the definition; with the answer it suggests, and why."""

    id: str
    words: str
    by: str
    answer: str | bool | None
    reason: str
    choices: list[str]


class PutQuestions(BaseModel):
    """The questions of a step; ``fallback`` says why the rules put them although a model was asked."""

    questions: list[PutQuestion]
    fallback: str


class PutBody(BaseModel):
    """Who is to put the questions."""

    by: Literal["rules", "model"] | None = None


class StepProgress(BaseModel):
    """How far a step is: what it was told, what came of it, when, and how often it was begun.

    ``put`` are its questions as a model put them, ``by`` says which answers a generator suggested. ``job`` is the work
    under ``/jobs`` that does it, empty for none. ``earlier`` is what came of it before, which stays stored.
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
    job: str
    put: list[PutQuestion]
    by: dict[str, str]
    earlier: list[dict[str, JsonValue]]


class WorkflowRun(BaseModel):
    """A run; ``next`` is the step to go on with, ``needs`` what it wants to be told, ``questions`` how it is asked."""

    id: str
    workflow: str
    name: str
    version: int
    entry: str
    status: RunStatus
    next: str | None
    needs: list[list[str]]
    questions: list[PutQuestion]
    steps: list[StepProgress]
    created_at: Moment
    updated_at: Moment


class ResumeBody(BaseModel):
    """What steps are told, by step and question, which are passed over, and whether suggested answers are taken."""

    given: dict[str, dict[str, JsonValue]] | None = None
    skip: list[Text] | None = None
    take: bool | None = None


class RepeatBody(ResumeBody):
    """The same with the settled step that is done again."""

    step: Name


class RunBody(ResumeBody):
    """The same with the step to begin at."""

    entry: Text | None = None
