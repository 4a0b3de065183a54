"""Sweeps: every policy of a grid over one or several studies, as one table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from keel.backtest.metrics import table as metrics_table
from keel.backtest.parallel import WORKERS, Cancel, in_order
from keel.backtest.sweep.arrays import Study, track
from keel.backtest.sweep.composed import composed, every_metric, number, wealth_without_costs
from keel.backtest.sweep.table import SweepTable
from keel.backtest.sweep.ways import Way, forget, walked, way, with_cost, with_width
from keel.domain.arrays import Floats, Ints
from keel.domain.study.families import Family, families
from keel.domain.study.grid import Axis, Grid
from keel.errors import InputError

Which = Literal["composing", "all"]
ROWS = 65_536  # of a batch: bounds memory and how long a cancelled sweep goes on
SCANNED, WALKED, ALONE = 1024, 32, 4  # widths of a batch, by way


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a sweep is: rows done of all, rows a second so far, and the seconds left at that rate."""

    done: int
    total: int
    rate: float
    seconds_left: float


@dataclass(frozen=True, eq=False, slots=True)
class Job:
    """All that a batch needs, the same for every batch: sent once to each machine."""

    studies: tuple[Study, ...]
    width: Axis | None
    cost: Axis | None
    families: tuple[Family, ...]
    every: bool


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Some widths and costs (places on their axes) of one family on one study."""

    study: int
    family: int
    widths: Ints
    costs: Ints

    @property
    def size(self) -> int:
        """The number of policies."""
        return len(self.widths) * len(self.costs)


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """The rows of one batch: composing metrics (m, w, c), and where all are asked for a mapping for each row."""

    values: Floats
    every: tuple[dict[str, object], ...] = ()


Execute = Callable[[Job, Sequence[Batch]], Iterable[tuple[Batch, Part]]]


def run(
    studies: Study | Sequence[Study],
    grid: Grid,
    *,
    workers: int = WORKERS,
    progress: Callable[[Progress], None] | None = None,
    cancel: Cancel | None = None,
    metrics: Which = "composing",
    skip_invalid: bool = False,
    execute: Execute | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> SweepTable:
    """One row per policy and study, in the grid's order; a cancelled sweep has the rows that were done.

    ``studies`` are as many as the grid's study axes have combinations, in their order. A combination the rules forbid
    is an InvalidPolicyError unless ``skip_invalid``. Where costs take the whole portfolio the metrics are null.
    ``execute`` runs the batches elsewhere than on ``workers`` threads.
    """
    several = (studies,) if isinstance(studies, Study) else tuple(studies)
    expected = int(np.prod([len(axis) for axis in grid.studies], dtype=np.int64))
    if len(several) != expected:
        raise InputError(f"The grid is about {expected} studies, but {len(several)} were given.")
    job = Job(several, grid.widths, grid.costs, families(grid, skip_invalid), metrics == "all")
    batches = _batches(job, workers)
    total, begun = sum(batch.size for batch in batches), clock()
    table = SweepTable.empty(grid, job.families, metrics == "all")
    parts = execute(job, batches) if execute else _threads(job, batches, workers, cancel)
    try:
        for batch, part in parts:
            table.fill(batch.study, batch.family, batch.widths, batch.costs, part.values, part.every)
            if progress is not None:
                rate = table.done / max(clock() - begun, 1e-9)
                progress(Progress(table.done, total, rate, (total - table.done) / rate))
            if execute and cancel is not None and cancel():
                break
    finally:
        forget()
    return table


def compute(job: Job, batch: Batch) -> Part:
    """The metrics of one batch; the same wherever it runs."""
    study, family = job.studies[batch.study], job.families[batch.family]
    if job.every or _one_by_one(family):
        every = tuple(_every(job, batch))
        values = np.array([[number(found.get(name)) for found in every] for name in metrics_table.composing()])
        return Part(values.reshape(-1, len(batch.widths), len(batch.costs)), every if job.every else ())
    walks = walked(study, family, job.width, job.cost, batch.widths, batch.costs)
    return Part(composed(walks, track(study), family.settings))


def _one_by_one(family: Family) -> bool:
    """Whether the figures need each path: the excess over a series is not made up of sums."""
    return isinstance(family.settings.risk_free, str)


def _every(job: Job, batch: Batch) -> Iterator[dict[str, object]]:
    study, family = job.studies[batch.study], job.families[batch.family]
    for w in batch.widths.tolist():
        policy = with_width(family.policy, job.width, w)
        free = wealth_without_costs(study, policy, family.settings)
        for c in batch.costs.tolist():
            yield every_metric(study, policy, with_cost(family.settings, job.cost, c), free)


def _threads(job: Job, batches: Sequence[Batch], workers: int, cancel: Cancel | None) -> Iterator[tuple[Batch, Part]]:
    parts = in_order(lambda batch: compute(job, batch), batches, len(batches), workers=workers, cancel=cancel)
    return zip(batches, parts, strict=False)


def _batches(job: Job, workers: int) -> list[Batch]:
    """The work in pieces that keep every thread busy and memory bounded."""
    out = []
    few = len(job.studies) * len(job.families) < 4 * workers
    for s, one in enumerate(job.studies):
        for f, family in enumerate(job.families):
            wide, deep = _piece(job, way(one, family.policy, family.settings), family, workers if few else 1)
            order = family.widths
            if job.width is not None:  # neighbouring widths trade on the same days, so they share most
                order = order[np.argsort(np.asarray(job.width.values)[order], kind="stable")]
            for c in range(0, len(family.costs), deep):
                for w in range(0, len(order), wide):
                    out.append(Batch(s, f, order[w : w + wide], family.costs[c : c + deep]))
    return out


def _piece(job: Job, chosen: Way, family: Family, workers: int) -> tuple[int, int]:
    """How many widths and costs of a family a batch takes."""
    w, c = len(family.widths), len(family.costs)
    if job.every or _one_by_one(family):
        return 1, 16
    if chosen is Way.plain:
        return ALONE, 64
    if chosen is Way.walked:
        return min(WALKED, -(-w // (2 * workers)) if workers > 1 else w), ROWS // WALKED
    if workers > 1 and c >= w:
        return SCANNED, min(ROWS // min(w, SCANNED), -(-c // (2 * workers)))
    wide = min(SCANNED, -(-w // (2 * workers))) if workers > 1 else SCANNED
    return max(wide, 1), max(1, ROWS // min(w, SCANNED))


__all__ = ["Batch", "Job", "Part", "Progress", "Study", "SweepTable", "compute", "run"]
