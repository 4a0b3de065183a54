"""The questions of a run's next step, as the rules or a model put them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from keel.domain.proposal.putting import Put, Situation, by_rules, put_json, stored_put
from keel.domain.workflow.definition import Step
from keel.domain.workflow.run import WorkflowRun, next_step
from keel.errors import GeneratorError
from keel.services.shared.asking.model import ask_for_questions
from keel.services.shared.templates import templates
from keel.settings import Model, load


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of a step; ``fallback`` says why the rules put them although a model was asked."""

    questions: tuple[Put, ...]
    fallback: str = ""


def questions(run: WorkflowRun) -> tuple[Put, ...]:
    """The questions of the next step as a model put them, or as the rules do; none where nothing is next."""
    step = next_step(run)
    if step is None:
        return ()
    stored = run.steps[step.id].put
    return tuple(map(stored_put, stored)) if stored else by_rules(step, _situation(run))


def put(run: WorkflowRun, step: Step, model: Model | None, tick: Callable[[], None]) -> Asked:
    """The questions of a step, by the rules without a ``model``; what ``tick`` raises ends the question."""
    situation = _situation(run)
    usual = by_rules(step, situation)
    if model is None or not step.put_by_generator:
        return Asked(usual)
    try:
        return Asked(ask_for_questions(model, step, usual, situation, tick))
    except GeneratorError as error:
        return Asked(usual, f"{error.message} The rules put the questions instead.")


def _situation(run: WorkflowRun) -> Situation:
    made: dict[str, Any] = {}
    for progress in run.steps.values():
        made |= progress.outputs
    band = made.get("risk_band", "")
    fit = [t for t in templates(load()) if t.framework.buckets and t.risk_band == (band or t.risk_band)]
    return Situation(band, tuple((t.id, t.name) for t in fit), made.get("framework_name", ""))


def asked_json(asked: Asked) -> dict[str, object]:
    """The questions as the command line prints them and REST answers them."""
    return {"questions": [put_json(put) for put in asked.questions], "fallback": asked.fallback}
