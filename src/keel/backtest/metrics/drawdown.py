"""Falls from a peak: how deep, how long, and whether they were made good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from keel.backtest.window import to_date
from keel.domain.arrays import Days, Floats, Ints
from keel.domain.market.series import drawdowns


@dataclass(frozen=True, slots=True)
class Episode:
    """One fall: the last session at the peak, the lowest, and the first back at the peak (None: not yet).

    ``depth`` < 0 is a fraction of the peak; ``days`` are calendar days from the peak to recovery or the end.
    """

    peak: date
    trough: date
    recovered: date | None
    depth: float
    days: int


def drawdown_episodes(dates: Days, wealth: Floats, count: int = 5) -> tuple[Episode, ...]:
    """The ``count`` deepest falls, deepest first; the earlier of two equal ones first. They do not overlap.

    >>> days = np.array(["2024-01-01", "2024-01-02", "2024-01-03"], dtype="datetime64[D]")
    >>> drawdown_episodes(days, np.array([1.0, 0.5, 1.0]))[0].days
    2
    """
    first, end = _under_water(wealth)
    if not len(first):
        return ()
    depth = np.minimum.reduceat(drawdowns(wealth), first)
    deepest = np.argsort(depth, kind="stable")[:count]
    return tuple(_episode(dates, wealth, int(first[i]), int(end[i])) for i in deepest)


def longest_under_water_days(dates: Days, wealth: Floats) -> int:
    """The most calendar days from a peak to its recovery, or to the end; 0 without a fall.

    >>> days = np.array(["2024-01-01", "2024-01-02", "2024-01-05"], dtype="datetime64[D]")
    >>> longest_under_water_days(days, np.array([1.0, 0.5, 0.6]))
    4
    """
    first, end = _under_water(wealth)
    if not len(first):
        return 0
    last = np.minimum(end, len(wealth) - 1)
    return int((dates[last] - dates[first - 1]).astype("timedelta64[D]").astype(np.int64).max())


def _under_water(wealth: Floats) -> tuple[Ints, Ints]:
    """The first session below a peak and the first back at it (n: not yet), of every fall in order of time."""
    under = np.concatenate([[False], wealth < np.maximum.accumulate(wealth), [False]])
    edges = np.flatnonzero(under[1:] != under[:-1])
    return edges[::2], edges[1::2]


def _episode(dates: Days, wealth: Floats, first: int, end: int) -> Episode:
    """The fall whose sessions under water are ``first`` to ``end`` - 1."""
    peak, trough = first - 1, first + int(np.argmin(wealth[first:end]))
    recovered = end < len(wealth)
    last = end if recovered else len(wealth) - 1
    return Episode(
        peak=to_date(dates[peak]),
        trough=to_date(dates[trough]),
        recovered=to_date(dates[end]) if recovered else None,
        depth=float(wealth[trough] / wealth[peak] - 1.0),
        days=int((dates[last] - dates[peak]).astype("timedelta64[D]").astype(int)),
    )
