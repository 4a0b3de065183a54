"""Threads change how long the work takes, never its order."""

from __future__ import annotations

import threading

import pytest

from keel.backtest.parallel import AHEAD, in_order


@pytest.mark.parametrize("workers", [1, 2, 5])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    assert list(in_order(lambda x: -x, range(50), 50, workers=workers)) == [-x for x in range(50)]


def test_progress_is_told_on_the_callers_thread() -> None:
    seen: list[tuple[int, int]] = []
    threads = set()

    def progress(done: int, total: int) -> None:
        threads.add(threading.get_ident())
        seen.append((done, total))

    assert len(list(in_order(str, range(3), 3, progress=progress))) == 3
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert threads == {threading.get_ident()}


def test_cancel_begins_no_more_and_keeps_what_was_begun() -> None:
    asked = iter([False, False, False, True])
    assert list(in_order(str, range(100), 100, cancel=lambda: next(asked, True))) == ["0", "1", "2"]


def test_only_a_few_items_are_read_ahead() -> None:
    read = []

    def items() -> object:
        for i in range(100):
            read.append(i)
            yield i

    first = next(in_order(str, items(), 100, workers=2))  # type: ignore[arg-type]
    assert first == "0"
    assert len(read) <= 2 * AHEAD


def test_an_error_in_the_work_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        list(in_order(lambda x: 1 // x, [1, 0, 1], 3))
