"""Holes in prices: short ones are carried forward and said, longer ones are refused with their dates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from keel.backtest.spacing import Spacing, holes, spacing_of
from keel.domain.arrays import Days, Floats
from keel.errors import PricesMissingError
from keel.units import CARRIED_SESSIONS, day

DAILY, COARSE = CARRIED_SESSIONS, 1  # sessions a missing close is carried


def carry(
    dates: Days, closes: Floats, names: tuple[str, ...], first: int, last: int, spacing: Spacing
) -> tuple[Floats, tuple[str, ...]]:
    """The closes with short holes of the rows ``first`` to ``last`` carried forward, and a note for each with one.

    At most 5 daily sessions, 1 on coarser data; a longer hole is a PricesMissingError that names it.
    """
    limit = _most(spacing)
    missing = np.isnan(closes)
    if not missing[first : last + 1].any():
        return closes, ()
    rows = np.arange(len(dates))
    filled, notes = closes.copy(), []
    for j, symbol in enumerate(names):
        if not missing[first : last + 1, j].any():
            continue
        source = np.maximum.accumulate(np.where(missing[:, j], -1, rows))
        age = (rows - source)[first : last + 1]
        if age.max() > limit:
            raise _long_hole(dates, missing[:, j], symbol, first + int(np.argmax(age > limit)), limit)
        filled[:, j] = closes[np.maximum(source, 0), j]
        count, where = int((age > 0).sum()), int(np.argmax(age > 0))
        closes_word = "close is" if count == 1 else "closes are"
        begins = _shown(dates[first + where])
        notes.append(f"{symbol}: {count} missing {closes_word} carried forward, the first on {begins}.")
    return filled, tuple(notes)


def require_no_blank_stretch(dates: Days, known: NDArray[np.bool_], symbol: str) -> None:
    """Rows without any close are no sessions, unless so many follow each other that the series has a hole."""
    rows = np.flatnonzero(known)
    if len(rows) < 3:
        return
    gaps = np.diff(dates[rows]).astype(np.int64)
    limit = _most(spacing_of(dates[rows]))
    # Monthly closes among daily rows leave blank rows at every step: only a step much longer than usual is a hole.
    long = (np.diff(rows) - 1 > limit) & (gaps > (limit + 1.5) * np.median(gaps))
    if long.any():
        row = int(rows[int(np.argmax(long))]) + 1
        raise _long_hole(dates, ~known, symbol, row, limit)


def require_no_gap(dates: Days, spacing: Spacing) -> None:
    """Raises for two sessions of the window that lie too far apart: nothing tells what happened between them."""
    far = holes(dates, spacing)
    if len(far):
        before, after = _shown(dates[far[0]]), _shown(dates[far[0] + 1])
        raise PricesMissingError(
            f"There are no prices between {before} and {after}; {spacing.name} ones lie at most "
            f"{spacing.hole:g} days apart.",
            hint="Choose another window, repair the prices, or allow gaps in the run settings.",
        )


def gap_notes(dates: Days, spacing: Spacing) -> tuple[str, ...]:
    """A sentence for each two sessions of the window that lie too far apart."""
    return tuple(
        f"No prices between {_shown(dates[i])} and {_shown(dates[i + 1])}: the gap counts as one period."
        for i in holes(dates, spacing)
    )


def _long_hole(dates: Days, missing: NDArray[np.bool_], symbol: str, row: int, limit: int) -> PricesMissingError:
    begins = row
    while begins > 0 and missing[begins - 1]:
        begins -= 1
    later = np.flatnonzero(~missing[row:])
    ends = row + int(later[0]) - 1 if len(later) else len(dates) - 1
    unit = "session" if limit == 1 else "sessions"
    return PricesMissingError(
        f"{symbol} has no price from {_shown(dates[begins])} to {_shown(dates[ends])} "
        f"({ends - begins + 1} sessions); at most {limit} {unit} may be missing.",
        hint="Choose another window, or repair the prices.",
        subject=symbol,
    )


def _most(spacing: Spacing) -> int:
    return DAILY if spacing.name == "daily" else COARSE


def _shown(moment: np.datetime64) -> str:
    return day(moment.astype("datetime64[D]").item())
