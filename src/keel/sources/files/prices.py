"""Prices out of a file: wide (`date` and a column a symbol) or long (`date,symbol,close`), CSV or parquet."""

from __future__ import annotations

import io
import math
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np

from keel.domain.market.prices import PriceMatrix
from keel.domain.reading.day import read_day
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Record, fitted, records, require_narrow, separator
from keel.domain.reading.text import decode
from keel.domain.reading.values import parse_number
from keel.domain.text import shown, tidy
from keel.sources.files.disk import PRICES_LIMIT, read_bytes
from keel.sources.files.matrix import CLOSES, is_long, long, require_cells, require_symbols, wide
from keel.sources.files.parquet import MAGIC, parquet_prices


def read_prices(path: Path, limit: int = PRICES_LIMIT) -> PriceMatrix:
    """The prices in a file, sorted by date; an empty cell is a price that is not there (NaN).

    Text, zero, a negative or infinite price, a date twice or unreadable, a column twice and a file without prices raise
    ImportFormatError with file, row (1 = first line) and column. Every number is read to its last digit.
    """
    data, place = read_bytes(path, limit), Place(path.name)
    return parquet_prices(data, place) if data.startswith(MAGIC) else csv_prices(decode(data, place), place)


def csv_prices(text: str, place: Place) -> PriceMatrix:
    """The prices in the text of a CSV file, wide or long."""
    lines = records(text, place)
    line, cells = next(lines, Record(1, []))
    header = [tidy(cell) for cell in cells]
    while header and not header[-1]:
        header.pop()  # a separator at the end of each line
    at = replace(place, row=line)
    require_narrow(header, at)
    if not header:
        raise at.error("there is no header.", "Name the columns in the first row: date, then the symbols.")
    rows = ((record.line, fitted(record, len(header), place)) for record in lines)
    decimal_comma = separator(text) == ";"  # such files may write 1,5 for 1.5
    if is_long(header):
        return _long(rows, header, at, decimal_comma)
    filled = sum(not line.isspace() for line in io.StringIO(text))
    require_cells(filled - 1, len(header) - 1, place)  # a short row becomes a full one
    return _wide(rows, header, at, decimal_comma)


def _wide(
    lines: Iterator[tuple[int, list[str]]], header: Sequence[str], place: Place, decimal_comma: bool
) -> PriceMatrix:
    symbols = require_symbols(header, place)
    days: list[date] = []
    rows: list[int] = []
    closes = array("d")
    for line, cells in lines:
        days.append(read_day(cells[0], Place(place.file, line, "date")))
        rows.append(line)
        closes.extend(_closes(cells[1:], symbols, place.file, line, decimal_comma))
    values = np.frombuffer(closes, dtype=np.float64).reshape(len(days), len(symbols))
    return wide(np.array(days, dtype="datetime64[D]"), symbols, values, rows, Place(place.file))


def _long(
    lines: Iterator[tuple[int, list[str]]], header: Sequence[str], place: Place, decimal_comma: bool
) -> PriceMatrix:
    lower = [column.lower() for column in header]
    at_close = next(lower.index(column) for column in CLOSES if column in lower)
    at_date, at_symbol = lower.index("date"), lower.index("symbol")
    days: list[date] = []
    symbols: list[str] = []
    closes = array("d")
    rows: list[int] = []
    known: dict[str, date] = {}  # a date comes once a symbol: looked up, it costs a tenth
    for line, cells in lines:
        text = cells[at_date]
        if not cells[at_symbol]:
            raise Place(place.file, line, "symbol").error("there is no symbol.")
        if text not in known:
            known[text] = read_day(text, Place(place.file, line, "date"))
        days.append(known[text])
        symbols.append(tidy(cells[at_symbol]))
        closes.extend(_closes([cells[at_close]], [header[at_close]], place.file, line, decimal_comma))
        rows.append(line)
    values = np.frombuffer(closes, dtype=np.float64)
    return long(np.array(days, dtype="datetime64[D]"), symbols, values, rows, Place(place.file))


def _closes(cells: list[str], columns: Sequence[str], file: str, line: int, decimal_comma: bool) -> list[float]:
    if "_" not in "".join(cells):  # Python reads 1_000, a file does not mean it
        try:
            return list(map(float, cells))  # a full row of numbers: four times as fast as cell by cell
        except ValueError:
            pass
    return [_close(cell, Place(file, line, c), decimal_comma) for c, cell in zip(columns, cells, strict=True)]


def _close(cell: str, place: Place, decimal_comma: bool) -> float:
    """The price in a cell, NaN where there is none; infinite ones are left to the matrix to refuse."""
    if not cell or cell.lower() == "nan":
        return math.nan
    close = math.nan if cell.endswith("%") else parse_number(cell, decimal_comma=decimal_comma)
    if math.isnan(close):
        raise place.error(f"{shown(cell)} is not a price.", "Write a number such as 101.25, or nothing.")
    return close
