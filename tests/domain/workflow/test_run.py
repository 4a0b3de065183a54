"""A run goes from step to step: what may begin, what is told, what a restart finds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.domain.workflow.graphs import DIAMOND, step, workflow

from keel.domain.workflow.run import (
    RunStatus,
    StepStatus,
    WorkflowRun,
    begin,
    cancel,
    fail,
    finish,
    interrupt,
    known,
    next_step,
    reopen,
    skip,
    start,
    waits_for,
)
from keel.errors import InputError

AT = datetime(2026, 1, 5, tzinfo=UTC)


def done(run: WorkflowRun, id: str, **outputs: object) -> WorkflowRun:
    return finish(start(run, id, {}, AT), id, outputs, AT)


def following(run: WorkflowRun) -> str:
    step = next_step(run)
    return step.id if step else ""


def test_steps_follow_each_other_to_the_exit() -> None:
    run = begin(DIAMOND)
    assert (following(run), run.status) == ("a", RunStatus.open)
    run = done(run, "a", x=1)
    assert following(run) == "b"
    run = done(skip(run, "c", AT), "b")
    assert following(run) == "d"
    run = done(run, "d")
    assert (following(run), run.status) == ("", RunStatus.done)


def test_a_step_is_told_what_came_of_those_before_it_and_what_it_is_given() -> None:
    run = done(begin(DIAMOND), "a", z=1)
    assert known(run, DIAMOND.step("b"), {"more": 3}) == {"z": 1, "more": 3}
    assert waits_for(run, DIAMOND.step("b")) == (frozenset({"x"}), frozenset({"y"}))
    assert waits_for(run, DIAMOND.step("b"), {"y": 2}) == ()
    assert waits_for(done(begin(DIAMOND), "a", x=1), DIAMOND.step("b")) == ()
    assert waits_for(done(begin(DIAMOND), "a", x=None), DIAMOND.step("b")) != ()
    with pytest.raises(InputError, match="does not ask"):
        known(run, DIAMOND.step("b"), {"q": 1})


def test_what_lies_before_the_entry_is_skipped() -> None:
    two = workflow(step("a"), step("b", "a"), step("d", "b"), entry=("a", "b"))
    run = begin(two, "b")
    assert (run.steps["a"].status, following(run)) == (StepStatus.skipped, "b")
    with pytest.raises(InputError, match="cannot begin at"):
        begin(two, "d")


def test_what_failed_can_be_begun_again_and_says_why() -> None:
    run = fail(start(begin(DIAMOND), "a", {}, AT), "a", "No.", AT)
    assert (run.status, run.steps["a"].message, following(run)) == (RunStatus.failed, "No.", "a")
    run = done(run, "a")
    assert (run.steps["a"].message, run.steps["a"].begun) == ("", 2)


def test_a_restart_finds_what_was_under_way_interrupted() -> None:
    run = start(begin(DIAMOND), "a", {}, AT)
    assert (run.status, next_step(run)) == (RunStatus.running, None)
    found = interrupt(run, AT)
    assert (found.status, following(found)) == (RunStatus.interrupted, "a")
    assert done(found, "a").status is RunStatus.open


def test_a_settled_step_and_all_that_build_on_it_are_opened_again_and_name_what_they_made() -> None:
    run = done(skip(done(done(begin(DIAMOND), "a", x=1), "b", made="b1"), "c", AT), "d", made="d1")
    again = reopen(run, "b")
    assert (again.status, following(again)) == (RunStatus.open, "b")
    assert [again.steps[id].status.value for id in "abcd"] == ["done", "waiting", "skipped", "waiting"]
    assert (again.steps["d"].earlier, again.steps["d"].outputs) == (({"made": "d1"},), {})
    twice = reopen(done(done(again, "b", made="b2"), "d"), "b")
    assert twice.steps["b"].earlier == ({"made": "b1"}, {"made": "b2"})
    assert (twice.steps["b"].begun, twice.steps["b"].given) == (2, {})
    assert [reopen(run, "a").steps[id].status.value for id in "abcd"] == ["waiting"] * 4


def test_what_cannot_be_opened_again_is_refused() -> None:
    run = done(begin(DIAMOND), "a")
    with pytest.raises(InputError, match="no step"):
        reopen(run, "z")
    with pytest.raises(InputError, match="not done yet"):
        reopen(run, "b")
    with pytest.raises(InputError, match="running"):
        reopen(start(run, "b", {}, AT), "a")
    with pytest.raises(InputError, match="cancelled"):
        reopen(cancel(run), "a")


def test_what_may_not_happen_is_refused() -> None:
    run = begin(DIAMOND)
    under_way = start(run, "a", {}, AT)
    with pytest.raises(InputError, match="it is running"):
        start(under_way, "a", {}, AT)
    with pytest.raises(InputError, match="it is waiting"):
        start(run, "d", {}, AT)
    with pytest.raises(InputError, match="it is done"):
        start(done(run, "a"), "a", {}, AT)
    with pytest.raises(InputError, match="not under way"):
        finish(run, "a", {}, AT)
    with pytest.raises(InputError, match="cannot be skipped"):
        skip(run, "a", AT)
    with pytest.raises(InputError, match="no step"):
        skip(run, "z", AT)
    with pytest.raises(InputError, match="running"):
        cancel(under_way)
    given_up = cancel(run)
    assert (given_up.status, next_step(given_up)) == (RunStatus.cancelled, None)
    with pytest.raises(InputError, match="given up"):
        start(given_up, "a", {}, AT)
    with pytest.raises(InputError, match="cancelled"):
        cancel(given_up)
