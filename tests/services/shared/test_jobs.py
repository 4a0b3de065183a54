"""Background work: begun once, told how far it is, stopped, kept, and known again after a restart."""

from __future__ import annotations

import gc
import shutil
import threading
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from tests.engine import blank
from tests.forked import forked
from tests.patience import PATIENCE

from keel.errors import InputError, JobNotFoundError, StoreError
from keel.services.shared import jobs
from keel.services.shared.job import Job, Kind
from keel.store import prices
from keel.store.connection import Database
from keel.store.work import jobs as stored
from keel.store.work.jobs import JobRow, Status

ASKED = {"policies": 3}


class Gate:
    """Work that counts to three once it is let through, unless it is stopped before."""

    def __init__(self, name: str = "sweep", *, alone: bool = False) -> None:
        self.kind = Kind(name, "policies", self.work, lambda answer: {"counted": answer}, alone)
        self.begun = threading.Semaphore(0)
        self.open = threading.Event()
        self.at_work = 0
        self.most_at_work = 0

    def work(self, _db: Database, request: Mapping[str, Any], job: Job[int]) -> int:
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        self.begun.release()
        while not self.open.wait(0.01) and not job.stopped():
            pass
        self.at_work -= 1
        for i in range(int(request["policies"])):
            if job.stopped():
                return i
            job.report(i + 1, int(request["policies"]))
        return int(request["policies"])


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.open.set()


def fails(error: Exception) -> Kind[int]:
    def work(_db: Database, _request: Mapping[str, Any], _job: Job[int]) -> int:
        raise error

    return Kind("sweep", "policies", work, lambda _: {})


def answered(job: Job[int]) -> int | None:
    assert job.finished(PATIENCE)
    return job.answer


def status(db: Database, job: Job[int]) -> Status:
    return stored.get(db, job.row.id).status


def test_work_gives_an_answer_and_is_stored_with_it(db: Database, gate: Gate) -> None:
    job = jobs.begin(db, gate.kind, ASKED)
    assert gate.begun.acquire(timeout=PATIENCE)
    assert not job.finished()
    assert status(db, job) is Status.running
    gate.open.set()
    assert answered(job) == 3
    row = stored.get(db, job.row.id)
    assert (row.status, row.done, row.total, row.result) == (Status.done, 3, 3, {"counted": 3})
    assert row.started_at is not None
    assert row.ended_at is not None
    assert row.created_at <= row.started_at <= row.ended_at
    assert row.request == ASKED


def test_the_same_question_is_not_begun_twice(db: Database, gate: Gate) -> None:
    job = jobs.begin(db, gate.kind, ASKED)
    assert jobs.begin(db, gate.kind, ASKED) is job
    assert jobs.ask(db, gate.kind, dict(ASKED)) is job
    gate.open.set()
    assert answered(job) == 3
    assert jobs.begin(db, gate.kind, ASKED) is job
    assert jobs.find(db, gate.kind, ASKED) is job
    other = jobs.begin(db, gate.kind, {"policies": 2})
    assert other is not job
    assert answered(other) == 2


def test_many_who_ask_at_once_begin_it_once(db: Database, gate: Gate) -> None:
    answers: list[Job[int]] = []
    threads = [threading.Thread(target=lambda: answers.append(jobs.ask(db, gate.kind, ASKED))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(answers) == 8
    assert len({id(job) for job in answers}) == 1


def test_another_price_is_another_question(db: Database, gate: Gate) -> None:
    gate.open.set()
    job = jobs.begin(db, gate.kind, ASKED)
    answered(job)
    old = prices.series(db, ["MSCI US"], "monthly")
    prices.write_matrix(db, "monthly", "monthly", replace(old, closes=old.closes * 1.01))
    assert jobs.find(db, gate.kind, ASKED) is None
    later = jobs.begin(db, gate.kind, ASKED)
    assert later is not job
    answered(later)


def test_an_answer_that_lasts_is_found_whatever_the_prices_are_now(db: Database, gate: Gate) -> None:
    gate.open.set()
    lasting = replace(gate.kind, lasting=True)
    job = jobs.begin(db, lasting, ASKED)
    answered(job)
    old = prices.series(db, ["MSCI US"], "monthly")
    prices.write_matrix(db, "monthly", "monthly", replace(old, closes=old.closes * 1.01))
    assert jobs.find(db, lasting, ASKED) is job
    assert jobs.find_last(db, lasting) is job


def test_nobody_has_asked_yet(db: Database, gate: Gate) -> None:
    assert jobs.find(db, gate.kind, ASKED) is None


def test_stopping_keeps_what_is_done(db: Database, gate: Gate) -> None:
    job = jobs.begin(db, gate.kind, ASKED)
    assert gate.begun.acquire(timeout=PATIENCE)
    assert jobs.cancel(db, job.row.id).status is Status.running
    assert answered(job) == 0
    assert status(db, job) is Status.cancelled
    assert stored.get(db, job.row.id).result == {"counted": 0}
    assert jobs.begin(db, gate.kind, ASKED) is job
    assert jobs.cancel(db, job.row.id).status is Status.cancelled


def test_it_can_be_begun_again_by_its_id(db: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "find_kind", lambda name: {"sweep": gate.kind}[name])
    job = jobs.begin(db, gate.kind, ASKED)
    assert jobs.again(db, job.row.id) is job
    job.stop()
    answered(job)
    gate.open.set()
    later = jobs.again(db, job.row.id)
    assert answered(later) == 3
    assert later.row.id != job.row.id
    assert jobs.find(db, gate.kind, ASKED) is later


def test_how_far_it_is_can_be_seen_while_it_runs(db: Database, gate: Gate) -> None:
    job = jobs.begin(db, gate.kind, ASKED)
    assert gate.begun.acquire(timeout=PATIENCE)
    job.report(1, 3)
    row = jobs.get(db, job.row.id)
    assert (row.status, row.done, row.total, row.message) == (Status.running, 1, 3, "1 of 3")
    gate.open.set()
    answered(job)
    assert jobs.get(db, job.row.id) == stored.get(db, job.row.id)
    with pytest.raises(JobNotFoundError):
        jobs.get(db, "job_none")


def test_progress_is_written_now_and_then_only(db: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[JobRow] = []
    update = stored.update
    monkeypatch.setattr(stored, "update", lambda db, row: (written.append(row), update(db, row)))
    gate.open.set()
    answered(jobs.begin(db, gate.kind, {"policies": 10_000}))
    assert len(written) < 10
    assert [row.status for row in written][-1] is Status.done


def test_a_foreseen_failure_is_the_sentence_of_its_error(db: Database) -> None:
    job = jobs.begin(db, fails(InputError("The widths must rise.")), ASKED)
    assert answered(job) is None
    assert isinstance(job.error, InputError)
    row = stored.get(db, job.row.id)
    assert (row.status, row.message) == (Status.failed, "The widths must rise.")


def test_a_mistake_of_ours_is_named_and_logged(db: Database, caplog: pytest.LogCaptureFixture) -> None:
    job = jobs.begin(db, fails(ZeroDivisionError("a / b")), ASKED)
    assert answered(job) is None
    assert isinstance(job.error, ZeroDivisionError)
    assert "ZeroDivisionError" in stored.get(db, job.row.id).message
    assert "a / b" in caplog.text


def test_an_answer_reaches_the_page_when_it_cannot_be_stored(
    db: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    monkeypatch.setattr(stored, "update", full)
    gate.open.set()
    assert answered(jobs.begin(db, gate.kind, ASKED)) == 3
    assert "The disk is full." in caplog.text


def test_what_cannot_be_stored_is_not_begun(db: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(stored, "add", full)
        with pytest.raises(StoreError):
            jobs.begin(db, gate.kind, ASKED)
    gate.open.set()
    assert answered(jobs.begin(db, gate.kind, ASKED)) == 3


def test_one_that_works_alone_waits_for_its_turn(db: Database) -> None:
    gate = Gate("audit", alone=True)
    first, second, third = (jobs.begin(db, gate.kind, {"policies": n}) for n in (1, 2, 3))
    assert gate.begun.acquire(timeout=PATIENCE)
    assert not gate.begun.acquire(timeout=0.05)
    waiting = [job for job in (first, second, third) if jobs.get(db, job.row.id).status is Status.queued]
    assert len(waiting) == 2
    waiting[0].stop()
    assert answered(waiting[0]) is None
    assert status(db, waiting[0]) is Status.cancelled
    gate.open.set()
    assert [answered(job) for job in (first, second, third) if job is not waiting[0]] == [
        n for job, n in ((first, 1), (second, 2), (third, 3)) if job is not waiting[0]
    ]
    assert gate.most_at_work == 1


def test_the_oldest_answers_leave(db: Database, gate: Gate) -> None:
    gate.open.set()
    for n in range(jobs.MOST + 1):
        answered(jobs.begin(db, gate.kind, {"policies": 0, "n": n}))
    kept = [jobs.find(db, gate.kind, {"policies": 0, "n": n}) is not None for n in range(jobs.MOST + 1)]
    assert kept == [False] + [True] * jobs.MOST


def test_what_was_interrupted_is_found_again_and_begun_on_request(
    db: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "find_kind", lambda _: gate.kind)
    row = replace(JobRow("sweep", ASKED), status=Status.running, done=1, total=3)
    stored.add(db, row)
    stored.interrupt(db)
    job = jobs.ask(db, gate.kind, ASKED)
    assert job.finished()
    assert job.interrupted
    assert (job.done, job.total, job.answer, job.row.id) == (1, 3, None, row.id)
    assert jobs.ask(db, gate.kind, ASKED) is job
    gate.open.set()
    assert answered(jobs.again(db, row.id)) == 3
    found = jobs.find(db, gate.kind, ASKED)
    assert found is not None
    assert not found.interrupted


def test_a_process_that_is_killed_loses_no_job(sample_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "killed.duckdb"
    shutil.copy(sample_file, path)
    with forked(ENDLESS, str(path)) as process:
        done, running, waiting = process.stdout.readline().split()
        process.kill()
    db = Database.open(path)
    assert stored.get(db, running).status is Status.running  # nobody could say otherwise
    jobs.recover(db)
    ended = stored.get(db, running)
    assert (ended.status, ended.done, ended.total, ended.request) == (Status.interrupted, 1, 100, {"no": 2})
    assert stored.get(db, waiting).status is Status.interrupted
    assert (stored.get(db, done).status, stored.get(db, done).result) == (Status.done, {"counted": 1})
    db.close()


ENDLESS = """
import sys, threading
from keel.services.shared import job, jobs
from keel.store.connection import Database

job.SAVES = 0.0  # every step is written
begun = threading.Event()

def work(db, request, job):
    if request["no"] > 1:
        job.report(1, 100)
        begun.set()
        threading.Event().wait()
    return request["no"]

kind = job.Kind("audit", "policies", work, lambda answer: {"counted": answer}, alone=True)
db = Database.open(sys.argv[1])
first = jobs.begin(db, kind, {"no": 1})
first.finished(300)
second = jobs.begin(db, kind, {"no": 2})
begun.wait(60)
third = jobs.begin(db, kind, {"no": 3})
print(first.row.id, second.row.id, third.row.id, flush=True)
threading.Event().wait()
"""


def test_a_closing_database_interrupts_what_is_under_way(db: Database, gate: Gate) -> None:
    job = jobs.begin(db, gate.kind, ASKED)
    assert gate.begun.acquire(timeout=PATIENCE)
    jobs.close(db)
    assert job.finished()
    assert job.interrupted
    assert status(db, job) is Status.interrupted


def test_work_that_does_not_listen_is_left_behind(db: Database, gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "GRACE", 0.05)
    monkeypatch.setattr(Job, "stopped", lambda _: False)
    job = jobs.begin(db, gate.kind, ASKED)
    assert gate.begun.acquire(timeout=PATIENCE)
    jobs.close(db)
    assert status(db, job) is Status.interrupted
    gate.open.set()
    answered(job)
    assert status(db, job) is Status.interrupted


def test_answers_go_with_their_database(gate: Gate) -> None:
    gate.open.set()
    db = blank()
    job = jobs.begin(db, gate.kind, ASKED)
    answered(job)
    db.close()
    gone = weakref.ref(db)
    del db, job
    gc.collect()
    assert gone() is None


def test_every_kind_is_done_by_the_service_that_is_named() -> None:
    for name, place in jobs.KINDS.items():
        kind = jobs.find_kind(name)
        assert kind.name == name
        assert set(import_module(place).JOBS) <= set(jobs.KINDS)
    with pytest.raises(JobNotFoundError, match="no work of the kind dance"):
        jobs.find_kind("dance")
