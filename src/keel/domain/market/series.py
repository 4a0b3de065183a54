"""Arithmetic on one series of closes: its dates (n,) ascending and its closes (n,) without NaN."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Days, Floats
from keel.units import DAYS_PER_YEAR

Line = tuple[Days, Floats]

PRICE_KINDS = {
    "total_return": "total return",
    "price_return": "dividends excluded",
    "mixed": "partly without dividends",
}
FREQUENCIES = (  # fine to coarse
    "daily", "half-weekly", "weekly", "two-weekly", "monthly", "two-monthly", "quarterly", "half-yearly", "annual",
)  # fmt: skip
MONDAY = np.datetime64("1969-12-29", "D")


def coarsest(frequencies: Sequence[str]) -> str:
    """The coarsest of some frequencies; one that is not known counts as daily.

    >>> coarsest(["daily", "monthly", "weekly"])
    'monthly'
    """
    return max(frequencies, key=lambda f: FREQUENCIES.index(f) if f in FREQUENCIES else 0, default="daily")


def periods(dates: Days, frequency: str) -> NDArray[np.int64]:
    """The number of the period each date lies in: consecutive periods have consecutive numbers.

    >>> periods(np.array(["2020-01-31", "2020-02-03"], dtype="datetime64[D]"), "monthly").tolist()
    [600, 601]
    """
    if frequency == "weekly":
        return np.asarray((dates.astype("datetime64[D]") - MONDAY).astype(np.int64) // 7)
    if frequency == "annual":
        return dates.astype("datetime64[Y]").astype(np.int64)
    if frequency in ("monthly", "quarterly"):
        return np.asarray(dates.astype("datetime64[M]").astype(np.int64) // (3 if frequency == "quarterly" else 1))
    return dates.astype("datetime64[D]").astype(np.int64)


def period_ends(dates: Days, closes: Floats, frequency: str, own_frequency: str) -> Line:
    """The last close of each period, on its own date.

    The last period is left out when the series stops before its end, that is when the next weekday still lies in it;
    a series whose ``own_frequency`` is already that coarse keeps it.
    """
    if not len(dates):
        return dates, closes
    number = periods(dates, frequency)
    last = np.flatnonzero(np.append(number[1:] != number[:-1], True))
    next_weekday = np.busday_offset(dates[-1] + np.timedelta64(1, "D"), 0, roll="forward")
    stops_early = periods(np.array([next_weekday]), frequency)[0] == number[-1]
    if own_frequency != frequency and stops_early:
        last = last[:-1]
    return dates[last], closes[last]


def to_coarsest(lines: Sequence[Line], frequencies: Sequence[str]) -> tuple[Days, Floats]:
    """The series on common dates: (dates (n,), closes (n, k)), NaN where one has no close.

    ``frequencies`` names each series' own; all are brought to the coarsest by their last close of each period, dated by
    the latest date any of them has in that period. Daily series keep their dates.
    """
    frequency = coarsest(frequencies)
    if frequency != "daily":
        lines = [period_ends(d, c, frequency, own) for (d, c), own in zip(lines, frequencies, strict=True)]
    every = np.concatenate([d for d, _ in lines]) if lines else np.empty(0, dtype="datetime64[D]")
    found = np.unique(every)
    number = periods(found, frequency)
    dates = found[np.append(number[1:] != number[:-1], True)] if len(found) else found
    closes = np.full((len(dates), len(lines)), np.nan)
    slots = periods(dates, frequency)
    for j, (own, values) in enumerate(lines):
        closes[np.searchsorted(slots, periods(own, frequency)), j] = values
    return dates, closes


def net_of_fee(dates: Days, closes: Floats, expense_ratio: float) -> Floats:
    """The closes (n,) a fund with that yearly expense ratio (fraction) would have had on this series.

    A return r over d calendar days becomes (1 + r) · (1 − expense_ratio)^(d / 365.25) − 1. The first close is kept.
    """
    days = (dates - dates[:1]).astype("timedelta64[D]").astype(np.float64)
    return np.asarray(closes * (1.0 - expense_ratio) ** (days / DAYS_PER_YEAR))


def splice(own: Line, proxy: Line) -> Line | None:
    """``own`` extended backwards by the proxy's returns; None when the two do not meet or there is nothing before.

    The closes of ``own`` are unchanged. Before its first date stands the proxy, scaled so that both have the same close
    on that date; the proxy must have a close on it, and its later closes are not used.
    """
    dates, closes = own
    at = np.flatnonzero(proxy[0] == dates[0]) if len(dates) else np.empty(0, dtype=np.int64)
    if not at.size or at[0] == 0:
        return None
    joint = int(at[0])
    earlier = proxy[1][:joint] * (closes[0] / proxy[1][joint])
    return np.concatenate([proxy[0][:joint], dates]), np.concatenate([earlier, closes])


def date_like(line: Line, dates: Days, frequency: str) -> Line:
    """The line, dated like ``dates`` in the periods both have (a month may end on its 29th in one of them)."""
    own, like = periods(line[0], frequency), periods(dates, frequency)
    at = np.minimum(np.searchsorted(like, own), max(len(like) - 1, 0))
    return (np.where(like[at] == own, dates[at], line[0]) if len(like) else line[0]), line[1]


def drawdowns(wealth: Floats) -> Floats:
    """The distance (n,) below the highest wealth so far, ≤ 0.

    >>> drawdowns(np.array([1.0, 2.0, 1.0, 3.0])).tolist()
    [0.0, 0.0, -0.5, 0.0]
    """
    return np.asarray(wealth / np.maximum.accumulate(wealth) - 1.0, dtype=np.float64)
