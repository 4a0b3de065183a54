"""The graph of a workflow: what is wrong with it, and the order of its steps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from keel.domain.issue import Finding, Severity
from keel.domain.workflow.definition import Step, Workflow


def check(workflow: Workflow) -> tuple[Finding, ...]:
    """Everything wrong: steps twice, unknown or in a circle, entries and exits that are none or cannot be reached."""
    issues = (*_twice(workflow), *_unknown(workflow), *_unasked(workflow))
    return issues or (*_circle(workflow), *_unreachable(workflow))


def ordered(workflow: Workflow) -> tuple[Step, ...]:
    """The steps, each behind those it comes after; else in their order. For a workflow without issues.

    >>> from keel.domain.workflow.definition import StepKind
    >>> last = Step("b", "B", StepKind.decision, "save", "start", after=("a",))
    >>> first = Step("a", "A", StepKind.decision, "save", "start")
    >>> [step.id for step in ordered(Workflow("w", "W", 1, "", "", ("a",), ("b",), (last, first)))]
    ['a', 'b']
    """
    place = {step.id: n for n, step in enumerate(workflow.steps)}
    sorter = _sorter(workflow)
    sorter.prepare()
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=place.__getitem__)
        order += ready
        sorter.done(*ready)
    return tuple(workflow.step(id) for id in order)


def before(workflow: Workflow, id: str) -> frozenset[str]:
    """The ids of all steps that one builds on, near and far."""
    near = workflow.step(id).after
    return frozenset(near).union(*(before(workflow, other) for other in near))


def _sorter(workflow: Workflow) -> TopologicalSorter[str]:
    return TopologicalSorter({step.id: step.after for step in workflow.steps})


def _twice(workflow: Workflow) -> Iterator[Finding]:
    for id, count in Counter(step.id for step in workflow.steps).items():
        if count > 1:
            yield _error("step_twice", id, f"The step {id} is there {count} times.")


def _unknown(workflow: Workflow) -> Iterator[Finding]:
    known = {step.id for step in workflow.steps}
    named = [(step.id, other, "comes after") for step in workflow.steps for other in step.after]
    named += [("entry", id, "names") for id in workflow.entry] + [("exit", id, "names") for id in workflow.exit]
    named += [("config", id, "names") for id in workflow.config]
    for where, id, does in named:
        if id not in known:
            yield _error("unknown_step", where, f"{where} {does} {id}, which is no step.")
    for name, ids in (("entry", workflow.entry), ("exit", workflow.exit)):
        if not ids:
            yield _error(f"no_{name}", name, f"There is no {name}.")


def _unasked(workflow: Workflow) -> Iterator[Finding]:
    for step in workflow.steps:
        asked = {question.id for question in step.questions}
        for id in sorted(set[str]().union(*step.needs, workflow.config.get(step.id, ())) - asked):
            yield _error("unasked", step.id, f"The step {step.id} needs {id}, which is none of its questions.")


def _circle(workflow: Workflow) -> Iterator[Finding]:
    try:
        _sorter(workflow).prepare()
    except CycleError as error:
        yield _error("circle", workflow.id, f"Steps go in a circle: {' → '.join(reversed(error.args[1]))}.")


def _unreachable(workflow: Workflow) -> Iterator[Finding]:
    reached = set(workflow.entry)
    grown = True
    while grown:
        further = {step.id for step in workflow.steps if step.after and reached.issuperset(step.after)} - reached
        reached |= further
        grown = bool(further)
    for id in workflow.exit:
        if id not in reached:
            yield _error("exit_unreachable", id, f"No way leads from an entry to the exit {id}.")


def _error(code: str, subject: str, message: str) -> Finding:
    return Finding(code, Severity.error, subject, message, "Correct the file.")
