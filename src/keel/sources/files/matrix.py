"""Prices out of a file become a matrix, however they were laid out: wide or long, CSV or parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.market.flaws import DateTwice, Flaw, UnfitPrice, find_flaw
from keel.domain.market.prices import PriceMatrix
from keel.domain.reading.place import Place
from keel.domain.reading.rows import require_distinct
from keel.domain.text import plain, shown
from keel.errors import ImportFormatError

CLOSES = ("close", "adj_close", "adj close", "price")
MOST_CELLS = 50_000_000  # 400 MB once they are prices


def is_long(header: Sequence[str]) -> bool:
    """True for a file of rows `date, symbol, close` in any order of columns."""
    lower = [column.lower() for column in header]
    return "date" in lower and "symbol" in lower and any(column in lower for column in CLOSES)


def require_symbols(header: Sequence[str], place: Place) -> tuple[str, ...]:
    """The symbols of a wide file's header, checked: first a date column, then one non-empty name each, none twice."""
    if header[0].lower() not in ("date", ""):
        hint = "Put dates like 2026-06-30 in a first column named date, then one column for each symbol."
        raise replace(place, column=header[0]).error(f"the first column is {shown(header[0])}, it must be date.", hint)
    symbols = tuple(header[1:])
    if not symbols:
        raise place.error("there are no price columns beside the date.")
    if "" in symbols:
        raise place.error(f"column {symbols.index('') + 2} has no name.")
    require_distinct(symbols, place)
    return symbols


def wide(days: Days, symbols: tuple[str, ...], closes: Floats, rows: Sequence[int], place: Place) -> PriceMatrix:
    """The matrix of ``closes`` (n, k) on ``days`` (n,) in any order; ``rows`` (n,) are the file's row numbers."""
    _require_prices(days, place)
    flaw = find_flaw(days, closes)
    if flaw is not None:
        raise _complaint(flaw, rows, place, symbols)
    if np.isnan(closes).all():
        raise place.error("there are dates but no prices.")
    return PriceMatrix(days, symbols, closes)


def long(days: Days, symbols: Sequence[str], closes: Floats, rows: Sequence[int], place: Place) -> PriceMatrix:
    """The matrix of one close a row, all (n,); a symbol's date twice raises. Symbols keep their first order."""
    _require_prices(days, place)
    names = {symbol: k for k, symbol in enumerate(dict.fromkeys(symbols))}
    column = np.array([names[symbol] for symbol in symbols], dtype=np.int64)
    dates, row = np.unique(days, return_inverse=True)
    require_cells(len(dates), len(names), place)
    cell = row * len(names) + column
    first = np.unique(cell, return_index=True)[1]
    if first.size < cell.size:
        again = int(np.setdiff1d(np.arange(cell.size), first)[0])
        what = f"{plain(symbols[again])} has a price on {days[again]} already."
        raise Place(place.file, rows[again], "date").error(what, "Keep one of them.")
    table = np.full((len(dates), len(names)), np.nan)
    table[row, column] = closes
    flaw = find_flaw(dates, table)
    if isinstance(flaw, UnfitPrice):
        filed = rows[int(np.flatnonzero((row == flaw.row) & (column == flaw.column))[0])]
        raise _complaint(flaw, [filed] * len(dates), place, tuple(names))
    if np.isnan(table).all():
        raise place.error("there are dates but no prices.")
    return PriceMatrix(dates, tuple(names), table)


def require_cells(days: int, symbols: int, place: Place) -> None:
    """Raise when a matrix of prices would be larger than can be held, however few of its cells are filled."""
    if days * symbols > MOST_CELLS:
        what = f"{days:,} dates of {symbols:,} symbols make more than the {MOST_CELLS:,} prices that can be read."
        raise place.error(what, "Split it into smaller files.")


def _require_prices(days: Days, place: Place) -> None:
    if not len(days):
        raise Place(place.file, 1).error("there is a header but no prices.")


def _complaint(flaw: Flaw, rows: Sequence[int], place: Place, symbols: Sequence[str]) -> ImportFormatError:
    match flaw:
        case DateTwice():
            what = f"the date {flaw.day} is in row {rows[flaw.first]} already."
            return Place(place.file, rows[flaw.row], "date").error(what, "Keep one of them.")
        case UnfitPrice():
            what = "an infinite price" if np.isinf(flaw.close) else "a price of zero or less"
            return Place(place.file, rows[flaw.row], symbols[flaw.column]).error(f"{what}: {flaw.close:g}.")
