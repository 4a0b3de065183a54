"""Looks: the sessions on which a policy may act."""

from __future__ import annotations

from typing import Literal, assert_never

import numpy as np

from keel.domain.arrays import Days, Ints, Mask
from keel.domain.policy.records import Cadence, EverySessions, Look

MONDAY = 3  # 1970-01-01 was a Thursday, three days after the Monday that starts its ISO week
FRIDAY = 4


def look_mask(dates: Days, look: Look, offset: int = 0) -> Mask:
    """True for each session (n,) that is a look.

    Named looks are the last session of each period, moved ``offset`` sessions later; ``every_sessions`` n are the
    sessions n + offset, 2n + offset, …; ``daily`` every session from ``offset`` on. Session 0 never is one.

    >>> days = np.array(["2024-01-31", "2024-02-01", "2024-02-29", "2024-03-01"], dtype="datetime64[D]")
    >>> look_mask(days, Cadence.monthly, 1).tolist()
    [False, True, False, True]
    """
    n = len(dates)
    mask = np.zeros(n, dtype=np.bool_)
    if isinstance(look, EverySessions):
        mask[look.every_sessions + offset :: look.every_sessions] = True
    else:
        moved = np.flatnonzero(period_ends(dates, look)) + offset
        mask[moved[moved < n]] = True
    mask[:1] = False
    return mask


def period_ends(dates: Days, cadence: Cadence) -> Mask:
    """True for the last session (n,) of each period; the very last when the next weekday lies in another period.

    >>> period_ends(np.array(["2024-03-27", "2024-03-28"], dtype="datetime64[D]"), Cadence.weekly).tolist()
    [False, False]
    >>> period_ends(np.array(["2024-03-28", "2024-03-29"], dtype="datetime64[D]"), Cadence.weekly).tolist()
    [False, True]
    """
    key = period_key(np.append(dates, next_weekday(dates[-1])), cadence)
    return np.asarray(key[1:] != key[:-1], dtype=np.bool_)


def period_key(dates: Days, cadence: Cadence) -> Ints:
    """A number (n,) that two dates share exactly when they lie in the same period."""
    match cadence:
        case Cadence.daily:
            return _count(dates, "D")
        case Cadence.weekly:
            return (_count(dates, "D") + MONDAY) // 7
        case Cadence.monthly:
            return _count(dates, "M")
        case Cadence.quarterly:
            return _count(dates, "M") // 3
        case Cadence.semiannual:
            return _count(dates, "M") // 6
        case Cadence.annual:
            return _count(dates, "M") // 12
        case _:
            assert_never(cadence)


def _count(dates: Days, unit: Literal["D", "M"]) -> Ints:
    """The days or months (n,) since 1970 began."""
    return dates.astype(f"datetime64[{unit}]").astype(np.int64)


def next_weekday(day: np.datetime64) -> np.datetime64:
    """The first Monday to Friday after ``day``.

    >>> str(next_weekday(np.datetime64("2024-03-29")))
    '2024-04-01'
    """
    weekday = (int(day.astype("datetime64[D]").astype(np.int64)) + MONDAY) % 7
    return day + np.timedelta64(max(1, 7 - weekday) if weekday >= FRIDAY else 1, "D")


def period_length(dates: Days, look: Look) -> float:
    """The median number of sessions in a period of ``look``; the whole window when it holds fewer than two."""
    if isinstance(look, EverySessions):
        return float(look.every_sessions)
    ends = np.flatnonzero(period_ends(dates, look))
    return float(np.median(np.diff(ends))) if len(ends) > 1 else float(len(dates))
