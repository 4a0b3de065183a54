"""How far apart sessions lie: what to call that, how many there are in a year, and what is too far."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Days
from keel.units import DAYS_PER_YEAR, number, under_a_year

USUAL_PERIODS = (365.25, 252.0, 104.0, 52.0, 26.0, 12.0, 6.0, 4.0, 2.0, 1.0)
NEAR = 0.10  # in proportion: 233 sessions a year are still those of an exchange
FEW_SESSIONS = 8  # fewer, or less than a year, are too few to count a year by
ALTERNATE_DAYS = 2.5  # a median gap above it is no longer that of an exchange
COARSE_GAPS = 1.8  # median gaps two sessions may lie apart on data coarser than weekly


@dataclass(frozen=True, slots=True)
class Kind:
    """A usual spacing: its name, periods a year, and the median gap in days up to which sessions are of it.

    A start may precede the first session by ``slack`` days; ``hole`` is how many days two sessions may lie apart, None
    where the median gap says so.
    """

    most: float
    name: str
    periods: float
    slack: int
    hole: int | None = None


HALF_WEEKLY = Kind(4.0, "half-weekly", 104.0, 7, 24)
KINDS = (
    Kind(4.0, "daily", 252.0, 7, 10),
    Kind(10.0, "weekly", 52.0, 10, 24),
    Kind(20.0, "two-weekly", 26.0, 20),
    Kind(45.0, "monthly", 12.0, 31),
    Kind(75.0, "two-monthly", 6.0, 62),
    Kind(135.0, "quarterly", 4.0, 92),
    Kind(250.0, "half-yearly", 2.0, 183),
    Kind(math.inf, "annual", 1.0, 366),
)


@dataclass(frozen=True, slots=True)
class Spacing:
    """How far apart sessions lie: in a word, and in days what a start may lack and what is too far."""

    name: str
    slack: int
    hole: float


def spacing_of(dates: Days) -> Spacing:
    """The spacing of ``dates`` (n,) ascending, n ≥ 2. Fewer than 8 do not tell which distance is too long.

    >>> spacing_of(np.arange("2024-01-05", "2024-04-05", 7, dtype="datetime64[D]"))
    Spacing(name='weekly', slack=10, hole=24.0)
    """
    gap = float(np.median(_gaps(dates)))
    kind = _kind(gap)
    if kind is KINDS[0] and gap > ALTERNATE_DAYS and not is_short(dates):
        kind = HALF_WEEKLY
    hole = COARSE_GAPS * gap if kind.hole is None else float(kind.hole)
    return Spacing(kind.name, kind.slack, hole if len(dates) >= FEW_SESSIONS else math.inf)


def periods_per_year(dates: Days) -> tuple[float, str]:
    """The periods a year of a window's ``dates`` (n,), n ≥ 2, and a sentence when they are no usual number.

    >>> periods_per_year(np.arange("2020-01-31", "2024-01-31", 14, dtype="datetime64[D]"))
    (26.0, '')
    """
    if is_short(dates):
        periods = _kind(float(np.median(_gaps(dates)))).periods
        return (USUAL_PERIODS[0] if periods == KINDS[0].periods and _trades_on_weekends(dates) else periods), ""
    seen = (len(dates) - 1) * DAYS_PER_YEAR / _days(dates)
    nearest = min(USUAL_PERIODS, key=lambda usual: abs(math.log(seen / usual)))
    if abs(seen / nearest - 1.0) <= NEAR:
        return nearest, ""
    return seen, f"{number(seen, 1)} sessions a year, no usual number: figures a year count with it."


def is_short(dates: Days) -> bool:
    """Whether the dates are too few, or span too little, to count a year by."""
    first, last = (day.astype("datetime64[D]").item() for day in (dates[0], dates[-1]))
    return len(dates) < FEW_SESSIONS or under_a_year(first, last)


def holes(dates: Days, spacing: Spacing) -> NDArray[np.int64]:
    """The positions of the sessions from which the next one is too far."""
    return np.flatnonzero(_gaps(dates) > spacing.hole)


def _kind(gap: float) -> Kind:
    return next(kind for kind in KINDS if gap <= kind.most)


def _gaps(dates: Days) -> NDArray[np.int64]:
    return np.asarray(np.diff(dates.astype("datetime64[D]")).astype(np.int64))


def _days(dates: Days) -> int:
    return int((dates[-1] - dates[0]).astype("timedelta64[D]").astype(np.int64))


def _trades_on_weekends(dates: Days) -> bool:
    return bool(np.mean(~np.is_busday(dates.astype("datetime64[D]"))) >= 0.1)
