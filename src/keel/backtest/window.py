"""The window of a study: the sessions its instruments share, every close present."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from keel.backtest.spacing import Spacing, holes, periods_per_year, spacing_of
from keel.domain.arrays import Days, Floats
from keel.domain.market.prices import CASH, PriceMatrix
from keel.errors import HistoryTooShortError, PricesMissingError
from keel.units import CARRIED_SESSIONS, day

EPOCH = date(1970, 1, 1).toordinal()
DAILY_HOLE, COARSE_HOLE = CARRIED_SESSIONS, 1  # sessions a missing close is carried


@dataclass(frozen=True, slots=True)
class Window:
    """Closes without holes: ``dates`` (n,) ascending, ``closes`` (n, k) positive, one column per symbol."""

    dates: Days
    symbols: tuple[str, ...]
    closes: Floats
    frequency: str
    periods_per_year: float
    notes: tuple[str, ...]

    def column(self, symbol: str) -> Floats:
        """The closes (n,) of one symbol."""
        return self.closes[:, self.symbols.index(symbol)]


def align(
    prices: PriceMatrix,
    symbols: Sequence[str],
    start: date | None = None,
    end: date | None = None,
    *,
    allow_gaps: bool = False,
) -> Window:
    """The window of ``symbols`` (each once, order kept) from ``start`` to ``end``, both snapped inwards to sessions.

    A session is a date on which any of them has a close. Without start and end the window is the longest in which each
    has one. Holes of at most 5 daily sessions (1 period on coarser data) are carried forward and noted; a longer one,
    a start before an instrument exists or a symbol without any price is a PricesMissingError; fewer than 2 sessions a
    HistoryTooShortError. So is a stretch without any session that is longer than its ``Spacing`` allows, unless
    ``allow_gaps`` reads on and notes it. CASH is 1 throughout unless the matrix has a column of that name.
    """
    names = tuple(dict.fromkeys(symbols))
    dates, closes = _sessions(prices, names, allow_gaps)
    if len(dates) < 2:
        raise HistoryTooShortError(f"A backtest needs at least 2 sessions; the prices have {len(dates)}.")
    spacing = spacing_of(dates)
    _require_order(start, end, dates[-1])
    first, last = _bounds(dates, closes, names, start, end, spacing.slack)
    if last - first < 1:
        raise HistoryTooShortError(
            f"A backtest needs at least 2 sessions; between {_shown(start or dates[first])} and "
            f"{_shown(end or dates[last])} the {spacing.name} prices have fewer."
        )
    limit = DAILY_HOLE if spacing.name == "daily" else COARSE_HOLE
    filled, carried = _carry(dates, closes, names, first, last, limit)
    inside = dates[first : last + 1].copy()
    gaps = _gap_notes(inside, spacing) if allow_gaps else ()
    if not allow_gaps:
        _require_no_gap(inside, spacing)
    periods, unusual = periods_per_year(inside)
    notes = (*_snapped(start, end, dates[first], dates[last]), *carried, *gaps, *((unusual,) if unusual else ()))
    return Window(inside, names, np.ascontiguousarray(filled[first : last + 1]), spacing.name, periods, notes)


def fingerprint(window: Window) -> str:
    """Sixteen hex digits that change when a date, symbol or close of the window does."""
    digest = hashlib.sha256("\n".join(window.symbols).encode())
    digest.update(window.dates.astype("datetime64[D]").astype(np.int64).tobytes())
    digest.update(np.ascontiguousarray(window.closes, dtype=np.float64).tobytes())
    return digest.hexdigest()[:16]


def to_date(moment: np.datetime64) -> date:
    """The calendar date of a datetime64."""
    return date.fromordinal(int(moment.astype("datetime64[D]").astype(np.int64)) + EPOCH)


def to_dates(moments: Days) -> list[date]:
    """The calendar dates (n) of an array of datetime64."""
    return [date.fromordinal(n + EPOCH) for n in moments.astype("datetime64[D]").astype(np.int64).tolist()]


def _sessions(prices: PriceMatrix, names: tuple[str, ...], allow_gaps: bool) -> tuple[Days, Floats]:
    """The dates on which any of ``names`` has a close, ascending, and the closes with NaN for holes."""
    columns = {symbol: i for i, symbol in enumerate(prices.symbols)}
    for symbol in names:
        if symbol not in columns and symbol != CASH:
            raise PricesMissingError(f"There are no prices for {symbol}.", subject=symbol)
    dates = prices.dates.astype("datetime64[D]")
    closes = np.ones((len(dates), len(names)))
    for j, symbol in enumerate(names):
        if symbol in columns:
            closes[:, j] = prices.closes[:, columns[symbol]]
    priced = [j for j, symbol in enumerate(names) if symbol in columns]
    if priced:
        known = np.asarray(~np.isnan(closes[:, priced]).all(axis=1), dtype=np.bool_)
        if not allow_gaps:
            _require_no_blank_stretch(dates, known, names[priced[0]])
        dates, closes = dates[known], closes[known]
    return dates, closes


def _require_no_blank_stretch(dates: Days, known: NDArray[np.bool_], symbol: str) -> None:
    """Rows without any close are no sessions, unless so many follow each other that the series has a hole."""
    rows = np.flatnonzero(known)
    if len(rows) < 3:
        return
    gaps = np.diff(dates[rows]).astype(np.int64)
    limit = DAILY_HOLE if spacing_of(dates[rows]).name == "daily" else COARSE_HOLE
    # Monthly closes among daily rows leave blank rows at every step: only a step much longer than usual is a hole.
    long = (np.diff(rows) - 1 > limit) & (gaps > (limit + 1.5) * np.median(gaps))
    if long.any():
        row = int(rows[int(np.argmax(long))]) + 1
        raise _long_hole(dates, ~known, symbol, row, limit)


def _require_no_gap(dates: Days, spacing: Spacing) -> None:
    """Raises for two sessions of the window that lie too far apart: nothing tells what happened between them."""
    far = holes(dates, spacing)
    if len(far):
        before, after = _shown(dates[far[0]]), _shown(dates[far[0] + 1])
        raise PricesMissingError(
            f"There are no prices between {before} and {after}; {spacing.name} ones lie at most "
            f"{spacing.hole:g} days apart.",
            hint="Choose another window, repair the prices, or allow gaps in the run settings.",
        )


def _gap_notes(dates: Days, spacing: Spacing) -> tuple[str, ...]:
    return tuple(
        f"No prices between {day(to_date(dates[i]))} and {day(to_date(dates[i + 1]))}: the gap counts as one period."
        for i in holes(dates, spacing)
    )


def _require_order(start: date | None, end: date | None, last: np.datetime64) -> None:
    """Raise when the start lies after the end, or after every price."""
    if start is not None and end is not None and start > end:
        raise HistoryTooShortError(f"The start {_shown(start)} lies after the end {_shown(end)}.", hint="Swap them.")
    if start is not None and start > to_date(last):
        raise HistoryTooShortError(
            f"The start {_shown(start)} lies after the last price, {_shown(last)}.", hint="Start earlier."
        )


def _bounds(
    dates: Days, closes: Floats, names: tuple[str, ...], start: date | None, end: date | None, slack: int
) -> tuple[int, int]:
    """The first and last row of the window."""
    firsts, lasts = _extent(closes, names)
    first, last = max(firsts), min(lasts)
    if start is not None:
        first = int(np.searchsorted(dates, np.datetime64(start, "D")))
        late = int(np.argmax(firsts))
        begins = dates[firsts[late]]
        if firsts[late] > first or begins - np.datetime64(start, "D") > np.timedelta64(slack, "D"):
            raise PricesMissingError(
                f"{names[late]} has no price before {_shown(begins)}, but the study starts on {_shown(start)}.",
                hint="Start later, or extend the history with a proxy.",
                subject=names[late],
            )
    if end is not None:
        last = int(np.searchsorted(dates, np.datetime64(end, "D"), side="right")) - 1
    if last < first and start is None and end is None:
        late, early = int(np.argmax(firsts)), int(np.argmin(lasts))
        raise HistoryTooShortError(
            f"{names[late]} starts on {_shown(dates[firsts[late]])}, after {names[early]} ends on "
            f"{_shown(dates[lasts[early]])}: they share no session.",
            subject=names[late],
        )
    return first, min(last, len(dates) - 1)


def _extent(closes: Floats, names: tuple[str, ...]) -> tuple[list[int], list[int]]:
    """The first and last row with a close, by symbol."""
    firsts, lasts = [], []
    for j, symbol in enumerate(names):
        rows = np.flatnonzero(~np.isnan(closes[:, j]))
        if not len(rows):
            raise PricesMissingError(f"There are no prices for {symbol}.", subject=symbol)
        firsts.append(int(rows[0]))
        lasts.append(int(rows[-1]))
    return firsts, lasts


def _carry(
    dates: Days, closes: Floats, names: tuple[str, ...], first: int, last: int, limit: int
) -> tuple[Floats, tuple[str, ...]]:
    """The closes with short holes carried forward, and a note for each symbol that had one."""
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
        begins = day(to_date(dates[first + where]))
        notes.append(f"{symbol}: {count} missing {closes_word} carried forward, the first on {begins}.")
    return filled, tuple(notes)


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


def _snapped(start: date | None, end: date | None, first: np.datetime64, last: np.datetime64) -> tuple[str, ...]:
    notes = []
    if start is not None and to_date(first) != start:
        notes.append(f"The study starts on {day(to_date(first))}, the first session from {day(start)} on.")
    if end is not None and to_date(last) != end:
        notes.append(f"The study ends on {day(to_date(last))}, the last session up to {day(end)}.")
    return tuple(notes)


def _shown(moment: np.datetime64 | date) -> str:
    return day(moment if isinstance(moment, date) else to_date(moment))
