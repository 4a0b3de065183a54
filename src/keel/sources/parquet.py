"""Prices out of a parquet file, as data frames write them."""

from __future__ import annotations

import io
import json
from importlib import import_module
from typing import Any

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.market.prices import PriceMatrix
from keel.errors import ImportFormatError
from keel.sources.prices import CLOSES, assemble_wide, is_long, parse_day, pivot, require_symbols

CELL_LIMIT = 100_000_000  # 800 MB once in memory


def parquet_prices(data: bytes, name: str) -> PriceMatrix:
    """The prices in a parquet file, wide or long; the date may be a column or the frame's index.

    A row in a complaint counts from 1 = the first row of data.
    """
    table = _table(data, name)
    columns = _ordered(table, name)
    rows = range(1, table.num_rows + 1)
    if not is_long(columns):
        symbols = require_symbols(("date", *columns[1:]), name)
        days = _days(table.column(columns[0]), name)
        closes = [_numbers(table.column(column), column, name) for column in columns[1:]]
        return assemble_wide(days, np.column_stack(closes), symbols, name, rows)
    lower = {column.lower(): column for column in columns}
    close = next(lower[column] for column in CLOSES if column in lower)
    symbols = tuple(str(value) for value in table.column(lower["symbol"]).to_pylist())
    closes_long = _numbers(table.column(close), close, name)
    return pivot(_days(table.column(lower["date"]), name), symbols, closes_long, name, rows)


def _table(data: bytes, name: str) -> Any:
    pa: Any = import_module("pyarrow")
    pq: Any = import_module("pyarrow.parquet")
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        size = file.metadata.num_rows * file.metadata.num_columns
        if size > CELL_LIMIT:
            raise ImportFormatError(f"{name} has {size:,} cells, more than the {CELL_LIMIT:,} allowed.", subject=name)
        table = file.read()
        table.validate(full=True)  # damaged text would only fail later
        return table
    except (pa.ArrowException, OSError, ValueError, TypeError, MemoryError) as error:
        if isinstance(error, ImportFormatError):
            raise
        raise ImportFormatError(f"{name} is not a readable parquet file.", subject=name) from error


def _ordered(table: Any, name: str) -> list[str]:
    """The column names, the dates first: a column named date, else the index that the data frame was kept with."""
    names = [str(column) for column in table.column_names]
    twice = next((column for k, column in enumerate(names) if column in names[:k]), None)
    if twice is not None:
        raise ImportFormatError(f"{name} has the column {twice} twice.", column=twice, subject=name)
    index = _index_column(table)
    dates = next((column for column in names if column.lower() == "date"), index)
    if not dates:
        raise ImportFormatError(f"{name} has no column named date.", column="date", subject=name)
    return [dates, *(column for column in names if column not in (dates, index))]


def _index_column(table: Any) -> str:
    pandas = (table.schema.metadata or {}).get(b"pandas", b"{}")
    try:
        index = json.loads(pandas).get("index_columns", [])
    except ValueError:
        return ""
    return index[0] if len(index) == 1 and isinstance(index[0], str) and index[0] in table.column_names else ""


def _days(column: Any, name: str) -> Days:
    pa: Any = import_module("pyarrow")
    if column.null_count:
        row = column.is_null().to_pylist().index(True) + 1
        raise ImportFormatError(f"{name}, row {row}, has no date.", row=row, column="date", subject=name)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        days = [parse_day(text, row, name) for row, text in enumerate(column.to_pylist(), start=1)]
        return np.array(days, dtype="datetime64[D]")
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return column.to_numpy().astype("datetime64[D]")  # type: ignore[no-any-return]  # pyarrow has no types
    raise ImportFormatError(f"{name}: the date column holds {column.type}, not dates.", column="date", subject=name)


def _numbers(column: Any, name_of_column: str, name: str) -> Floats:
    pa: Any = import_module("pyarrow")
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan)
    message = f"{name}, row 1, column {name_of_column} holds {kind}, not prices."
    raise ImportFormatError(message, row=1, column=name_of_column, subject=name)
