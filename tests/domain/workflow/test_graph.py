"""What is wrong with a graph is found; what is right has an order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.workflow.graphs import DIAMOND, step, workflow

from keel.domain.workflow.definition import Workflow
from keel.domain.workflow.graph import before, check, ordered


def test_a_right_graph_has_no_issue_and_an_order() -> None:
    assert check(DIAMOND) == ()
    assert [s.id for s in ordered(DIAMOND)] == ["a", "b", "c", "d"]
    assert before(DIAMOND, "d") == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (workflow(step("a", "d"), step("d", "a")), "circle"),
        (workflow(step("a", "a"), exit=("a",)), "circle"),
        (workflow(step("a"), step("d", "z")), "unknown_step"),
        (workflow(step("a"), step("a"), step("d", "a")), "step_twice"),
        (workflow(step("a"), step("d", "a"), entry=("z",)), "unknown_step"),
        (workflow(step("a"), step("d", "a"), exit=()), "no_exit"),
        (workflow(step("a"), step("d", "a"), entry=()), "no_entry"),
        (workflow(step("a"), step("b"), step("d", "b")), "exit_unreachable"),
        (workflow(step("a"), step("b"), step("d", "a", "b")), "exit_unreachable"),
        (replace(DIAMOND, config={"z": {}}), "unknown_step"),
        (replace(DIAMOND, config={"b": {"z": 1}}), "unasked"),
        (workflow(replace(step("a"), needs=(frozenset({"z"}),)), step("d", "a")), "unasked"),
    ],
)
def test_what_is_wrong_is_named(wrong: Workflow, code: str) -> None:
    assert [issue.code for issue in check(wrong)] == [code]


@given(st.lists(st.sets(st.integers(0, 7), max_size=3), min_size=1, max_size=8))
def test_every_order_has_each_step_behind_those_it_comes_after(rows: list[set[int]]) -> None:
    names = "abcdefgh"
    steps = [step(names[n], *sorted(names[m] for m in row if m < n)) for n, row in enumerate(rows)]
    order = [s.id for s in ordered(workflow(*reversed(steps)))]
    assert sorted(order) == sorted(s.id for s in steps)
    assert all(order.index(other) < order.index(s.id) for s in steps for other in s.after)
