"""Prices out of a file: wide (`date` and a column a symbol), long (`date,symbol,close`) or of one instrument that the
file is named after; CSV, parquet or XLSX."""

from __future__ import annotations

import io
import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from keel.domain.arrays import Days
from keel.domain.market.prices import PriceMatrix
from keel.domain.reading.day import DayForm, read_days
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Record, fitted, records, require_narrow, separator
from keel.domain.reading.text import decode
from keel.domain.reading.values import parse_number
from keel.domain.text import shown, tidy
from keel.sources.files.columns import Columns, find_columns, symbol_of
from keel.sources.files.decimals import Decimals
from keel.sources.files.disk import KINDS, PRICES_LIMIT, read_bytes
from keel.sources.files.matrix import MOST_CELLS, Measures, PriceFile, long, require_cells, require_symbols, wide
from keel.sources.files.parquet import MAGIC, parquet_prices
from keel.sources.sheets.xlsx import ZIPPED, sheet_of


def read_prices(path: Path, limit: int = PRICES_LIMIT) -> PriceMatrix:
    """The prices in a file as studies read them; see ``read_price_file``."""
    return read_price_file(path, path.name, limit).prices


def read_price_file(path: Path, name: str, limit: int = PRICES_LIMIT, dates: DayForm | None = None) -> PriceFile:
    """What a price file called ``name`` holds, sorted by date; an empty cell is a price that is not there (NaN).

    Text, zero, a negative or infinite price, a date twice or unreadable, a column twice and a file without prices raise
    ImportFormatError with file, row (1 = first line) and column. Every number is read to its last digit. ``dates`` is
    the form of dates that may begin with the day or with the month.
    """
    data, place = read_bytes(path, limit), Place(name)
    if data.startswith(MAGIC):
        return parquet_prices(data, place, dates)
    if data.startswith(ZIPPED):
        sheet = sheet_of(data, place)
        return replace(_prices(iter(sheet.rows), _Dates(dates), place, Decimals(False)), notes=sheet.notes)
    return csv_prices(decode(data, place, KINDS), place, dates)


def csv_prices(text: str, place: Place, dates: DayForm | None = None) -> PriceFile:
    """The prices in the text of a CSV file."""
    filled = sum(not line.isspace() for line in io.StringIO(text))
    return _prices(records(text, place), _Dates(dates), place, Decimals(separator(text) != ","), filled)


def _prices(lines: Iterator[Record], dates: _Dates, place: Place, decimals: Decimals, filled: int = 0) -> PriceFile:
    """The prices in the rows of a sheet, the header first; ``filled`` is how many of them there are, where known."""
    line, cells = next(lines, Record(1, []))
    header = header_of(cells, replace(place, row=line))
    rows = ((record.line, fitted(record, len(header), place)) for record in lines)
    columns = find_columns(header)
    if columns is not None:
        prices = _long(rows, header, columns, place, decimals, dates)
    else:
        require_cells(filled - 1, len(header) - 1, place)  # a short row becomes a full one
        prices = PriceFile(_wide(rows, header, replace(place, row=line), decimals, dates))
    decimals.require_clear(place)
    return prices


def header_of(cells: Iterable[str], place: Place) -> list[str]:
    """The names of the columns, without those that only a separator at the end of each line makes."""
    header = [tidy(cell) for cell in cells]
    while header and not header[-1]:
        header.pop()
    require_narrow(header, place)
    if not header:
        raise place.error("there is no header.", "Name the columns in the first row: date, then the symbols.")
    return header


@dataclass(slots=True)
class _Dates:
    """The dates of rows as they come in; a text that comes a hundred times is read once."""

    said: DayForm | None = None
    rows: array[int] = field(default_factory=lambda: array("q"))
    _known: dict[str, int] = field(default_factory=dict)  # a text's first row
    _codes: dict[str, int] = field(default_factory=dict)
    _which: array[int] = field(default_factory=lambda: array("q"))

    def add(self, text: str, row: int) -> None:
        """Takes the date of one row."""
        if text not in self._codes:
            self._codes[text], self._known[text] = len(self._codes), row
        self._which.append(self._codes[text])
        self.rows.append(row)

    def read(self, place: Place) -> Days:
        """The days (n,). Raises ImportFormatError with the row."""
        days = np.array(read_days(self._known, Place(place.file, column="date"), self.said), dtype="datetime64[D]")
        return days[np.frombuffer(self._which, dtype=np.int64)] if len(self.rows) else days


def _wide(
    lines: Iterator[tuple[int, list[str]]], header: Sequence[str], place: Place, decimals: Decimals, dates: _Dates
) -> PriceMatrix:
    symbols, closes = require_symbols(header, place), array("d")
    for line, cells in lines:
        dates.add(cells[0], line)
        closes.extend(_closes(cells[1:], symbols, Place(place.file, line), decimals))
        if len(closes) > MOST_CELLS:
            require_cells(len(dates.rows), len(symbols), Place(place.file))
    values = np.frombuffer(closes, dtype=np.float64).reshape(len(dates.rows), len(symbols))
    return wide(dates.read(place), symbols, values, dates.rows, Place(place.file))


def _long(
    lines: Iterator[tuple[int, list[str]]],
    header: Sequence[str],
    columns: Columns,
    place: Place,
    decimals: Decimals,
    dates: _Dates,
) -> PriceFile:
    asked = [n for n in (columns.price, columns.raw, columns.volume) if n is not None]
    names = [header[n] for n in asked]
    own, values = symbol_of(place.file), array("d")
    symbols: list[str] = []
    for line, cells in lines:
        symbol = own if columns.symbol is None else tidy(cells[columns.symbol])
        if not symbol:
            raise Place(place.file, line, "symbol").error("there is no symbol.")
        dates.add(cells[columns.date], line)
        symbols.append(symbol)
        values.extend(_closes([cells[n] for n in asked], names, Place(place.file, line), decimals))
    table = np.frombuffer(values, dtype=np.float64).reshape(len(symbols), len(asked))
    given = dict(zip(asked, table.T, strict=True))
    raw, volume = (None if n is None else given[n] for n in (columns.raw, columns.volume))
    if volume is not None and np.any(volume < 0):
        row = dates.rows[int(np.flatnonzero(volume < 0)[0])]
        raise Place(place.file, row, header[columns.volume or 0]).error("a volume below zero.")
    return long(dates.read(place), symbols, Measures(given[columns.price], raw, volume), dates.rows, Place(place.file))


def _closes(cells: list[str], columns: Sequence[str], place: Place, decimals: Decimals) -> list[float]:
    joined = "".join(cells)
    if "_" not in joined:  # Python reads 1_000, a file does not mean it
        try:
            values = list(map(float, cells))  # a full row of numbers: four times as fast as cell by cell
        except ValueError:
            pass
        else:
            decimals.see_points("." in joined, place)
            return values
    return [_close(cell, replace(place, column=c), decimals) for c, cell in zip(columns, cells, strict=True)]


def _close(cell: str, place: Place, decimals: Decimals) -> float:
    """The price in a cell, NaN where there is none; infinite ones are left to the matrix to refuse."""
    if not cell or cell.lower() == "nan":
        return math.nan
    close = math.nan if cell.endswith("%") else parse_number(cell, decimal_comma=decimals.comma)
    if math.isnan(close):
        raise place.error(f"{shown(cell)} is not a price.", "Write a number such as 101.25, or nothing.")
    decimals.see(cell, place)
    return close
