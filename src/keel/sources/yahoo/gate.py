"""One gate for all who ask Yahoo: so many questions a second, everybody waits when one was told to, and giving up."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from keel.domain.market.public.bars import Failure, FailureClass
from keel.sources.yahoo.trouble import Trouble, trouble

Answer = TypeVar("Answer")

PER_SECOND = 8.0
TRIES = 4
FIRST_WAIT = 1.0  # s; doubled each time
LONGEST_WAIT = 60.0  # s
SLOWER = 4.0  # times as long when Yahoo says that it is asked too often
MOST_IN_VAIN = 8  # questions in a row to which it says so, or is not reached, until nobody asks any more
MOST_WITHOUT_HOPE = 2  # symbols for which asking again did not help, until it is given up for this kind of failure
AGAIN = (FailureClass.timeout, FailureClass.rate_limited, FailureClass.malformed)


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Pace:
    """What waiting is made of: a clock in seconds, a way to sleep, randomness in [0, 1), and whether to stop."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], object] = time.sleep
    random: Callable[[], float] = random.random
    stopped: Callable[[], bool] = _never


class Gate:
    """Lets questions through one after the other; safe from any thread."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self._gap = 1.0 / PER_SECOND
        self._next = 0.0
        self._in_vain = 0
        self._given_up: Trouble | None = None
        self._without_hope: Counter[FailureClass] = Counter()
        self._lock = threading.Lock()

    def ask(
        self, symbol: str, question: Callable[[], Answer | Trouble], tries: int = TRIES, *, requests: int = 1
    ) -> Answer | Failure:
        """The answer about a symbol, or why there is none after so many tries.

        What may be better a moment later is asked again, after a wait that doubles and is partly random. ``requests``
        is how many the library makes of one question.
        """
        for attempt in range(1, tries + 1):
            if self._given_up is not None:
                return self._given_up.failure(symbol)
            self._wait(requests)
            if self.pace.stopped():
                break
            answer = _answered(question)
            self._note(answer)
            if not isinstance(answer, Trouble):
                if attempt > 1:
                    self._without_hope.clear()
                return answer
            if attempt == tries or not self._may_help(answer.kind):
                self._without_hope[answer.kind] += attempt == tries
                return answer.failure(symbol)
            self._rest(answer, attempt)
        return Failure(symbol, FailureClass.timeout, f"The refresh was stopped before Yahoo was asked for {symbol}.")

    def _may_help(self, kind: FailureClass) -> bool:
        """Whether to ask again after a failure of this kind: not where that helped none of several symbols."""
        return kind in AGAIN and self._without_hope[kind] < MOST_WITHOUT_HOPE

    def _wait(self, requests: int) -> None:
        with self._lock:
            now = self.pace.clock()
            turn = max(now, self._next)
            self._next = turn + requests * self._gap
        if turn > now:
            self.pace.sleep(turn - now)

    def _note(self, answer: object) -> None:
        """Counts the questions that were in vain for everybody; what is heard about one symbol, good or bad, is not."""
        with self._lock:
            if not isinstance(answer, Trouble) or not answer.of_all:
                self._in_vain = 0
                return
            self._in_vain += 1
            if self._in_vain >= MOST_IN_VAIN:
                self._given_up = answer

    def _rest(self, met: Trouble, attempt: int) -> None:
        limited = met.kind is FailureClass.rate_limited
        longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1) * (SLOWER if limited else 1.0))
        delay = longest * (0.5 + self.pace.random() / 2.0)
        if limited:
            with self._lock:
                self._next = max(self._next, self.pace.clock() + delay)
        elif not self.pace.stopped():
            self.pace.sleep(delay)


def _answered(question: Callable[[], Answer | Trouble]) -> Answer | Trouble:
    try:
        return question()
    except Exception as error:  # whatever the library raises about an answer is trouble with this one symbol
        return trouble(error)
