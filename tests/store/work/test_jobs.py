"""Background work as stored: what was asked comes back, what has ended stays, a restart says what it ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from keel.errors import JobNotFoundError
from keel.store.connection import Database
from keel.store.work import jobs
from keel.store.work.jobs import JobRow, Status

ASKED = {"portfolio_id": "pf_1", "axes": [1, 2.5, None], "name": "Größe"}
LATER = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)


def added(db: Database, kind: str = "sweep", **more: object) -> JobRow:
    job = JobRow(kind, ASKED | more)
    jobs.add(db, job)
    return job


def test_what_was_asked_comes_back(store: Database) -> None:
    job = added(store)
    assert jobs.get(store, job.id) == job
    assert job.status is Status.queued
    assert job.id.startswith("job_")


def test_progress_and_outcome_are_kept(store: Database) -> None:
    job = replace(added(store), status=Status.running, done=3, total=10, message="3 of 10", started_at=LATER)
    jobs.update(store, job)
    assert jobs.get(store, job.id) == job
    ended = replace(job, status=Status.done, message="", result={"policies": 10}, ended_at=LATER)
    jobs.update(store, ended)
    assert jobs.get(store, job.id) == ended


def test_what_has_ended_stays_as_it_is(store: Database) -> None:
    ended = replace(added(store), status=Status.cancelled, done=5, total=10)
    jobs.update(store, ended)
    jobs.update(store, replace(ended, status=Status.running, done=6))
    assert jobs.get(store, ended.id) == ended


def test_an_unknown_job_is_said(store: Database) -> None:
    with pytest.raises(JobNotFoundError, match="There is no job job_none"):
        jobs.get(store, "job_none")


def test_the_newest_job_of_a_request_is_found(store: Database) -> None:
    first = JobRow("sweep", ASKED, created_at=LATER)
    second = JobRow("sweep", ASKED, created_at=LATER + timedelta(microseconds=1))
    for job in (second, first):
        jobs.add(store, job)
    added(store, "audit")
    added(store, more=1)
    assert jobs.latest(store, "sweep", ASKED) == second
    assert jobs.latest(store, "sweep", {}) is None
    assert jobs.latest(store, "fan", ASKED) is None


def test_the_newest_job_of_a_kind_is_found_whatever_it_was_asked(store: Database) -> None:
    first = JobRow("refresh", ASKED, created_at=LATER)
    second = JobRow("refresh", {}, created_at=LATER + timedelta(microseconds=1))
    for job in (second, first):
        jobs.add(store, job)
    assert jobs.newest(store, "refresh") == second
    assert jobs.newest(store, "fan") is None


def test_what_was_under_way_is_interrupted(store: Database) -> None:
    waiting, running, done = added(store, no=1), added(store, no=2), added(store, no=3)
    jobs.update(store, replace(running, status=Status.running, done=3, total=10, message="3 of 10"))
    jobs.update(store, replace(done, status=Status.done))
    jobs.interrupt(store)
    assert [jobs.get(store, job.id).status for job in (waiting, running, done)] == [
        Status.interrupted,
        Status.interrupted,
        Status.done,
    ]
    after = jobs.get(store, running.id)
    assert (after.done, after.total, after.message) == (3, 10, "")
    assert after.ended_at is not None
    jobs.interrupt(store)
    assert jobs.get(store, running.id) == after


def test_the_oldest_that_ended_are_forgotten(store: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST", 2)
    rows = [JobRow("sweep", {"no": i}, created_at=LATER + timedelta(seconds=i)) for i in range(4)]
    for row in rows:
        jobs.add(store, row)
    jobs.interrupt(store)
    for row in rows[2:]:
        assert jobs.get(store, row.id).status is Status.interrupted
    for row in rows[:2]:
        with pytest.raises(JobNotFoundError):
            jobs.get(store, row.id)


def test_only_what_is_under_way_has_not_ended() -> None:
    assert [status for status in Status if not status.ended] == [Status.queued, Status.running]
