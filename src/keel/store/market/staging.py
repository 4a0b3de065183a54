"""Prices on their way in: the rows of a file in a scratch database of its own, checked, in the order of storing.

The scratch database reads this one file and nothing else; what does not fit into its memory goes to the disk beside it.
"""

from __future__ import annotations

import glob
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import duckdb
import numpy as np

from keel.domain.arrays import Floats
from keel.domain.market.instrument import Coverage
from keel.domain.market.prices import PriceMatrix
from keel.domain.reading.place import Place
from keel.domain.text import plain, shown
from keel.errors import ImportFormatError
from keel.store.connection import Cursor, first_row, translated
from keel.store.market.shape import Shape, number, price_columns, quoted, readable

MEMORY = "320MB"
BATCH = 200_000  # rows
MOST_SYMBOLS = 100_000
SCRATCH = "the scratch database"


@dataclass(frozen=True, slots=True, eq=False)
class Staged:
    """Prices ready to be stored: their series (dataset, frequency and kind are said when they are), and the rows.

    ``read`` begins anew with every call: Arrow batches of ``place`` (the series' position), ``date``, ``close``,
    ``adjusted_close`` and ``volume``, by place and date. What is stored in the order of its ids is found again by
    reading little else: each block of rows tells from which to which it goes.
    """

    series: tuple[Coverage, ...]
    read: Callable[[], Any]

    @property
    def rows(self) -> int:
        """How many prices there are."""
        return sum(series.sessions for series in self.series)


Order = Callable[[Sequence[str]], Sequence[str]]  # symbols, each once → the same in the order of their places


def of_matrix(
    prices: PriceMatrix, raw: Floats | None = None, volume: Floats | None = None, in_order: Order = sorted
) -> Staged:
    """The prices of a matrix, holes left out; ``raw`` and ``volume`` stand beside them, None: not known.

    Without ``raw`` the one price is both what studies read and the close.
    """
    pa: Any = import_module("pyarrow")  # slow to import and without types
    column_of = {symbol: n for n, symbol in enumerate(prices.symbols)}
    order = np.array([column_of[symbol] for symbol in in_order(prices.symbols)], dtype=np.int64)
    filled = ~np.isnan(prices.closes.T[order])
    kept = [int(n) for n in np.flatnonzero(filled.any(axis=1))]
    place, row = np.nonzero(filled[kept])
    column = order[kept][place] if len(kept) else place
    dates = prices.dates.astype("datetime64[D]")
    beside = {"close": prices.closes if raw is None else raw, "volume": volume}
    table = {
        "place": pa.array(place.astype(np.int32)),
        "date": pa.array(dates[row]),
        "adjusted_close": pa.array(prices.closes[row, column]),
    }
    for name, values in beside.items():
        nothing = pa.nulls(len(row), pa.float64())
        table[name] = nothing if values is None else pa.array(values[row, column], from_pandas=True)
    arrow = pa.table(table)
    own = [(prices.symbols[int(order[k])], dates[filled[k]]) for k in kept]
    series = [_series(symbol, days[0].item(), days[-1].item(), len(days)) for symbol, days in own]
    return Staged(tuple(series), arrow.to_reader)


def _series(symbol: str, first: Any, last: Any, sessions: int) -> Coverage:
    return Coverage(symbol, first, last, sessions, "", "", "", "user")


@contextmanager
def of_file(path: Path, shape: Shape, in_order: Order = sorted) -> Iterator[Staged]:
    """The prices of a CSV file of any length while the block runs, in bounded memory.

    Raises ImportFormatError with the row and column of what cannot be read.
    """
    folder = Path(tempfile.mkdtemp(prefix="keel-"))
    try:
        given = path.resolve()
        if glob.has_magic(str(given)):  # the reader would look for several files
            given = Path(shutil.copyfile(given, folder / "given.csv"))
        with translated(SCRATCH), _opened(folder, given) as cursor:
            rows = _Rows(cursor, str(given), shape)
            rows.stage(in_order)
            yield Staged(rows.series(), rows.read)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _opened(folder: Path, given: Path) -> Iterator[Cursor]:
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(folder / "temp"),
        "autoinstall_known_extensions": "false",
        "autoload_known_extensions": "false",
    }
    with duckdb.connect(str(folder / "scratch.duckdb"), config=config) as scratch:
        for name, path in (("allowed_directories", folder), ("allowed_paths", given)):
            scratch.execute(f"set {name} = [{quoted(str(path))}]")
        scratch.execute("set enable_external_access = false")
        scratch.execute("set enable_progress_bar = false")  # it would be drawn into what a notebook or script prints
        scratch.execute("set lock_configuration = true")
        yield Cursor(scratch)


class _Rows:
    """The rows of one file in the scratch database."""

    def __init__(self, cursor: Cursor, given: str, shape: Shape) -> None:
        self._cursor = cursor
        self._given = {"given": given}
        self._shape = shape

    def stage(self, in_order: Order) -> None:
        """Reads the file into the table ``ordered``. Raises ImportFormatError."""
        shape = self._settled()
        self._shape = shape
        columns = price_columns(shape)
        try:
            self._cursor.execute(
                "create table staged as select symbol, day, close, adjusted_close, volume, is_bad from"  # noqa: S608
                f" ({columns}) where is_bad or adjusted_close is not null",
                self._given,
            )
        except duckdb.Error as error:
            raise self._unsplit(error) from error
        bad = first_row(self._cursor.execute("select count(*) from staged where is_bad"))
        if bad and bad[0]:
            self._complain_of_a_cell()
        self._cursor.execute(
            "create table named as select symbol, min(day) as first_date, max(day) as last_date, count(*) as sessions"
            " from staged group by symbol"
        )
        symbols = [symbol for (symbol,) in self._cursor.execute("select symbol from named").fetchall()]
        self._cursor.execute(_BEARERS, {"symbols": list(in_order(symbols))})
        self._cursor.execute(
            "create table ordered as select b.place, s.day as date, s.close, s.adjusted_close, s.volume"
            " from staged s join bearers b on b.symbol = s.symbol order by b.place, s.day"
        )
        self._cursor.execute("drop table staged")
        self._require_once()

    def series(self) -> tuple[Coverage, ...]:
        """The series by place. Raises ImportFormatError when there are none, or too many."""
        rows = self._cursor.execute(
            "select symbol, first_date, last_date, sessions from bearers order by place"
        ).fetchall()
        if not rows:
            raise self._shape.place.error("there are dates but no prices.")
        if len(rows) > MOST_SYMBOLS:
            raise self._shape.place.error(f"it has {len(rows):,} symbols, more than the {MOST_SYMBOLS:,} allowed.")
        return tuple(_series(*row) for row in rows)

    def read(self) -> Any:
        """The rows as Arrow batches, in their order."""
        return self._batches("select place, date, close, adjusted_close, volume from ordered")

    def _batches(self, question: str) -> Any:
        """The answer as Arrow batches, through a cursor of its own: it may be left before its end."""
        return self._cursor.cursor().sql(question).to_arrow_reader(BATCH)

    def _require_once(self) -> None:
        """Raise for a date that a symbol has twice; a batch is compared with the row before it."""
        last = np.array([-1, 0], dtype=np.int64)
        for batch in self._batches("select place, date from ordered"):
            place = batch.column(0).to_numpy(zero_copy_only=False).astype(np.int64)
            day = batch.column(1).to_numpy(zero_copy_only=False).astype("datetime64[D]").astype(np.int64)
            places, days = np.append(last[0], place), np.append(last[1], day)
            again = np.flatnonzero((places[1:] == places[:-1]) & (days[1:] == days[:-1]))
            if again.size:
                self._complain_of_a_date(int(place[again[0]]), int(day[again[0]]))
            last = np.array([places[-1], days[-1]])

    def _settled(self) -> Shape:
        """The shape with what only the whole file tells: whether days or months come first, and what a comma is."""
        return readable(self._cursor, self._given, self._shape)

    def _numbered(self) -> str:
        """The question for the rows with their numbers; slower, asked when something is wrong with one of them."""
        return price_columns(replace(self._shape, numbered=True))

    def _complain_of_a_cell(self) -> NoReturn:
        row = first_row(
            self._cursor.execute(
                f"select line, date_text, symbol, day, wrong from ({self._numbered()})"  # noqa: S608
                " where is_bad order by line limit 1",
                self._given,
            )
        )
        if row is None:
            raise self._shape.place.error("a price in it cannot be read.")
        line, date_text, symbol, day, wrong = row
        place = replace(self._shape.place, row=self._line(int(line)))
        if day is None:
            what = f"{shown(date_text)} is not a date." if date_text else "there is no date."
            raise replace(place, column="date").error(what, "Write it as 2026-06-30.")
        if not symbol:
            raise replace(place, column="symbol").error("there is no symbol.")
        raise self._unfit(wrong["text"], wrong["kind"], replace(place, column=symbol))

    def _unfit(self, text: str, kind: str, place: Place) -> ImportFormatError:
        """The complaint about a cell of prices or volumes."""
        value = number(text.replace(",", ".") if self._shape.decimal_comma else text)
        column = {"price": self._shape.price, "raw": self._shape.raw, "volume": self._shape.volume}[kind]
        named = place if column is None else replace(place, column=self._shape.names[column])
        if value is None:
            return named.error(f"{shown(text)} is not a price.", "Write a number such as 101.25, or nothing.")
        if kind == "volume":
            return named.error("a volume below zero.")
        return place.error(f"{'an infinite price' if np.isinf(value) else 'a price of zero or less'}: {value:g}.")

    def _complain_of_a_date(self, position: int, day: int) -> NoReturn:
        asked = {"place": position}
        symbol = self._cursor.execute("select symbol from bearers where place = $place", asked).fetchall()[0][0]
        moment = str(np.datetime64(day, "D"))
        rows = self._cursor.execute(
            f"select line from ({self._numbered()}) where symbol = $symbol and day = $day::date order by line",  # noqa: S608
            self._given | {"symbol": symbol, "day": moment},
        ).fetchall()
        place = Place(self._shape.place.file, self._line(int(rows[1][0])) if len(rows) > 1 else None, "date")
        raise place.error(f"{plain(symbol)} has a price on {moment} already.", "Keep one of them.")

    def _line(self, count: int) -> int:
        """The number of a line, ``count`` being how many with text there are up to it; the reader skips the others."""
        above = self._shape.above
        with Path(self._given["given"]).open("rb") as file:
            texts = (n for n, line in enumerate(file, start=1) if n <= above or line.rstrip(b"\r\n"))
            return next(islice(texts, count - 1, None), count)

    def _unsplit(self, error: duckdb.Error) -> ImportFormatError:
        """The complaint about what the reader could not split into cells."""
        found = re.search(r"Line: (\d+)", str(error))
        row = int(found[1]) if found else None
        if "Invalid unicode" in str(error) or "not utf-8" in str(error).lower():
            return replace(self._shape.place, row=row).error("the text is not UTF-8.", "Save the file as UTF-8.")
        if "quoted new lines" in str(error):
            return replace(self._shape.place, row=row).error("a cell holds a line break.", "Write it on one line.")
        what = f"the row cannot be split into {len(self._shape.names)} cells."
        return replace(self._shape.place, row=row).error(what, "Each row has as many cells as the header.")


_BEARERS = (
    "create table bearers as select n.symbol, o.place, n.first_date, n.last_date, n.sessions from named n join"
    " (select unnest($symbols::varchar[]) as symbol,"
    " (generate_subscripts($symbols::varchar[], 1) - 1)::integer as place) o on o.symbol = n.symbol"
)
