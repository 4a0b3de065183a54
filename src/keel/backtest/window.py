"""The window of a study: the sessions its instruments share, every close present."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from keel.backtest.holes import carry, gap_notes, require_no_blank_stretch, require_no_gap
from keel.backtest.spacing import periods_per_year, spacing_of
from keel.domain.arrays import Days, Floats
from keel.domain.market.prices import CASH, PriceMatrix
from keel.errors import HistoryTooShortError, PricesMissingError
from keel.units import day

EPOCH = date(1970, 1, 1).toordinal()


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
    filled, carried = carry(dates, closes, names, first, last, spacing)
    inside = dates[first : last + 1].copy()
    gaps = gap_notes(inside, spacing) if allow_gaps else ()
    if not allow_gaps:
        require_no_gap(inside, spacing)
    periods, unusual = periods_per_year(inside)
    notes = (*_snapped(start, end, dates[first], dates[last]), *carried, *gaps, *((unusual,) if unusual else ()))
    return Window(inside, names, np.ascontiguousarray(filled[first : last + 1]), spacing.name, periods, notes)


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
            require_no_blank_stretch(dates, known, names[priced[0]])
        dates, closes = dates[known], closes[known]
    return dates, closes


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


def _snapped(start: date | None, end: date | None, first: np.datetime64, last: np.datetime64) -> tuple[str, ...]:
    notes = []
    if start is not None and to_date(first) != start:
        notes.append(f"The study starts on {day(to_date(first))}, the first session from {day(start)} on.")
    if end is not None and to_date(last) != end:
        notes.append(f"The study ends on {day(to_date(last))}, the last session up to {day(end)}.")
    return tuple(notes)


def _shown(moment: np.datetime64 | date) -> str:
    return day(moment if isinstance(moment, date) else to_date(moment))
