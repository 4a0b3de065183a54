"""Small workflows for tests."""

from __future__ import annotations

from keel.domain.workflow.definition import Question, Step, StepKind, Workflow


def step(id: str, *after: str, needs: tuple[str, ...] = (), skippable: bool = False) -> Step:
    """A step that asks for what it needs, each one enough."""
    return Step(
        id=id,
        name=id.upper(),
        kind=StepKind.decision,
        action="framework",
        page="template",
        after=after,
        questions=(*(Question(need, f"{need}?") for need in needs), Question("more", "More?")),
        needs=tuple(frozenset({need}) for need in needs),
        skippable=skippable,
    )


def workflow(*steps: Step, entry: tuple[str, ...] = ("a",), exit: tuple[str, ...] = ("d",)) -> Workflow:
    """A workflow of the steps."""
    return Workflow("w", "Work", 1, "design", "To test.", entry, exit, steps)


# a → b, c → d: b wants to be told x, c may be skipped
DIAMOND = workflow(step("a"), step("b", "a", needs=("x", "y")), step("c", "a", skippable=True), step("d", "b", "c"))
