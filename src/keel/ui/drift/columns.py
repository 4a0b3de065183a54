"""A drift grid cut to what a picture can show: a period, at most so many columns, leaves or classes."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Days
from keel.domain.drift.grid import DriftGrid
from keel.ui.charts.drift import relative_to_band
from keel.units import DAYS_PER_YEAR

MOST_COLUMNS = 520
PERIODS = {"All": None, "10 years": 10, "5 years": 5, "1 year": 1}
UNITS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "annual": "year"}


@dataclass(frozen=True, slots=True)
class Columns:
    """The indices of a grid's dates that are shown, and the period each stands for (empty: every date is shown)."""

    index: NDArray[np.int64]
    sampled: str


def since(grid: DriftGrid, years: int | None) -> DriftGrid:
    """The last ``years`` of a grid, first and last date included; None keeps all."""
    if years is None:
        return grid
    first = (np.datetime64(grid.dates[-1], "M") - 12 * years).astype("datetime64[M]")
    keep = grid.dates.astype("datetime64[M]") >= first
    return replace(grid, dates=grid.dates[keep], drift=grid.drift[:, keep], breach=grid.breach[:, keep])


def offered(dates: Days) -> list[str]:
    """The periods that are shorter than the data, and all of it.

    >>> offered(np.array(["2015-01-31", "2022-01-31"], dtype="datetime64[D]"))
    ['All', '5 years', '1 year']
    """
    length = (dates[-1] - dates[0]) / np.timedelta64(1, "D") / DAYS_PER_YEAR
    return [name for name, years in PERIODS.items() if years is None or years < length - 0.1]


def columns(grid: DriftGrid, most: int = MOST_COLUMNS) -> Columns:
    """At most ``most`` columns: all dates, or of each week or month the date with the largest drift in bands."""
    n = len(grid.dates)
    if n <= most:
        return Columns(np.arange(n), "")
    size = np.abs(relative_to_band(grid.drift, grid.below, grid.above)).max(axis=0) + np.abs(grid.drift).max(axis=0)
    weeks = (grid.dates - np.datetime64("1970-01-05", "D")) // np.timedelta64(7, "D")
    if len(np.unique(weeks)) <= most:
        return Columns(_largest(weeks, size), "week")
    return Columns(_largest(grid.dates.astype("datetime64[M]").astype(np.int64), size), "month")


def _largest(period: NDArray[np.int64], size: NDArray[np.float64]) -> NDArray[np.int64]:
    """In each run of equal ``period`` the index where ``size`` is largest (the first of equals)."""
    starts = np.flatnonzero(np.r_[True, period[1:] != period[:-1]])
    ends = np.r_[starts[1:], len(period)]
    return np.asarray([a + int(size[a:b].argmax()) for a, b in zip(starts, ends, strict=True)], dtype=np.int64)


def shown(grid: DriftGrid, which: Columns) -> DriftGrid:
    """The grid with those columns only."""
    i = which.index
    return replace(grid, dates=grid.dates[i], drift=grid.drift[:, i], breach=grid.breach[:, i])


def neighbours(breach: NDArray[np.bool_], chosen: int) -> tuple[int | None, int | None]:
    """The columns with a breach next before and after ``chosen``.

    >>> neighbours(np.array([[True, False, True, False]]), 1)
    (0, 2)
    """
    hits = np.flatnonzero(breach.any(axis=0))
    before, after = hits[hits < chosen], hits[hits > chosen]
    return (int(before[-1]) if len(before) else None), (int(after[0]) if len(after) else None)
