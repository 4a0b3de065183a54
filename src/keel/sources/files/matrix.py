"""Prices out of a file become a matrix, however they were laid out: wide or long, CSV or parquet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.market.flaws import DateTwice, Flaw, UnfitPrice, find_flaw
from keel.domain.market.prices import PriceMatrix
from keel.domain.reading.place import Place
from keel.domain.reading.rows import require_distinct
from keel.domain.text import has_controls, plain, shown
from keel.errors import ImportFormatError
from keel.sources.files.columns import is_date

MOST_CELLS = 50_000_000  # 400 MB once they are prices
LONGEST_SYMBOL = 1_000


@dataclass(frozen=True, slots=True, eq=False)
class PriceFile:
    """What a price file holds: ``prices`` (n, k) as studies read them, and on the same dates what stands beside them.

    ``raw`` are the closes before adjustment, ``volume`` the units traded, NaN where there is none; None where the file
    has no such column. ``notes`` are sentences on how it was read.
    """

    prices: PriceMatrix
    raw: Floats | None = None
    volume: Floats | None = None
    notes: tuple[str, ...] = ()


class Measures(NamedTuple):
    """What rows of one price each say (n,): the price that studies read, and where known close and volume."""

    price: Floats
    raw: Floats | None = None
    volume: Floats | None = None


def require_symbols(header: Sequence[str], place: Place) -> tuple[str, ...]:
    """The symbols of a wide file's header, checked: first a date column, then one non-empty name each, none twice."""
    if header[0] and not is_date(header[0]):
        hint = "Put dates like 2026-06-30 in a first column named date, then one column for each symbol."
        raise replace(place, column=header[0]).error(f"the first column is {shown(header[0])}, it must be date.", hint)
    symbols = tuple(header[1:])
    if not symbols:
        raise place.error("there are no price columns beside the date.")
    if "" in symbols:
        raise place.error(f"column {symbols.index('') + 2} has no name.")
    for symbol in symbols:
        require_symbol(symbol, replace(place, column=symbol))
    require_distinct(symbols, place)
    return symbols


def require_symbol(symbol: str, place: Place) -> None:
    """Raise for what cannot be a symbol."""
    if len(symbol) > LONGEST_SYMBOL:
        raise Place(place.file, place.row, "symbol").error(f"a symbol has more than {LONGEST_SYMBOL:,} characters.")
    if has_controls(symbol):
        raise place.error("the symbol holds a control character.", "Write it again.")


def wide(days: Days, symbols: tuple[str, ...], closes: Floats, rows: Sequence[int], place: Place) -> PriceMatrix:
    """The matrix of ``closes`` (n, k) on ``days`` (n,) in any order; ``rows`` (n,) are the file's row numbers."""
    _require_prices(days, place)
    flaw = find_flaw(days, closes)
    if flaw is not None:
        raise _complaint(flaw, rows, place, symbols)
    if np.isnan(closes).all():
        raise place.error("there are dates but no prices.")
    return PriceMatrix(days, symbols, closes)


def long(days: Days, symbols: Sequence[str], given: Measures, rows: Sequence[int], place: Place) -> PriceFile:
    """The matrices of one price a row, all (n,); a symbol's date twice raises. Symbols keep their first order."""
    _require_prices(days, place)
    names = {symbol: k for k, symbol in enumerate(dict.fromkeys(symbols))}
    for symbol in names:
        require_symbol(symbol, Place(place.file, rows[symbols.index(symbol)] if has_controls(symbol) else 1, "symbol"))
    column = np.array([names[symbol] for symbol in symbols], dtype=np.int64)
    dates, row = np.unique(days, return_inverse=True)
    require_cells(len(dates), len(names), place)
    cell = row * len(names) + column
    first = np.unique(cell, return_index=True)[1]
    if first.size < cell.size:
        again = int(np.setdiff1d(np.arange(cell.size), first)[0])
        what = f"{plain(symbols[again])} has a price on {days[again]} already."
        raise Place(place.file, rows[again], "date").error(what, "Keep one of them.")

    def table(values: Floats) -> Floats:
        filled = np.full((len(dates), len(names)), np.nan)
        filled[row, column] = values
        return filled

    def filed(flaw: UnfitPrice) -> int:
        return rows[int(np.flatnonzero((row == flaw.row) & (column == flaw.column))[0])]

    prices, raw = table(given.price), None if given.raw is None else table(given.raw)
    for values in (prices, raw):
        flaw = None if values is None else find_flaw(dates, values)
        if isinstance(flaw, UnfitPrice):
            raise _complaint(flaw, [filed(flaw)] * len(dates), place, tuple(names))
    if np.isnan(prices).all():
        raise place.error("there are dates but no prices.")
    volume = None if given.volume is None else table(given.volume)
    return PriceFile(PriceMatrix(dates, tuple(names), prices), raw, volume)


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
