"""The model confidence set: which of many cannot be told from the best (Hansen, Lunde and Nason, 2011)."""

from __future__ import annotations

import numpy as np

from keel.backtest.luck.bootstrap import samples
from keel.domain.arrays import Floats, Ints

LEAST = 1e-30  # the variance of a mean that two constant losses differ by is rounding


def drop_out_levels(losses: Floats, block: int, draws: int, seed: int) -> Floats:
    """The smallest level (k,) at which each column of ``losses`` (t, k) drops out of the set; 1 for the last one left.

    The range statistic: ``max`` compares each with the average and keeps everybody when one is far better than all.
    The same numbers as ``arch.bootstrap.MCS(method="R")``, which keeps (draws, k, k) arrays and copies them at every
    step (a gigabyte for 200 policies). The order in which columns drop out does not depend on the draws, so the
    greatest simulated statistic is built up once, from the last one left to the first to go.
    """
    k = losses.shape[1]
    apart = np.subtract.outer(losses.mean(axis=0), losses.mean(axis=0))
    drawn = np.array([losses[rows].mean(axis=0) for rows in samples(len(losses), block, draws, seed)])
    drawn -= losses.mean(axis=0)
    scale = np.array([np.sqrt(np.maximum(((drawn[:, i, None] - drawn) ** 2).mean(axis=0), LEAST)) for i in range(k)])
    order, statistics = _elimination(apart / scale)
    levels = np.ones(k)
    greatest = np.zeros(draws)
    for step in range(k - 2, -1, -1):
        i, left = order[step], order[step + 1 :]
        pairs = np.abs(drawn[:, i, None] - drawn[:, left]) / scale[i, left]
        greatest = np.maximum(greatest, pairs.max(axis=1))
        levels[i] = (statistics[step] < greatest).mean()
    levels[order] = np.maximum.accumulate(levels[order])
    return levels


def _elimination(apart: Floats) -> tuple[Ints, Floats]:
    """The columns in the order they drop out, the last one left at the end, and the statistic (k - 1,) of each step.

    ``apart`` (k, k): by how many of its errors the row's loss exceeds the column's.
    """
    left = np.arange(len(apart))
    order, statistics = [], []
    while len(left) > 1:
        among = apart[np.ix_(left, left)]
        worst = int(np.argmax(among.max(axis=1)))
        statistics.append(float(among.max()))
        order.append(int(left[worst]))
        left = np.delete(left, worst)
    return np.array([*order, *left.tolist()], dtype=np.int64), np.array(statistics)
