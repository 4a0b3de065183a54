"""Sweeps: every policy of a grid over one or several scenarios, as one table."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from keel.backtest.parallel import Cancel
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.sweep.batches import Executor, Sweep, batches_of, on_threads
from keel.backtest.sweep.table import SweepTable
from keel.domain.study.families import families
from keel.domain.study.grid import Grid
from keel.errors import InputError

Which = Literal["composing", "all"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is: rows done of all, rows a second so far, and the seconds left at that rate."""

    done: int
    total: int
    rate: float
    seconds_left: float


def run(
    scenarios: Scenario | Sequence[Scenario],
    grid: Grid,
    *,
    metrics: Which = "composing",
    skip_invalid: bool = False,
    executor: Executor | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: Cancel | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> SweepTable:
    """One row per policy and scenario, in the grid's order; a cancelled sweep has the rows that were done.

    ``scenarios`` are as many as the grid's scenario axes have combinations, in their order. A combination the rules
    forbid is an InvalidPolicyError unless ``skip_invalid``. Where costs take the whole portfolio the metrics are null.
    Without an ``executor`` the batches run on two threads.
    """
    several = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    expected = int(np.prod([len(axis) for axis in grid.scenarios], dtype=np.int64))
    if len(several) != expected:
        raise InputError(f"The grid is about {expected} studies, but {len(several)} were given.")
    sweep = Sweep(several, grid.widths, grid.costs, families(grid, skip_invalid), metrics == "all")
    where = executor or on_threads()
    batches = batches_of(sweep, where.workers)
    total, begun = sum(batch.size for batch in batches), clock()
    table = SweepTable.empty(grid, sweep.families, metrics == "all")
    for batch, part in where.execute(sweep, batches, cancel):
        table.fill(batch, part)
        if progress is not None:
            rate = table.done / max(clock() - begun, 1e-9)
            progress(Progress(table.done, total, rate, (total - table.done) / rate))
    return table
