"""Runs: the question, the fingerprint and the metrics come back as they were."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.study.question import Question
from keel.errors import RunNotFoundError
from keel.store import archive, runs
from keel.store.connection import Database
from keel.store.runs import Run

QUESTION = Question("pf_1", {"Yearly": PRESETS["annual"]}, RunSettings(cost_bps=0.1), portfolio_version=1)
RUN = Run(
    QUESTION, "fw_1", 3, "abc123", {"Yearly": {"cagr": 0.07123456789012345, "sharpe": None}}, name="Run “1”",
)  # fmt: skip


def test_a_run_comes_back_as_it_was(store: Database) -> None:
    saved = runs.save(store, RUN)
    assert replace(saved, id="", created_at=None) == RUN
    assert runs.get(store, saved.id) == saved


def test_runs_are_listed_newest_first_and_archived_ones_on_request(store: Database) -> None:
    first, second = runs.save(store, RUN), runs.save(store, replace(RUN, fingerprint="other"))
    runs.save(store, replace(RUN, question=replace(QUESTION, portfolio_id="pf_2")))
    assert runs.list_for(store, "pf_1") == (second, first)
    archive.put_away(store, "run", second.id)
    assert runs.list_for(store, "pf_1") == (first,)
    assert runs.list_for(store, "pf_1", with_archived=True) == (second, first)
    assert runs.get(store, second.id) == second
    archive.bring_back(store, "run", second.id)
    assert runs.list_for(store, "pf_1") == (second, first)


def test_the_same_question_on_the_same_prices_is_stored_once(store: Database) -> None:
    first = runs.save(store, RUN)
    assert runs.save(store, RUN) == first
    assert runs.save(store, replace(RUN, question=replace(QUESTION, portfolio_version=2))).id != first.id
    archive.put_away(store, "run", first.id)
    assert runs.save(store, RUN).id != first.id


def test_a_run_can_be_renamed(store: Database) -> None:
    saved = runs.save(store, RUN)
    assert runs.rename(store, saved.id, "Better") == replace(saved, name="Better")


def test_the_list_has_what_was_stored_copied_or_renamed_since_it_was_asked_for(store: Database) -> None:
    assert runs.list_for(store, "pf_1") == ()
    saved = runs.save(store, RUN)
    assert runs.list_for(store, "pf_1") == (saved,)
    copied = runs.copy(store, saved.id, "Copy")
    renamed = runs.rename(store, saved.id, "Better")
    assert {run.id: run.name for run in runs.list_for(store, "pf_1")} == {copied.id: "Copy", renamed.id: "Better"}


def test_an_unknown_run_is_named(store: Database) -> None:
    for ask in (runs.get, lambda db, id: runs.rename(db, id, "x")):
        with pytest.raises(RunNotFoundError, match="run_nothing"):
            ask(store, "run_nothing")
