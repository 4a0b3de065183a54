"""Answers on the prices of now: once for a question, anew when a price changes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from keel.services.shared.memory import MOST, recall
from keel.store import prices
from keel.store.connection import Database


def counted(db: Database, calls: list[str], question: str) -> int:
    def compute() -> int:
        calls.append(question)
        return len(calls)

    return recall(db, question, compute)


def test_a_question_is_answered_once_until_a_price_changes(db: Database) -> None:
    calls: list[str] = []
    assert [counted(db, calls, question) for question in ("a", "b", "a", "b")] == [1, 2, 1, 2]
    old = prices.series(db, ["MSCI US"], "monthly")
    prices.write_matrix(db, "monthly", "monthly", replace(old, closes=old.closes * 1.01))
    assert counted(db, calls, "a") == 3


def test_an_error_is_not_remembered(db: Database) -> None:
    def fail() -> int:
        raise KeyError("once")

    with pytest.raises(KeyError):
        recall(db, "fails", fail)
    assert recall(db, "fails", lambda: 1) == 1


def test_the_least_recently_asked_leave_first(db: Database) -> None:
    calls: list[str] = []
    for i in range(MOST):
        counted(db, calls, str(i))
    counted(db, calls, "0")
    counted(db, calls, "one more")
    assert len(calls) == MOST + 1
    counted(db, calls, "0")
    assert len(calls) == MOST + 1
    counted(db, calls, "1")
    assert len(calls) == MOST + 2
