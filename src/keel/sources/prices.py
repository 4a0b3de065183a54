"""Prices out of a file: wide (`date` and a column a symbol) or long (`date,symbol,close`), CSV or parquet."""

from __future__ import annotations

import csv
import io
import re
from array import array
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.market.prices import PriceMatrix
from keel.errors import ImportFormatError
from keel.sources.text import PRICES_LIMIT, decode, read_bytes, separator

PARQUET = b"PAR1"
ZIP = b"PK\x03\x04"
DATE = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})(?:[T ].*)?")
DECIMAL_COMMA = re.compile(r"(?<=\d),(?=\d+\s*(?:;|$))", re.MULTILINE)
CLOSES = ("close", "adj_close", "adj close", "price")


def read_prices(path: Path, limit: int = PRICES_LIMIT) -> PriceMatrix:
    """The prices in a file, sorted by date; an empty cell is a price that is not there (NaN).

    Text, zero, a negative or infinite price, a date twice or unreadable, a column twice and a file without prices raise
    ImportFormatError with file, row (1 = first line) and column. Every number is read to its last digit.
    """
    data = read_bytes(path, limit)
    if data.startswith(PARQUET):
        from keel.sources.parquet import parquet_prices

        return parquet_prices(data, path.name)
    if data.startswith(ZIP):
        raise ImportFormatError(f"{path.name} is a workbook or an archive: save it as CSV.", subject=path.name)
    return csv_prices(decode(data, path.name), path.name)


def csv_prices(text: str, name: str) -> PriceMatrix:
    """The prices in the text of a CSV file, wide or long; ``name`` stands in complaints."""
    mark = separator(text)
    if mark == ";":  # such files may write 1,5 for 1.5
        text = DECIMAL_COMMA.sub(".", text)
    lines = _lines(text, mark, name)
    _, header = next(lines, (0, []))
    if not header:
        raise ImportFormatError(f"{name} has no header.", row=1, subject=name)
    if is_long(header):
        return _long(lines, header, name)
    symbols = require_symbols(header, name)
    days: list[date] = []
    rows: list[int] = []
    closes = array("d")
    for number, cells in lines:
        days.append(parse_day(cells[0], number, name))
        rows.append(number)
        closes.extend(_row(cells, number, symbols, name))
    values = np.frombuffer(closes, dtype=np.float64).reshape(len(days), len(symbols)) if days else np.empty((0, 0))
    return assemble_wide(np.array(days, dtype="datetime64[D]"), values, symbols, name, rows)


def assemble_wide(days: Days, closes: Floats, symbols: tuple[str, ...], name: str, rows: Sequence[int]) -> PriceMatrix:
    """The checked and sorted matrix; ``rows`` are the file's row numbers for complaints."""
    if not len(days):
        raise ImportFormatError(f"{name} has a header but no prices.", row=1, subject=name)
    for wrong, what in ((np.isinf(closes), "an infinite price"), (closes <= 0, "a price of zero or less")):
        if wrong.any():
            i, j = (int(k) for k in np.argwhere(wrong)[0])
            raise complaint(name, rows[i], symbols[j], f"has {what}: {closes[i, j]:g}")
    if np.isnan(closes).all():
        raise ImportFormatError(f"{name} has dates but no prices.", subject=name)
    order = np.argsort(days, kind="stable")
    ordered = days[order]
    again = np.flatnonzero(ordered[1:] == ordered[:-1])
    if again.size:
        first, second = (rows[int(order[again[0] + k])] for k in (0, 1))
        message = f"{name} has the date {ordered[again[0]]} twice, in rows {first} and {second}."
        raise ImportFormatError(message, row=second, column="date", subject=name, hint="Keep one of them.")
    return PriceMatrix(ordered, symbols, np.ascontiguousarray(closes[order]))


def is_long(header: Sequence[str]) -> bool:
    """True for a file of rows `date, symbol, close` in any order of columns."""
    lower = [column.lower() for column in header]
    return "date" in lower and "symbol" in lower and any(column in lower for column in CLOSES)


def require_symbols(header: Sequence[str], name: str) -> tuple[str, ...]:
    """The symbols of a wide file's header, checked: first a date column, then one non-empty name each, none twice."""
    if header[0].lower() not in ("date", ""):
        raise ImportFormatError(
            f"{name}: the first column is {header[0][:40]!r}, it must be date.",
            row=1,
            column=header[0],
            subject=name,
            hint="Put dates like 2026-06-30 in a first column named date, then one column for each symbol.",
        )
    symbols = tuple(header[1:])
    if not symbols:
        raise ImportFormatError(f"{name} has no price columns beside the date.", row=1, subject=name)
    for index, symbol in enumerate(symbols):
        if not symbol:
            raise ImportFormatError(f"{name}: column {index + 2} has no name.", row=1, subject=name)
    if len(set(symbols)) < len(symbols):
        twice = next(symbol for index, symbol in enumerate(symbols) if symbol in symbols[:index])
        raise ImportFormatError(f"{name} has the column {twice} twice.", row=1, column=twice, subject=name)
    return symbols


def parse_day(text: str, row: int, name: str) -> date:
    """The day in a cell, year first; a time after it is dropped."""
    match = DATE.fullmatch(text)
    try:
        if match:
            return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        pass
    what = f"holds {text[:40]!r}, not a date like 2026-06-30" if text else "has no date"
    raise complaint(name, row, "date", what)


def complaint(name: str, row: int, column: str, what: str) -> ImportFormatError:
    """One sentence that names file, row and column."""
    return ImportFormatError(f"{name}, row {row}, column {column} {what}.", row=row, column=column, subject=name)


def _lines(text: str, mark: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that is not blank, with its number; all have as many cells as the header."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    width = 0
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if not any(cells):
                continue
            if not width:
                while cells and not cells[-1]:
                    cells.pop()  # a separator at the end of each line
                cells = [" ".join(cell.split()) for cell in cells]
                width = len(cells)
            if len(cells) > width and any(cells[width:]):
                message = f"{name}, row {reader.line_num}, has {len(cells)} cells, more than the {width} columns."
                raise ImportFormatError(message, row=reader.line_num, subject=name)
            yield reader.line_num, cells[:width] + [""] * (width - len(cells))
    except csv.Error as error:
        message = f"{name}, row {reader.line_num}, cannot be read as CSV: {error}."
        raise ImportFormatError(message, row=reader.line_num, subject=name) from error


def _row(cells: list[str], number: int, symbols: Sequence[str], name: str) -> list[float]:
    prices = cells[1:]
    if "_" not in "".join(prices):
        try:
            return list(map(float, prices))  # a full row of numbers: four times as fast as cell by cell
        except ValueError:
            pass
    return [_require_price(cell, number, symbol, name) for symbol, cell in zip(symbols, prices, strict=True)]


def _require_price(cell: str, row: int, column: str, name: str) -> float:
    if not cell:
        return np.nan
    try:
        if "_" not in cell:  # Python reads 1_000, a file does not mean it
            return float(cell)
    except ValueError:
        pass
    raise complaint(name, row, column, f"holds {cell[:40]!r}, not a price")


def _long(lines: Iterator[tuple[int, list[str]]], header: Sequence[str], name: str) -> PriceMatrix:
    lower = [column.lower() for column in header]
    at_close = next(lower.index(column) for column in CLOSES if column in lower)
    at_date, at_symbol = lower.index("date"), lower.index("symbol")
    days: list[date] = []
    symbols: list[str] = []
    closes: list[float] = []
    rows: list[int] = []
    for number, cells in lines:
        if not cells[at_symbol]:
            raise complaint(name, number, "symbol", "is empty")
        days.append(parse_day(cells[at_date], number, name))
        symbols.append(" ".join(cells[at_symbol].split()))
        closes.append(_require_price(cells[at_close], number, header[at_close], name))
        rows.append(number)
    return pivot(np.array(days, dtype="datetime64[D]"), symbols, np.array(closes, dtype=np.float64), name, rows)


def pivot(days: Days, symbols: Sequence[str], closes: Floats, name: str, rows: Sequence[int]) -> PriceMatrix:
    """The wide matrix of long rows; a symbol's date twice raises with its row. Symbols keep their first order."""
    columns = {symbol: k for k, symbol in enumerate(dict.fromkeys(symbols))}
    column = np.array([columns[symbol] for symbol in symbols], dtype=np.int64)
    dates, at = np.unique(days, return_inverse=True)
    cell = at * len(columns) + column
    first = np.unique(cell, return_index=True)[1]
    if first.size < cell.size:
        again = int(np.setdiff1d(np.arange(cell.size), first)[0])
        message = f"{name}, row {rows[again]}, has {symbols[again]} on {days[again]} a second time."
        raise ImportFormatError(message, row=rows[again], column="date", subject=name, hint="Keep one of them.")
    for wrong, what in ((np.isinf(closes), "an infinite price"), (closes <= 0, "a price of zero or less")):
        if wrong.any():
            i = int(np.flatnonzero(wrong)[0])
            raise complaint(name, rows[i], symbols[i], f"has {what}: {closes[i]:g}")
    wide = np.full((len(dates), len(columns)), np.nan)
    wide[at, column] = closes
    return assemble_wide(dates, wide, tuple(columns), name, range(len(dates)))
