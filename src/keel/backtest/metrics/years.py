"""Returns by calendar: years, months and rolling spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from keel.backtest.looks import period_ends, period_key
from keel.domain.arrays import Days, Floats, Ints
from keel.domain.policy.records import Cadence
from keel.units import DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The return of one calendar year; ``partial`` when the window does not hold all of it."""

    year: int
    value: float
    partial: bool


def calendar_years(dates: Days, wealth: Floats) -> tuple[CalendarYear, ...]:
    """The return of each calendar year in the window; a first year that is only session 0 has none and is left out.

    Complete years start from the last session of the year before and end with a session that ends its year.
    """
    year, value, complete = _by_period(dates, wealth, Cadence.annual)
    return tuple(
        CalendarYear(int(y) + 1970, float(v), not bool(c)) for y, v, c in zip(year, value, complete, strict=True)
    )


class Month(NamedTuple):
    """The return of one calendar month, 1 is January."""

    year: int
    month: int
    value: float


def monthly_returns(dates: Days, wealth: Floats) -> list[Month]:
    """The return of each month in the window; the first and last may be partial.

    >>> days = np.array(["2023-12-29", "2024-01-31", "2024-02-29"], dtype="datetime64[D]")
    >>> monthly_returns(days, np.array([1.0, 1.5, 3.0])) == [(2024, 1, 0.5), (2024, 2, 1.0)]
    True
    """
    month, value, _ = _by_period(dates, wealth, Cadence.monthly)
    return [Month(int(m) // 12 + 1970, int(m) % 12 + 1, float(v)) for m, v in zip(month, value, strict=True)]


def rolling_returns(dates: Days, wealth: Floats, years: int) -> tuple[Days, Floats]:
    """The return a year over the ``years`` before each session that has them: (dates, annualised returns).

    The span starts at the last session on or before the same day ``years`` earlier (29 February counts as 28).
    """
    months = dates.astype("datetime64[M]")
    within = dates.astype("datetime64[D]") - months.astype("datetime64[D]")
    earlier = months - np.timedelta64(12 * years, "M")
    longest = (earlier + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    wanted = np.minimum(earlier.astype("datetime64[D]") + within, longest)
    start = np.searchsorted(dates, wanted, side="right") - 1
    held = start >= 0
    growth = wealth[held] / wealth[start[held]]
    return dates[held], np.asarray(growth ** (1.0 / years) - 1.0, dtype=np.float64)


def elapsed_years(dates: Days) -> float:
    """The length of the window in years of 365.25 calendar days."""
    return float((dates[-1] - dates[0]).astype("timedelta64[D]").astype(np.int64)) / DAYS_PER_YEAR


def _by_period(dates: Days, wealth: Floats, cadence: Cadence) -> tuple[Ints, Floats, Floats]:
    """(period number, return, 1.0 when complete) of each period in the window."""
    key = period_key(dates, cadence)
    last = np.append(np.flatnonzero(key[1:] != key[:-1]), len(key) - 1)
    base = np.append(0, last[:-1])
    complete = np.ones(len(last))
    complete[0] = 0.0
    if not period_ends(dates, cadence)[-1]:
        complete[-1] = 0.0
    some = last > base
    return key[last][some], (wealth[last] / wealth[base] - 1.0)[some], complete[some]
