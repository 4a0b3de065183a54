"""One piece of background work: what it says of itself, and when its row is written."""

from __future__ import annotations

from datetime import timedelta

import pytest

from keel.errors import InputError
from keel.services.shared import job as jobs
from keel.services.shared.job import Job, StoppedError, error_sentence
from keel.store.values import now
from keel.store.work.jobs import JobRow, Status


def new(written: list[JobRow]) -> Job[int]:
    return Job[int](JobRow("sweep", {}), "policies", written.append)


def test_its_beginning_and_end_are_written() -> None:
    written: list[JobRow] = []
    job = new(written)
    job.begin()
    job.report(3, 10)
    assert (job.done, job.total, job.words()) == (3, 10, "3 of 10")
    job.end({"policies": 10})
    assert [row.status for row in written] == [Status.running, Status.done]
    assert (written[-1].done, written[-1].total, written[-1].result) == (3, 10, {"policies": 10})
    assert job.now() == written[-1]


def test_progress_is_written_every_other_second(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[JobRow] = []
    job = new(written)
    for done in range(100):
        job.report(done, 100)
    assert not written
    monkeypatch.setattr(jobs, "SAVES", -1.0)
    job.report(57, 100)
    assert [(row.done, row.message) for row in written] == [(57, "57 of 100")]


def test_those_who_wait_for_its_end_are_let_go_of() -> None:
    job = new([])
    job.end(None)
    assert not job.finished()  # its answer is not yet where it is found
    job.release()
    assert job.finished()


@pytest.mark.parametrize(
    ("stop", "close", "error", "status"),
    [
        (False, False, None, Status.done),
        (True, False, None, Status.cancelled),
        (False, False, InputError("No."), Status.failed),
        (True, False, InputError("It was stopped."), Status.cancelled),
        (False, True, None, Status.interrupted),
        (False, True, InputError("No."), Status.interrupted),
    ],
)
def test_how_it_ended(stop: bool, close: bool, error: Exception | None, status: Status) -> None:
    job = new([])
    job.begin()
    if stop:
        job.stop()
    if close:
        job.close()
    assert job.stopped() is (stop or close)
    job.error = error
    job.end(None)
    assert job.row.status is status
    assert job.interrupted is close
    assert job.row.message == (str(error) if error else "")


def test_it_knows_when_it_was_asked_for() -> None:
    job = Job[int](JobRow("audit", {}, created_at=now() - timedelta(seconds=90)), "policies")
    assert 90 <= job.seconds < 150


def test_a_mistake_of_ours_shows_only_its_kind() -> None:
    assert error_sentence(InputError("The widths must rise.")) == "The widths must rise."
    assert error_sentence(KeyError("secret")) == "The work ended on a problem of ours (KeyError)."


def test_who_stops_it_ends_it_at_its_next_mark() -> None:
    job = new([])
    job.passed(1, 10)
    job.stop()
    with pytest.raises(StoppedError):
        job.passed(2, 10)
    assert job.done == 2
