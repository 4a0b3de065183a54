"""A sweep in batches: what every batch needs, the pieces it is cut into, and what one piece comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from keel.backtest.metrics import table
from keel.backtest.parallel import WORKERS, Cancel, in_order
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.sweep.composed import composed, every_metric, number, wealth_without_costs
from keel.backtest.sweep.shared import Shared
from keel.backtest.sweep.ways import Swept, Way, totals, way, with_cost, with_width
from keel.domain.arrays import Floats, Ints
from keel.domain.study.families import Family
from keel.domain.study.grid import Axis

ROWS = 65_536  # of a batch: bounds memory and how long a cancelled sweep goes on
SCANNED, CUT, ALONE = 1024, 32, 4  # widths of a batch, by way


@dataclass(frozen=True, eq=False, slots=True)
class Sweep:
    """What is the same for every batch: sent once to each machine, where ``shared`` starts empty."""

    scenarios: tuple[Scenario, ...]
    width: Axis | None
    cost: Axis | None
    families: tuple[Family, ...]
    every: bool
    shared: Shared = field(default_factory=Shared)


@dataclass(frozen=True, eq=False, slots=True)
class Batch:
    """Some widths and costs (places on their axes) of one family on one scenario."""

    scenario: int
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


@dataclass(frozen=True, slots=True)
class Executor:
    """Where batches run: a sweep is cut for so many ``workers``; ``execute`` begins no batch once it is cancelled."""

    workers: int
    execute: Callable[[Sweep, Sequence[Batch], Cancel | None], Iterable[tuple[Batch, Part]]]


def on_threads(workers: int = WORKERS) -> Executor:
    """Batches on threads of this process, in their order."""

    def execute(sweep: Sweep, batches: Sequence[Batch], cancel: Cancel | None) -> Iterator[tuple[Batch, Part]]:
        parts = in_order(lambda batch: compute(sweep, batch), batches, len(batches), workers=workers, cancel=cancel)
        return zip(batches, parts, strict=False)

    return Executor(workers, execute)


def compute(sweep: Sweep, batch: Batch) -> Part:
    """The metrics of one batch; the same wherever it runs."""
    family = sweep.families[batch.family]
    if sweep.every or _one_by_one(family):
        every = tuple(_every(sweep, batch))
        values = np.array([[number(row.get(name)) for row in every] for name in table.composing()])
        return Part(values.reshape(-1, len(batch.widths), len(batch.costs)), every if sweep.every else ())
    arrays = sweep.shared.arrays(sweep.scenarios[batch.scenario])
    swept = Swept(arrays, family, sweep.width, sweep.cost, sweep.shared)
    return Part(composed(totals(swept, batch.widths, batch.costs), arrays, family.settings))


def _one_by_one(family: Family) -> bool:
    """Whether the figures need each path: the excess over a series is not made up of sums."""
    return isinstance(family.settings.risk_free, str)


def _every(sweep: Sweep, batch: Batch) -> Iterator[dict[str, object]]:
    arrays, family = sweep.shared.arrays(sweep.scenarios[batch.scenario]), sweep.families[batch.family]
    for w in batch.widths.tolist():
        policy = with_width(family.policy, sweep.width, w)
        free = wealth_without_costs(arrays, policy, family.settings)
        for c in batch.costs.tolist():
            yield every_metric(arrays, policy, with_cost(family.settings, sweep.cost, c), free)


def batches_of(sweep: Sweep, workers: int) -> list[Batch]:
    """The work in pieces that keep every worker busy and memory bounded."""
    out = []
    few = len(sweep.scenarios) * len(sweep.families) < 4 * workers
    for s, scenario in enumerate(sweep.scenarios):
        for f, family in enumerate(sweep.families):
            chosen = way(scenario, family.policy, family.settings)
            wide, deep = _piece(sweep, chosen, family, workers if few else 1)
            order = family.widths
            if sweep.width is not None:  # neighbouring widths trade on the same days, so they share most
                order = order[np.argsort(np.asarray(sweep.width.values)[order], kind="stable")]
            for c in range(0, len(family.costs), deep):
                for w in range(0, len(order), wide):
                    out.append(Batch(s, f, order[w : w + wide], family.costs[c : c + deep]))
    return out


def _piece(sweep: Sweep, chosen: Way, family: Family, workers: int) -> tuple[int, int]:
    """How many widths and costs of a family a batch takes."""
    w, c = len(family.widths), len(family.costs)
    if sweep.every or _one_by_one(family):
        return 1, 16
    if chosen is Way.alone:
        return ALONE, 64
    if chosen is Way.cut:
        return min(CUT, -(-w // (2 * workers)) if workers > 1 else w), ROWS // CUT
    if workers > 1 and c >= w:
        return SCANNED, min(ROWS // min(w, SCANNED), -(-c // (2 * workers)))
    wide = min(SCANNED, -(-w // (2 * workers))) if workers > 1 else SCANNED
    return max(wide, 1), max(1, ROWS // min(w, SCANNED))
