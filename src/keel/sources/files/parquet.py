"""Prices out of a parquet file, as data frames write them."""

from __future__ import annotations

import io
import json
from importlib import import_module
from typing import Any

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.market.prices import PriceMatrix
from keel.domain.reading.place import Place
from keel.domain.reading.rows import require_distinct
from keel.domain.reading.values import read_day
from keel.errors import ImportFormatError
from keel.sources.files.matrix import CLOSES, is_long, long, require_symbols, wide

MAGIC = b"PAR1"
CELL_LIMIT = 100_000_000  # 800 MB once in memory


def parquet_prices(data: bytes, place: Place) -> PriceMatrix:
    """The prices in a parquet file, wide or long; the date may be a column or the frame's index.

    A row in a complaint counts from 1 = the first row of data.
    """
    table = _table(data, place)
    columns = _ordered(table, place)
    rows = range(1, table.num_rows + 1)
    if not is_long(columns):
        symbols = require_symbols(("date", *columns[1:]), Place(place.file, 1))
        closes = [_numbers(table.column(column), Place(place.file, 1, column)) for column in columns[1:]]
        return wide(_days(table.column(columns[0]), place), symbols, np.column_stack(closes), rows, place)
    lower = {column.lower(): column for column in columns}
    close = next(lower[column] for column in CLOSES if column in lower)
    symbols = tuple(str(value) for value in table.column(lower["symbol"]).to_pylist())
    prices = _numbers(table.column(close), Place(place.file, 1, close))
    return long(_days(table.column(lower["date"]), place), symbols, prices, rows, place)


def _table(data: bytes, place: Place) -> Any:
    pa: Any = import_module("pyarrow")
    pq: Any = import_module("pyarrow.parquet")
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        size = file.metadata.num_rows * file.metadata.num_columns
        if size > CELL_LIMIT:
            raise place.error(f"it has {size:,} cells, more than the {CELL_LIMIT:,} that can be read.")
        table = file.read()
        table.validate(full=True)  # damaged text would only fail later
        return table
    except (pa.ArrowException, OSError, ValueError, TypeError, MemoryError) as error:
        if isinstance(error, ImportFormatError):
            raise
        raise place.error("this is not a readable parquet file.") from error


def _ordered(table: Any, place: Place) -> list[str]:
    """The column names, the dates first: a column named date, else the index that the data frame was kept with."""
    names = [str(column) for column in table.column_names]
    require_distinct(names, place)
    index = _index_column(table)
    dates = next((column for column in names if column.lower() == "date"), index)
    if not dates:
        raise Place(place.file, column="date").error("there is no column of that name.")
    return [dates, *(column for column in names if column not in (dates, index))]


def _index_column(table: Any) -> str:
    pandas = (table.schema.metadata or {}).get(b"pandas", b"{}")
    try:
        index = json.loads(pandas).get("index_columns", [])
    except ValueError:
        return ""
    return index[0] if len(index) == 1 and isinstance(index[0], str) and index[0] in table.column_names else ""


def _days(column: Any, place: Place) -> Days:
    pa: Any = import_module("pyarrow")
    if column.null_count:
        row = column.is_null().to_pylist().index(True) + 1
        raise Place(place.file, row, "date").error("there is no date.")
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        days = [read_day(text, Place(place.file, row, "date")) for row, text in enumerate(column.to_pylist(), start=1)]
        return np.array(days, dtype="datetime64[D]")
    if pa.types.is_date(column.type) or pa.types.is_timestamp(column.type):
        return column.to_numpy().astype("datetime64[D]")  # type: ignore[no-any-return]  # pyarrow has no types
    raise Place(place.file, column="date").error(f"it holds {column.type}, not dates.")


def _numbers(column: Any, place: Place) -> Floats:
    pa: Any = import_module("pyarrow")
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return np.asarray(column.cast(pa.float64()).to_numpy(), dtype=np.float64)
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan)
    raise place.error(f"it holds {kind}, not prices.")
