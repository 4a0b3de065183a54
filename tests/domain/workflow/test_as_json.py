"""Definitions and runs as JSON values: read as written, refused with their place."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from tests.domain.workflow.graphs import DIAMOND

from keel.domain.reading.place import Place
from keel.domain.workflow.as_json import read_given, read_workflow, run_json, state_json, stored_run, workflow_json
from keel.domain.workflow.run import begin, finish, reopen, start
from keel.errors import ImportFormatError

AT = datetime(2026, 1, 5, 9, 30, 1, 123457, tzinfo=UTC)
PLACE = Place("w.json")


def test_what_is_written_is_read_again() -> None:
    assert read_workflow(workflow_json(DIAMOND), PLACE) == DIAMOND
    first = finish(start(begin(DIAMOND), "a", {"more": 1}, AT), "a", {"x": [1]}, AT)
    run = start(finish(start(reopen(first, "a"), "a", {}, AT), "a", {}, AT), "b", {}, AT)
    assert stored_run(json.loads(json.dumps(state_json(run))), PLACE) == run
    assert run_json(run)["steps"][0]["earlier"] == [{"x": [1]}]


def test_what_an_older_edition_stored_is_read() -> None:
    state = state_json(begin(DIAMOND))
    del state["steps"]["a"]["earlier"]
    assert stored_run(state, PLACE) == begin(DIAMOND)


def test_a_run_says_what_is_next_and_what_that_needs() -> None:
    run = finish(start(begin(DIAMOND), "a", {}, AT), "a", {}, AT)
    said = run_json(run)
    assert (said["status"], said["next"], said["needs"]) == ("open", "b", [["x"], ["y"]])
    assert said["steps"][0]["ended_at"] == "2026-01-05T09:30:01.123457+00:00"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"steps": [{**workflow_json(DIAMOND)["steps"][0], "kind": "dance"}]}, "steps.0..kind: must be one of"),
        ({"exit": ["z"]}, "exit names z, which is no step"),
        ({"version": "x"}, "field version"),
        ({"steps": {}}, "must be a list"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_place(changed: dict[str, object], said: str) -> None:
    with pytest.raises(ImportFormatError, match=said):
        read_workflow({**workflow_json(DIAMOND), **changed}, PLACE)


def test_what_steps_are_given_is_an_object_of_objects() -> None:
    with pytest.raises(ImportFormatError, match="given, field a: must be an object"):
        read_given({"a": 1}, Place("given"))
