"""A workflow: steps that build on each other, as a file describes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class StepKind(StrEnum):
    """A person tells something, a person decides, a rule or a model makes something, or what there is gets judged."""

    data_collection = "data_collection"
    decision = "decision"
    generated = "generated"
    validation = "validation"


@dataclass(frozen=True, slots=True)
class Question:
    """One thing a step may be told, under its ``id``; ``by_generator``: a generator may put it in words of its own."""

    id: str
    words: str
    by_generator: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it comes ``after``, the ``action`` of a service that does it, and the page it is done on.

    ``needs`` are sets of questions, any one of which is enough to go on; none: the step needs no person.
    """

    id: str
    name: str
    kind: StepKind
    action: str
    page: str
    words: str = ""
    after: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    needs: tuple[frozenset[str], ...] = ()
    skippable: bool = False

    @property
    def put_by_generator(self) -> Mapping[str, str]:
        """The questions that a generator may put, in our words, by id."""
        return {question.id: question.words for question in self.questions if question.by_generator}


@dataclass(frozen=True, slots=True)
class Workflow:
    """A graph of steps: where a run may begin (``entry``), where it ends (``exit``), what steps are told by default."""

    id: str
    name: str
    version: int
    category: str
    purpose: str
    entry: tuple[str, ...]
    exit: tuple[str, ...]
    steps: tuple[Step, ...]
    config: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def step(self, id: str) -> Step:
        """The step of that id. Raises KeyError."""
        return {step.id: step for step in self.steps}[id]
