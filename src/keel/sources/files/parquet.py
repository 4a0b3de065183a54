"""Prices, or any table, out of a parquet file as data frames write them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any, TypeVar

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.reading.day import DayForm, read_days
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Record, require_distinct, require_narrow
from keel.errors import ImportFormatError
from keel.sources.files.cells import as_text
from keel.sources.files.columns import Columns, find_columns, is_date, symbol_of
from keel.sources.files.matrix import LONGEST_SYMBOL, Measures, PriceFile, long, require_symbols, wide

T = TypeVar("T")

MAGIC = b"PAR1"
AT_ONCE = 4_096  # rows that are cells at one time
CELL_LIMIT = 100_000_000  # 800 MB once in memory
DECODED_LIMIT = 1_000_000_000  # bytes that the pages may say they have
TEXT = "BYTE_ARRAY"
PREFIXES = "DELTA_BYTE_ARRAY"  # a text is what it shares with the one before, and the rest: it may grow a millionfold


def parquet_prices(data: bytes, place: Place, dates: DayForm | None = None) -> PriceFile:
    """The prices in a parquet file; the date may be a column or the frame's index.

    A row in a complaint counts from 1 = the first row of data.
    """
    return _understood(lambda: _prices(data, place, dates), place)


def parquet_rows(data: bytes, place: Place) -> Iterator[Record]:
    """The rows of a parquet file as text cells, the header first; an index that a data frame had is a column.

    A row in a complaint counts from 1 = the first row of data.
    """
    header, table = _understood(lambda: _whole(data, place), place)
    yield Record(0, header)
    rows = (row for batch in table.to_batches(AT_ONCE) for row in zip(*batch.to_pydict().values(), strict=True))
    for n, row in enumerate(rows, start=1):
        yield Record(n, [as_text(value) for value in row])


def _whole(data: bytes, place: Place) -> tuple[list[str], Any]:
    file: Any = import_module("pyarrow.parquet").ParquetFile(io.BytesIO(data))
    header = [str(column) for column in file.schema_arrow.names]
    require_narrow(header, place)
    require_distinct(header, place)
    return header, _table(data, header, _require_bearable(file, header, place))


def _understood(read: Callable[[], T], place: Place) -> T:
    """What is read; raises ImportFormatError for what is no parquet file."""
    pa: Any = import_module("pyarrow")
    try:
        return read()
    except ImportFormatError:
        raise
    except (pa.ArrowException, OSError, ValueError, TypeError, MemoryError) as error:
        raise place.error("this is not a readable parquet file.") from error


def _prices(data: bytes, place: Place, said: DayForm | None) -> PriceFile:
    file: Any = import_module("pyarrow.parquet").ParquetFile(io.BytesIO(data))
    header = _ordered(file.schema_arrow, place)
    columns = find_columns(("date", *header[1:]))
    if columns is not None:
        wanted = (columns.date, columns.symbol, columns.price, columns.raw, columns.volume)
        header = [header[n] for n in wanted if n is not None]
    table = _table(data, header, _require_bearable(file, header, place))
    rows = range(1, table.num_rows + 1)
    if columns is not None:
        return _long(table, columns, rows, place, said)
    days = _days(table.column(header[0]), place, said)
    symbols = require_symbols(("date", *header[1:]), Place(place.file, 1))
    closes = [_numbers(table.column(column), Place(place.file, 1, column)) for column in header[1:]]
    return PriceFile(wide(days, symbols, np.column_stack(closes), rows, place))


def _long(table: Any, columns: Columns, rows: Sequence[int], place: Place, said: DayForm | None) -> PriceFile:
    """The prices of a table whose columns are those asked for, in their order."""
    names = iter(table.column_names)
    days = _days(table.column(next(names)), place, said)
    own = [symbol_of(place.file)] * table.num_rows
    symbols = own if columns.symbol is None else _symbols(table.column(next(names)), place)
    told: list[Floats | None] = []
    for position in (columns.price, columns.raw, columns.volume):
        name = None if position is None else next(names)
        told.append(None if name is None else _numbers(table.column(name), Place(place.file, 1, name)))
    price, raw, volume = told
    return long(days, symbols, Measures(np.empty(0) if price is None else price, raw, volume), rows, place)


def _require_bearable(file: Any, columns: Sequence[str], place: Place) -> list[str]:
    """The columns of text; raises for a file that would become too large, before any of it is decoded."""
    about = file.metadata
    size = about.num_rows * len(columns)
    if size > CELL_LIMIT:
        raise place.error(f"it has {size:,} cells, more than the {CELL_LIMIT:,} that can be read.")
    decoded = sum(about.row_group(g).total_byte_size for g in range(about.num_row_groups))
    if decoded > DECODED_LIMIT:
        most = f"more than the {DECODED_LIMIT / 1e6:,.0f} MB that can be read"
        raise place.error(f"it holds {decoded / 1e6:,.0f} MB once unpacked, {most}.")
    paths = [file.schema.column(c).path for c in range(about.num_columns)]
    texts = [c for c, path in enumerate(paths) if path in columns and file.schema.column(c).physical_type == TEXT]
    for g in range(about.num_row_groups):
        # What is told of a damaged column ends the process when looked at; reading its first row complains instead.
        next(file.iter_batches(1, row_groups=[g], columns=list(columns)), None)
        for c in texts:
            if PREFIXES in about.row_group(g).column(c).encodings:
                what = f"its text is packed as {PREFIXES}, which is not read."
                raise Place(place.file, column=paths[c]).error(what, "Write the file with dictionaries instead.")
    return [paths[c] for c in texts]


def _table(data: bytes, columns: Sequence[str], texts: list[str]) -> Any:
    """The columns, texts as dictionaries: one of a megabyte that fills 200,000 rows stays a megabyte."""
    pq: Any = import_module("pyarrow.parquet")
    table = pq.ParquetFile(io.BytesIO(data), read_dictionary=texts).read(columns=list(columns))
    table.validate(full=True)  # damaged text would only fail later
    return table


def _ordered(schema: Any, place: Place) -> list[str]:
    """The column names, the dates first: a column named date, else the index that the data frame was kept with."""
    names = [str(column) for column in schema.names]
    require_narrow(names, place)
    require_distinct(names, place)
    index = _index_column(schema)
    dates = next((column for column in names if is_date(column)), index)
    if not dates:
        raise Place(place.file, column="date").error("there is no column of that name.")
    return [dates, *(column for column in names if column not in (dates, index))]


def _index_column(schema: Any) -> str:
    """The column a data frame had as its index, empty when what is told of it cannot be used."""
    try:
        told = json.loads((schema.metadata or {}).get(b"pandas", b"{}"))
    except (ValueError, RecursionError):
        return ""
    index = told.get("index_columns") if isinstance(told, dict) else None
    if not isinstance(index, list) or len(index) != 1:
        return ""
    return index[0] if isinstance(index[0], str) and index[0] in schema.names else ""


def _symbols(column: Any, place: Place) -> list[str]:
    """The symbol of each row."""
    pa: Any = import_module("pyarrow")
    if not pa.types.is_dictionary(column.type):
        return [str(value) for value in column.to_pylist()]
    whole = column.unify_dictionaries().combine_chunks()
    names = [str(name) for name in whole.dictionary.to_pylist()]
    if any(len(name) > LONGEST_SYMBOL for name in names):
        raise Place(place.file, column="symbol").error(f"a symbol has more than {LONGEST_SYMBOL:,} characters.")
    return [str(None) if n is None else names[n] for n in whole.indices.to_pylist()]


def _days(column: Any, place: Place, said: DayForm | None) -> Days:
    pa: Any = import_module("pyarrow")
    if column.null_count:
        row = column.is_null().to_pylist().index(True) + 1
        raise Place(place.file, row, "date").error("there is no date.")
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _text_days(column, place, said)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        return _require_calendar(column.to_numpy().astype("datetime64[D]"), place)
    raise Place(place.file, column="date").error(f"it holds {kind}, not dates.")


def _text_days(column: Any, place: Place, said: DayForm | None) -> Days:
    known: dict[str, int] = {}
    texts = column.to_pylist()
    for row, text in enumerate(texts, start=1):
        known.setdefault(text, row)
    days = dict(zip(known, read_days(known, Place(place.file, column="date"), said), strict=True))
    return np.array([days[text] for text in texts], dtype="datetime64[D]")


def _require_calendar(days: Days, place: Place) -> Days:
    """The days; raises for one before year 1 or after 9999."""
    strange = np.flatnonzero((days < np.datetime64("0001-01-01")) | (days > np.datetime64("9999-12-31")))
    if strange.size:
        row = int(strange[0])
        raise Place(place.file, row + 1, "date").error(f"{days[row]} is not a day of the years 1 to 9999.")
    return days


def _numbers(column: Any, place: Place) -> Floats:
    pa: Any = import_module("pyarrow")
    kind = column.type
    if pa.types.is_floating(kind) or pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return np.asarray(column.cast(pa.float64(), safe=False).to_numpy(), dtype=np.float64)  # 2^64-1 is a price too
    if pa.types.is_null(kind):
        return np.full(len(column), np.nan)
    shown = kind.value_type if pa.types.is_dictionary(kind) else kind
    raise place.error(f"it holds {shown}, not prices.")
