"""What stands where an answer will be: driven by the pages that wait; here, the sentence after a restart."""

from __future__ import annotations

from keel.services.shared.job import Job
from keel.store.work.jobs import JobRow, Status
from keel.ui.frame.waiting import interrupted_words


def ended(done: int, total: int) -> Job[int]:
    return Job[int](JobRow("sweep", {}, Status.interrupted, done, total), "policies")


def test_a_restart_says_how_far_the_work_was() -> None:
    assert interrupted_words(ended(312, 1_026)) == "Keel was restarted when 312 of 1,026 policies were done."


def test_without_a_count_it_says_that_it_was_not_done() -> None:
    assert interrupted_words(ended(0, 0)) == "Keel was restarted before this was done."
