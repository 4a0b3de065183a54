"""Falls from a peak: how deep, how long, and whether they were made good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from keel.backtest.window import to_date
from keel.domain.prices import Days, Floats


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


def drawdowns(wealth: Floats) -> Floats:
    """The distance (n,) below the highest wealth so far, ≤ 0.

    >>> drawdowns(np.array([1.0, 2.0, 1.0, 3.0])).tolist()
    [0.0, 0.0, -0.5, 0.0]
    """
    return np.asarray(wealth / np.maximum.accumulate(wealth) - 1.0, dtype=np.float64)


def episodes(dates: Days, wealth: Floats) -> tuple[Episode, ...]:
    """Every fall in order of time; they do not overlap."""
    high = np.maximum.accumulate(wealth)
    under = np.concatenate([[False], wealth < high, [False]])
    edges = np.flatnonzero(under[1:] != under[:-1])
    return tuple(_episode(dates, wealth, int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def drawdown_episodes(dates: Days, wealth: Floats, count: int = 5) -> tuple[Episode, ...]:
    """The ``count`` deepest falls, deepest first; the earlier of two equal ones first.

    >>> days = np.array(["2024-01-01", "2024-01-02", "2024-01-03"], dtype="datetime64[D]")
    >>> drawdown_episodes(days, np.array([1.0, 0.5, 1.0]))[0].days
    2
    """
    return tuple(sorted(episodes(dates, wealth), key=lambda episode: episode.depth)[:count])


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
