"""HiGHS: the least of a linear sum under linear bounds, some of it in whole numbers."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from keel.domain.arrays import Floats, Ints, Mask
from keel.errors import InputError

NODES = 2_000  # of a search: answers depend on it alone, and not on how busy the machine is
SECONDS = 10.0  # of a search that even so would seem to hang
EXACT = 1e-9
MANY = 100  # switches; beyond them the last few per cent take minutes, measured with 5 accounts of 40 products
NEARLY = 0.05
STDOUT = 1
ENDED = 1  # scipy's word for a search that came to its limit
SEARCH = "search"
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Rows:
    """Bounds ``low`` ≤ A·x ≤ ``high`` (r,); of each row its columns that are not 0, and what stands in them."""

    entries: tuple[tuple[Ints, Floats], ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()

    def and_row(self, row: Floats, low: float, high: float) -> Rows:
        """The rows with one more, ``low`` ≤ ``row`` (v,) · x ≤ ``high``."""
        places = np.flatnonzero(row)
        return Rows((*self.entries, (places, row[places])), (*self.low, low), (*self.high, high))


@dataclass(frozen=True, slots=True)
class Solved:
    """The least: where it is (v,), how much it is, and how far below it may still lie, as a fraction."""

    x: Floats
    least: float
    gap: float


def solve(cost: Floats, rows: Rows, low: Floats, high: Floats, whole: Mask, within: float | None = None) -> Solved:
    """The least ``cost`` · x with ``low`` ≤ x ≤ ``high`` (v,) and ``whole`` (v,) of them whole numbers.

    It is the least up to ``within``, a fraction: unless that is given, 5 % with more than a hundred whole numbers that
    are open. A long search ends with the best that it came upon. Raises InputError when nothing meets all bounds, with
    SEARCH as its subject where the search ended before that was known.
    """
    optimize: Any = import_module("scipy.optimize")
    open_ = int((whole & (high > low)).sum())
    with _silence():
        found = optimize.milp(
            cost,
            integrality=whole.astype(int),
            bounds=optimize.Bounds(low, high),
            constraints=[optimize.LinearConstraint(_matrix(rows, len(cost)), rows.low, rows.high)],
            options={
                "node_limit": NODES,
                "mip_rel_gap": within if within is not None else EXACT if open_ <= MANY else NEARLY,
                "time_limit": SECONDS,
            },
        )
    if found.x is None and found.status == ENDED:
        raise InputError("The search for a plan took too long.", hint="Loosen a limit.", subject=SEARCH)
    if found.x is None:
        raise InputError("No plan meets all limits.", hint="Drop a change, or loosen a limit.", subject="limits")
    gap = float(found.mip_gap) if open_ and found.mip_gap is not None else 0.0
    return Solved(np.asarray(found.x, dtype=np.float64), float(found.fun), gap)


def _matrix(rows: Rows, columns: int) -> Any:
    """The rows as a sparse matrix."""
    sparse: Any = import_module("scipy.sparse")
    ends = np.cumsum([0, *(len(places) for places, _ in rows.entries)])
    places, values = (np.concatenate(part) for part in zip(*rows.entries, strict=True))
    return sparse.csr_array((values, places, ends), shape=(len(rows.entries), columns))


@contextmanager
def _silence() -> Iterator[None]:
    """Keeps what HiGHS prints beside its options out of a command's answer: it writes past Python's own stdout."""
    with _one_at_a_time, suppress(OSError):
        before, nothing = os.dup(STDOUT), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nothing, STDOUT)
            yield
        finally:
            os.dup2(before, STDOUT)
            os.close(before)
            os.close(nothing)
        return
    yield
