"""A grid's figures on what happened and on resampled histories: what a claim about an axis stands against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from keel.backtest.luck.axes import FEWEST_HISTORIES, AxisTest, axis_tests
from keel.backtest.luck.bootstrap import require_returns
from keel.backtest.metrics import table
from keel.backtest.parallel import Cancel, Progress
from keel.backtest.sweep.arrays import Scenario
from keel.backtest.sweep.batches import on_threads
from keel.backtest.sweep.run import run
from keel.backtest.sweep.scenarios import histories
from keel.domain.arrays import Floats
from keel.domain.study.grid import Grid, over
from keel.domain.study.thinning import thinned

HISTORIES = 200
MOST_POLICIES = 60  # of the thinned grid, costs not counted
AT_ONCE = 10  # histories run together: so often progress is told and a stop is seen


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What ``histories`` of the ``asked`` say of each axis: by metric, then by the axis's name, its test.

    ``by_metric`` is empty when too few were run to say anything.
    """

    histories: int
    asked: int
    by_metric: Mapping[str, Mapping[str, AxisTest]]


@dataclass(frozen=True, eq=False, slots=True)
class Landscapes:
    """The figures of a grid's policies over histories.

    ``seen`` (m, l1, …, la) on what happened, ``drawn`` (h, m, l1, …, la) on each of h resampled histories; the m
    figures are those that compose, in the table's order; NaN where undefined or where costs take everything.
    ``asked`` histories were to be run.
    """

    grid: Grid
    seen: Floats
    drawn: Floats
    asked: int

    def tests(self, metric: str) -> tuple[AxisTest, ...] | None:
        """One test an axis of two values or more; None when too few histories were run to say anything."""
        if len(self.drawn) < FEWEST_HISTORIES:
            return None
        at = table.composing().index(metric)
        return axis_tests(self.seen[at], self.drawn[:, at])

    def verdicts(self) -> Verdicts:
        """The tests of every figure that policies are compared by."""
        metrics = [key for key in table.composing() if table.row(key).compared]
        by_metric = {key: self.tests(key) for key in metrics}
        names = [axis.name for axis in self.grid.axes]
        return Verdicts(
            len(self.drawn),
            self.asked,
            {key: {names[test.axis]: test for test in tests} for key, tests in by_metric.items() if tests},
        )


def landscapes(
    scenario: Scenario,
    grid: Grid,
    *,
    count: int = HISTORIES,
    most: int = MOST_POLICIES,
    workers: int = 2,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Landscapes:
    """The grid's figures, thinned to ``most`` policies, on what happened and on the histories of the seeds 1 to
    ``count``.

    ``grid`` has no scenario axis. A cancelled one has the histories that were done. Raises HistoryTooShortError below
    24 returns.
    """
    require_returns(len(scenario.window.dates) - 1)
    thin = thinned(grid, most)
    executor = on_threads(workers)
    seen = run(scenario, thin, executor=executor, skip_invalid=True).values
    figures, shape = len(seen), thin.shape
    drawn: list[Floats] = []
    seeds, done = list(range(1, count + 1)), 0
    drawing = histories(scenario, seeds)
    while done < count:
        some = seeds[done : done + AT_ONCE]
        several = [next(drawing) for _ in some]
        answer = run(several, over(thin, "history", some), executor=executor, skip_invalid=True, cancel=cancel)
        if not answer.complete:
            break
        drawn.append(answer.values.reshape(figures, len(some), *shape).swapaxes(0, 1))
        done += len(some)
        if progress is not None:
            progress(done, count)
    return Landscapes(
        grid=thin,
        seen=seen.reshape(figures, *shape),
        drawn=np.concatenate(drawn) if drawn else np.empty((0, figures, *shape)),
        asked=count,
    )
