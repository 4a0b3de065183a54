"""How fast a count grows, and what that says of the time left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from keel.units import SPACE

RECENT = 2.0  # s that a rate looks back at least, when there are as many
SPEAKS = 1.0  # s of work before its rate says anything
ENGINE = "Preparing the engine, once"


@dataclass(slots=True)
class Rate:
    """A count as it grows, by a ``clock`` in seconds; ``total`` is 0 until the first mark."""

    clock: Callable[[], float] = time.monotonic
    done: int = 0
    total: int = 0
    _begun: float = field(init=False)
    _marks: tuple[tuple[float, int], tuple[float, int]] = ((0.0, 0), (0.0, 0))  # when, and how much was done then

    def __post_init__(self) -> None:
        self._begun = self.clock()

    def mark(self, done: int, total: int) -> None:
        """Takes note that so many of so many are done."""
        mark = self.clock(), done
        if not self.total:
            self._marks = mark, mark
        elif mark[0] - self._marks[1][0] > RECENT:
            self._marks = self._marks[1], mark  # later ones may be slower: only the last seconds tell the time left
        self.done, self.total = done, total

    def words(self, noun: str, opening: str = ENGINE, *, waits: bool = False) -> str:
        """How far the count of ``noun`` is, in words; ``opening`` is what is done until it is known how many there are,
        ``waits``: the work has not begun.
        """
        if not self.total:
            long = self.clock() - self._begun > SPEAKS
            later = "Waiting for its turn" if waits else opening
            return later if long else f"Starting {noun}"
        when, first = self._marks[0]
        return progress_words(self.done, self.total, self.done - first, self.clock() - when)


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
