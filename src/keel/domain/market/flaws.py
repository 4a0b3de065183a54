"""What is wrong with closes: a date twice, a price that no product can have, one that looks like a misprint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Days, Floats
from keel.errors import MarketDataError
from keel.units import day


@dataclass(frozen=True, slots=True)
class DateTwice:
    """Two rows have one date; ``first`` is the upper one."""

    day: np.datetime64
    first: int
    row: int


@dataclass(frozen=True, slots=True)
class UnfitPrice:
    """A price that is zero, negative or infinite."""

    day: np.datetime64
    close: float
    row: int
    column: int


Flaw = DateTwice | UnfitPrice

JUMP_DEVIATIONS = 8.0
MAD_TO_DEVIATION = 1.4826  # of a normal distribution


def find_flaw(dates: Days, closes: Floats) -> Flaw | None:
    """The first flaw of ``closes`` (n, k), NaN where there is none, on ``dates`` (n,) in any order.

    >>> find_flaw(np.array(["2024-01-02", "2024-01-01"], dtype="datetime64[D]"), np.array([[1.0], [np.nan]])) is None
    True
    """
    unfit = (closes <= 0.0) | np.isinf(closes)
    if unfit.any():
        row, column = (int(n) for n in np.argwhere(unfit)[0])
        return UnfitPrice(dates[row], float(closes[row, column]), row, column)
    if np.all(dates[1:] > dates[:-1]):
        return None
    order = np.argsort(dates, kind="stable")
    twice = np.flatnonzero(dates[order[1:]] == dates[order[:-1]])
    if not twice.size:
        return None
    first, second = (int(order[int(twice[0]) + step]) for step in (0, 1))
    return DateTwice(dates[first], first, second)


def require_sound(dates: Days, symbols: Sequence[str], closes: Floats) -> None:
    """Raise MarketDataError for the first flaw."""
    match find_flaw(dates, closes):
        case None:
            return
        case DateTwice(moment):
            raise MarketDataError(f"The prices have the date {_shown(moment)} twice.", hint="Keep one of them.")
        case UnfitPrice(moment, close, _, column):
            symbol = symbols[column]
            what = f"The price of {symbol} on {_shown(moment)} is {close:g}; prices must be positive."
            raise MarketDataError(what, subject=symbol)


def suspicious_jumps(closes: Floats) -> NDArray[np.int64]:
    """The positions of closes (n,) that jump away and come straight back, as a wrong print does.

    A log return counts as a jump beyond 8 robust deviations (1.4826 × the median absolute deviation) from the median;
    it reverts when the next return is a jump the other way and the two together are none.

    >>> closes = np.array([100, 101, 100, 102, 55, 103, 102, 103, 102, 103.0])
    >>> suspicious_jumps(closes).tolist()
    [4]
    """
    known = np.flatnonzero(np.isfinite(closes) & (closes > 0))
    if len(known) < 5:
        return np.zeros(0, dtype=np.int64)
    moves = np.diff(np.log(closes[known]))
    middle = np.median(moves)
    limit = JUMP_DEVIATIONS * MAD_TO_DEVIATION * np.median(np.abs(moves - middle))
    if limit <= 0:
        return np.zeros(0, dtype=np.int64)
    away = moves - middle
    first, second = away[:-1], away[1:]
    reverts = (np.abs(first) > limit) & (np.abs(second) > limit) & (first * second < 0)
    wrong: NDArray[np.int64] = known[1:-1][reverts & (np.abs(first + second) <= limit)]
    return wrong


def _shown(moment: np.datetime64) -> str:
    return day(moment.astype("datetime64[D]").item())
