"""One piece of background work: how far it is, a way to stop it, and at the end its answer or what went wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from keel.errors import KeelError
from keel.services.shared.rate import ENGINE, Rate
from keel.store.connection import Database
from keel.store.values import now
from keel.store.work.jobs import JobRow, Status

Answer = TypeVar("Answer")
Request = Mapping[str, Any]  # JSON values
Passed = Callable[[int, int], None]  # told how many are done, and of how many; what it raises ends the work
SAVES = 2.0  # s between two writes of a job's progress


@dataclass(frozen=True, slots=True)
class Kind(Generic[Answer]):
    """A kind of work: how its request is run, and what of the answer is stored as JSON values.

    ``noun`` is what its progress counts, ``opening`` what it does until it is known how many. ``alone``: one at a time,
    the others wait for their turn. ``lasting``: its answer is told of when it was asked, and found whatever the prices
    are now; else it holds while they stay.
    """

    name: str
    noun: str
    run: Callable[[Database, Request, Job[Answer]], Answer]
    result: Callable[[Answer], Mapping[str, object]]
    alone: bool = False
    lasting: bool = False
    opening: str = ENGINE


@dataclass(frozen=True, slots=True)
class Slow(Generic[Answer]):
    """What takes long to work out, by ``compute``: it calls its argument every so often, and ends if that raises."""

    compute: Callable[[Callable[[], None]], Answer]


class StoppedError(Exception):
    """Somebody asked the work to end: nothing of what was under way is stored."""


def unwatched(_done: int, _of: int) -> None:
    """Tells nobody."""


def _nowhere(_row: JobRow) -> None:
    """Keeps nothing."""


@dataclass(eq=False)
class Job(Generic[Answer]):
    """One piece of work: how far it is, and at the end its answer or what went wrong.

    The worker calls ``report`` and looks at ``stopped``; pages read. ``answer`` is None until ``finished``, and where
    there is none: it failed or was interrupted. One that was stopped may have part of an answer.
    """

    row: JobRow
    noun: str
    save: Callable[[JobRow], None] = field(default=_nowhere)
    opening: str = ENGINE
    answer: Answer | None = None
    error: Exception | None = None
    rate: Rate = field(default_factory=Rate)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _closing: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _saved: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """How many of ``total`` are done."""
        return self.row.done

    @property
    def total(self) -> int:
        """How many there are to do; 0 until that is known."""
        return self.row.total

    @property
    def seconds(self) -> float:
        """How long ago it was asked for."""
        return (now() - self.row.created_at).total_seconds()

    @property
    def interrupted(self) -> bool:
        """Whether a restart ended it."""
        return self.row.status is Status.interrupted

    @property
    def cut_short(self) -> bool:
        """Whether a restart or somebody ended it."""
        return self.row.status in (Status.interrupted, Status.cancelled)

    def report(self, done: int, total: int) -> None:
        """Takes note that so many of so many are done, and has it stored every other second."""
        self.rate.mark(done, total)
        self.row = replace(self.row, done=done, total=total)
        if time.monotonic() - self._saved > SAVES:
            self._saved = time.monotonic()
            self.save(self.now())

    def passed(self, done: int, total: int) -> None:
        """Takes note as ``report`` does. Raises StoppedError where someone asked to stop."""
        self.report(done, total)
        self.require_wanted()

    def require_wanted(self) -> None:
        """Raises StoppedError where someone asked to stop."""
        if self.stopped():
            raise StoppedError

    def now(self) -> JobRow:
        """Its row as it would be written now."""
        return self.row if self.row.status.ended else replace(self.row, message=self.words())

    def stopped(self) -> bool:
        """Whether someone asked to stop."""
        return self._stopping.is_set()

    def stop(self) -> None:
        """Asks the work to end with what it has."""
        self._stopping.set()

    def close(self) -> None:
        """Asks the work to end because the server does: it counts as interrupted."""
        self._closing.set()
        self._stopping.set()

    def finished(self, within: float = 0.0) -> bool:
        """Whether it has ended; waits at most so many seconds for that."""
        return self._ended.wait(within)

    def words(self) -> str:
        """How far it is, in words."""
        return self.rate.words(self.noun, self.opening, waits=self.row.status is Status.queued)

    def begin(self) -> None:
        """Says that the work begins."""
        self.rate = Rate()
        self.row = replace(self.row, status=Status.running, started_at=now())
        self.save(self.now())

    def end(self, result: Mapping[str, object] | None) -> None:
        """Says how the work ended, and stores it."""
        message = error_sentence(self.error) if self.error else ""
        self.row = replace(self.row, status=self._outcome(), message=message, result=result, ended_at=now())
        self.save(self.row)
        self.save = _nowhere  # what is remembered for a database must not refer to it

    def release(self) -> None:
        """Lets go of those who wait for its end."""
        self._ended.set()

    def _outcome(self) -> Status:
        if self._closing.is_set():
            return Status.interrupted
        if self.stopped():
            return Status.cancelled
        return Status.done if self.error is None else Status.failed


def error_sentence(error: Exception) -> str:
    """What went wrong, in a sentence; of our own mistakes only their kind, the log has the rest.

    >>> error_sentence(ZeroDivisionError())
    'The work ended on a problem of ours (ZeroDivisionError).'
    """
    if isinstance(error, KeelError):
        return error.message
    return f"The work ended on a problem of ours ({type(error).__name__})."
