"""Long work of the policy lab: on a thread, with a rate and a time left, stoppable; answers stay with the server."""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from keel.services import study
from keel.units import SPACE

if TYPE_CHECKING:
    from keel.store.connection import Database

Answer = TypeVar("Answer")
Work = Callable[["Job[Answer]"], Answer]
MOST = 60  # answers kept for a database; the least recently used are forgotten
AT_ONCE = 0.3  # s: what takes less is shown without a word about waiting
RECENT = 2.0  # s that a rate looks back at least, when there are as many
SPEAKS = 1.0  # s of work before its rate says anything


@dataclass(eq=False)
class Job(Generic[Answer]):
    """One piece of work: how far it is, and at the end its answer or what went wrong.

    The worker calls ``report`` and looks at ``stopped``; the page reads. ``answer`` is None until ``finished``.
    """

    noun: str
    done: int = 0
    total: int = 0
    answer: Answer | None = None
    error: Exception | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)
    _begun: float = field(default_factory=time.monotonic)
    _marks: tuple[tuple[float, int], tuple[float, int]] = ((0.0, 0), (0.0, 0))  # when, and how much was done then

    def report(self, done: int, total: int) -> None:
        """Takes note that so many of so many are done."""
        now = time.monotonic(), done
        if not self.total:
            self._marks = now, now
        elif now[0] - self._marks[1][0] > RECENT:
            self._marks = self._marks[1], now  # later rows may be slower: only the last seconds tell the time left
        self.done, self.total = done, total

    def stopped(self) -> bool:
        """Whether someone asked to stop."""
        return self.stopping.is_set()

    def stop(self) -> None:
        """Asks the work to end with what it has."""
        self.stopping.set()

    def run(self, work: Work[Answer]) -> None:
        """Does the work on the calling thread."""
        try:
            self.answer = work(self)
        except Exception as error:  # shown on the page, which lets only our own errors speak for themselves
            self.error = error
        finally:
            self._ended.set()

    def finished(self, within: float = 0.0) -> bool:
        """Whether it has ended; waits at most so many seconds for that."""
        return self._ended.wait(within)

    def words(self) -> str:
        """How far it is, in words."""
        if not self.total:
            waiting = time.monotonic() - self._begun > SPEAKS
            return "Preparing the engine, once" if waiting else f"Starting {self.noun}"
        when, first = self._marks[0]
        return progress_words(self.done, self.total, self.done - first, time.monotonic() - when)


def progress_words(done: int, total: int, counted: int, seconds: float) -> str:
    """How far a count is, its rate once a second was counted, and the time left at that rate.

    ``counted`` were done in ``seconds``: what came before, such as compiling, says nothing about the rate.

    >>> progress_words(3_120, 10_000, 3_000, 0.65)
    '3,120 of 10,000'
    >>> progress_words(3_120, 10_000, 3_000, 1.25).replace(SPACE, " ")
    '3,120 of 10,000 · 2,400 a second · 3 s left'
    """
    parts = [f"{done:,} of {total:,}"]
    rate = counted / seconds if seconds > 0 else 0.0
    if done >= total:
        parts.append("comparing")
    elif seconds >= SPEAKS and rate > 0:
        left = (total - done) / rate
        shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
        time_left = f"{max(left, 1):.0f}{SPACE}s" if left < 90 else f"{left / 60:.0f}{SPACE}min"
        parts += [f"{shown} a second", f"{time_left} left"]
    return f"{SPACE}· ".join(parts)


_lock = threading.Lock()
_jobs: weakref.WeakKeyDictionary[Database, OrderedDict[Hashable, Job[object]]] = weakref.WeakKeyDictionary()


def begin(db: Database, question: Hashable, noun: str, work: Work[Answer]) -> Job[Answer]:
    """The job that answers a question on the prices of now; begun on a thread of its own when nobody asked before."""
    key = (study.revision(db), question)
    with _lock:
        jobs = _jobs.setdefault(db, OrderedDict())
        found = jobs.get(key)
        if found is not None:
            jobs.move_to_end(key)
            return cast("Job[Answer]", found)
        job = Job[Answer](noun)
        jobs[key] = cast("Job[object]", job)
        _forget(jobs)
    threading.Thread(target=job.run, args=(work,), name=f"lab {noun}", daemon=True).start()
    return job


def forget(db: Database, question: Hashable) -> None:
    """Lets go of an answer: the question is worked on anew when next asked."""
    with _lock:
        _jobs.get(db, OrderedDict()).pop((study.revision(db), question), None)


def _forget(jobs: OrderedDict[Hashable, Job[object]]) -> None:
    """Lets go of the oldest finished answers beyond the most that are kept."""
    for key in [key for key, job in jobs.items() if job.finished()][: max(0, len(jobs) - MOST)]:
        del jobs[key]
