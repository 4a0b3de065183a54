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

from keel.domain.arrays import Floats, Mask
from keel.errors import InputError

NODES = 2_000  # of a search; a limit in time would make answers depend on how busy the machine is
EXACT = 1e-9
MANY = 100  # switches; beyond them the last few per cent take minutes, measured with 5 accounts of 40 products
NEARLY = 0.05
STDOUT = 1
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Rows:
    """Bounds ``low`` ≤ A·x ≤ ``high``: ``matrix`` (r, v), ``low`` and ``high`` (r,)."""

    matrix: Floats
    low: Floats
    high: Floats

    def and_row(self, row: Floats, high: float) -> Rows:
        """The rows with one more, ``row`` (v,) · x ≤ ``high``."""
        return Rows(np.vstack([self.matrix, row]), np.append(self.low, -np.inf), np.append(self.high, high))


@dataclass(frozen=True, slots=True)
class Solved:
    """The least: where it is (v,), how much it is, and how far below it may still lie, as a fraction."""

    x: Floats
    least: float
    gap: float


def solve(cost: Floats, rows: Rows, low: Floats, high: Floats, whole: Mask) -> Solved:
    """The least ``cost`` · x with ``low`` ≤ x ≤ ``high`` (v,) and ``whole`` (v,) of them whole numbers.

    With more than a hundred whole numbers that are not given, within 5 %. Raises InputError when nothing meets all
    bounds.
    """
    optimize: Any = import_module("scipy.optimize")
    sparse: Any = import_module("scipy.sparse")
    open_ = int((whole & (high > low)).sum())
    with _silence():
        found = optimize.milp(
            cost,
            integrality=whole.astype(int),
            bounds=optimize.Bounds(low, high),
            constraints=[optimize.LinearConstraint(sparse.csr_array(rows.matrix), rows.low, rows.high)],
            options={"node_limit": NODES, "mip_rel_gap": EXACT if open_ <= MANY else NEARLY},
        )
    if found.x is None:
        raise InputError("No plan meets all limits.", hint="Drop a change, or loosen a limit.", subject="limits")
    gap = float(found.mip_gap) if open_ and found.mip_gap is not None else 0.0
    return Solved(np.asarray(found.x, dtype=np.float64), float(found.fun), gap)


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
