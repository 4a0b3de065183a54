"""Answers kept in memory for an open database: the last few, and only as long as it lives."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from keel.store.connection import Database

T = TypeVar("T")


class Memory(Generic[T]):
    """The most recent ``most`` answers of each database; safe from any thread.

    The key must hold what the answer depends on, such as ``prices.revision``. An answer that refers to its database
    would keep it alive.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: WeakKeyDictionary[Database, OrderedDict[Hashable, T]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def find(self, db: Database, key: Hashable) -> T | None:
        """The answer to ``key``, None when it is not known."""
        with self._lock:
            answers = self._answers.get(db, OrderedDict())
            if key in answers:
                answers.move_to_end(key)
            return answers.get(key)

    def remember(self, db: Database, key: Hashable, answer: T) -> None:
        """Takes note of an answer, and forgets the least recently used beyond the most."""
        with self._lock:
            answers = self._answers.setdefault(db, OrderedDict())
            answers[key] = answer
            answers.move_to_end(key)
            while len(answers) > self._most:
                answers.popitem(last=False)

    def forget(self, db: Database, key: Hashable) -> None:
        """Lets go of the answer to ``key``."""
        with self._lock:
            self._answers.get(db, OrderedDict()).pop(key, None)

    def read(self, db: Database, key: Hashable, compute: Callable[[], T]) -> T:
        """The answer to ``key`` as ``recall`` has it; inside a write, which may have changed it, computed anew."""
        return compute() if db.writing() else self.recall(db, key, compute)

    def recall(self, db: Database, key: Hashable, compute: Callable[[], T]) -> T:
        """The answer to ``key``, computed when it is not known; two threads may both compute it."""
        with self._lock:
            answers = self._answers.setdefault(db, OrderedDict())
            if key in answers:
                answers.move_to_end(key)
                return answers[key]
        answer = compute()
        self.remember(db, key, answer)
        return answer
