"""Runs of workflows: kept whole, changed in one transaction with what the change writes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.domain.workflow.graphs import DIAMOND

from keel.domain.policy.presets import PRESETS
from keel.domain.workflow import run as runs
from keel.domain.workflow.run import RunStatus, WorkflowRun, begin
from keel.errors import InputError, WorkflowNotFoundError
from keel.store import policies
from keel.store.connection import Database
from keel.store.guided import workflow_runs
from keel.store.policies import NamedPolicy

AT = datetime(2026, 1, 5, tzinfo=UTC)


def under_way(run: WorkflowRun) -> WorkflowRun:
    return runs.start(run, "a", {"more": 1}, AT)


def test_a_run_comes_back_as_it_was(store: Database) -> None:
    stored = workflow_runs.add(store, begin(DIAMOND))
    assert workflow_runs.get(store, stored.id) == stored
    later = workflow_runs.change(store, stored.id, under_way)
    assert workflow_runs.get(store, stored.id) == later
    assert later.status is RunStatus.running
    assert workflow_runs.under_way(store) == ((store.owner, stored.id),)


def test_a_change_that_fails_leaves_run_and_writes_as_they_were(store: Database) -> None:
    stored = workflow_runs.add(store, begin(DIAMOND))

    def half(run: WorkflowRun) -> WorkflowRun:
        policies.save(store, NamedPolicy("Half", PRESETS["never"]))
        return runs.start(run, "d", {}, AT)

    with pytest.raises(InputError):
        workflow_runs.change(store, stored.id, half)
    assert workflow_runs.get(store, stored.id) == stored
    assert policies.list_all(store) == ()


def test_a_list_is_its_owners_last_changed_first(store: Database) -> None:
    theirs = workflow_runs.add(store.of("ann"), begin(DIAMOND))
    first, second = (workflow_runs.add(store, begin(DIAMOND)) for _ in range(2))
    first = workflow_runs.change(store, first.id, under_way)
    assert workflow_runs.list_all(store) == (first, second)
    assert workflow_runs.list_all(store.of("ann")) == (theirs,)


def test_what_is_not_stored_is_named(store: Database) -> None:
    for ask in (workflow_runs.get, lambda db, id: workflow_runs.change(db, id, under_way)):
        with pytest.raises(WorkflowNotFoundError, match="wr_nothing"):
            ask(store, "wr_nothing")
