"""Work on two threads whose results come back in order: the kernel runs without the interpreter's lock."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

Progress = Callable[[int, int], None]  # done, of
Cancel = Callable[[], bool]

WORKERS = 2
AHEAD = 4  # items a thread may be given before its first is read: bounds memory, keeps both busy


def in_order(
    work: Callable[[Item], Result],
    items: Iterable[Item],
    total: int,
    *,
    workers: int = WORKERS,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Iterator[Result]:
    """The result of each item in the items' order, whatever the number of threads.

    ``items`` are read, ``progress`` and ``cancel`` called on the caller's thread only, so a random stream is read in
    order and a page may draw. After ``cancel`` says yes no item is begun; those under way are still given.

    >>> list(in_order(lambda x: x * x, range(5), 5, workers=3))
    [0, 1, 4, 9, 16]
    """
    waiting: deque[Future[Result]] = deque()
    done = 0
    with ThreadPoolExecutor(max_workers=workers) as pool:
        source = iter(items)
        going = True
        while going or waiting:
            while going and len(waiting) < AHEAD * workers:
                if cancel is not None and cancel():
                    going = False
                    break
                try:
                    item = next(source)
                except StopIteration:
                    going = False
                    break
                waiting.append(pool.submit(work, item))
            if waiting:
                yield waiting.popleft().result()
                done += 1
                if progress is not None:
                    progress(done, total)
