"""Answers on the prices of now: the same question is computed once, until any price changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from keel.store import prices
from keel.store.connection import Database
from keel.store.memory import Memory

Value = TypeVar("Value")
MOST = 200

_answers: Memory[object] = Memory(MOST)


def recall(db: Database, question: Hashable, compute: Callable[[], Value]) -> Value:
    """What ``compute`` gives, computed once for a question as long as the prices stay; do not change it.

    The least recently used of more than 200 answers of a database are forgotten. An error is not remembered.
    """
    return cast("Value", _answers.recall(db, (prices.revision(db), question), compute))
