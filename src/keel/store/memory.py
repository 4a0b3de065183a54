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

    The key must hold what the answer depends on, such as ``prices.revision``.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: WeakKeyDictionary[Database, OrderedDict[Hashable, T]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def recall(self, db: Database, key: Hashable, compute: Callable[[], T]) -> T:
        """The answer to ``key``, computed when it is not known; two threads may both compute it."""
        with self._lock:
            known = self._answers.setdefault(db, OrderedDict())
            if key in known:
                known.move_to_end(key)
                return known[key]
        answer = compute()
        with self._lock:
            known[key] = answer
            while len(known) > self._most:
                known.popitem(last=False)
        return answer
