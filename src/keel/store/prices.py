"""Adjusted closes: one long table of (dataset, symbol, date, close), read as a matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Days, Floats
from keel.domain.market.choice import best_series
from keel.domain.market.instrument import Coverage
from keel.domain.market.prices import PriceMatrix
from keel.errors import InputError, PricesMissingError
from keel.store.connection import Cursor, Database, first_row
from keel.store.memory import Memory
from keel.store.values import moment, now, stamp


def write_series(
    db: Database, dataset: str, frequency: str, price_kind: str, frame: object, *, source: str = ""
) -> int:
    """How many prices were written; a symbol in ``frame`` replaces its whole series in the dataset.

    ``frame`` is long with the columns ``date``, ``symbol``, ``close`` in any order of rows: an Arrow table, a pandas
    frame or a dict of arrays. Raises InputError on a date given twice for a symbol, and on a missing, zero, negative or
    infinite close.
    """

    def work(cursor: Cursor) -> int:
        db.touch("prices")
        cursor.register("incoming", frame)  # a view of this cursor, gone with it
        _require_clean(cursor)
        return _write(cursor, dataset, frequency, price_kind, source)

    return db.transact(work)


def write_matrix(db: Database, dataset: str, frequency: str, prices: PriceMatrix, *, source: str = "") -> int:
    """How many prices were written of a wide matrix; NaN means no price. Its kinds are kept per symbol."""
    kinds = np.array(prices.kinds or ("",) * len(prices.symbols))
    return sum(
        write_series(db, dataset, frequency, str(kind), _long(prices, kinds == kind), source=source)
        for kind in dict.fromkeys(kinds)
    )


def _long(prices: PriceMatrix, columns: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
    closes = prices.closes[:, columns]
    row, column = np.nonzero(~np.isnan(closes))
    return {
        "date": prices.dates[row].astype("datetime64[s]"),
        "symbol": np.array(prices.symbols, dtype=object)[columns][column],
        "close": closes[row, column],
    }


def coverage(db: Database) -> tuple[Coverage, ...]:
    """What is held of every series, by dataset and symbol; read once and kept until a price changes."""
    return _coverage.recall(db, db.revision("prices"), lambda: _read_coverage(db))


_coverage: Memory[tuple[Coverage, ...]] = Memory(1)


def _read_coverage(db: Database) -> tuple[Coverage, ...]:
    with db.cursor() as cursor:
        rows = cursor.execute(
            "select symbol, first_date, last_date, sessions, frequency, price_kind, dataset from price_series"
            " order by dataset, symbol"
        ).fetchall()
    return tuple(Coverage(*row) for row in rows)


def datasets(db: Database) -> tuple[str, ...]:
    """The names of the stored datasets."""
    with db.cursor() as cursor:
        return tuple(
            name for (name,) in cursor.execute("select dataset from price_sources order by dataset").fetchall()
        )


def revision(db: Database) -> int:
    """A number that grows with every change of any price."""
    with db.cursor() as cursor:
        row = first_row(cursor.execute("select coalesce(sum(revision), 0) from price_sources"))
    return int(row[0]) if row else 0


def updated_at(db: Database, dataset: str) -> datetime | None:
    """When the dataset's prices last changed (UTC); None when it holds none."""
    with db.cursor() as cursor:
        row = first_row(
            cursor.execute("select updated_at from price_sources where dataset = $dataset", {"dataset": dataset})
        )
    return moment(row[0]) if row else None


def series(db: Database, symbols: Sequence[str], dataset: str | None = None) -> PriceMatrix:
    """The stored closes of ``symbols`` in that order, NaN where one has no price.

    Without a dataset each symbol comes from the one that holds it, of several from the best (``domain.market.choice``).
    Raises PricesMissingError naming every symbol that is not stored.
    """
    wanted = tuple(dict.fromkeys(symbols))
    homes = _homes(coverage(db), wanted, dataset)
    missing = [symbol for symbol in wanted if symbol not in homes]
    if missing:
        where = f" in the dataset {dataset}" if dataset else ""
        raise PricesMissingError(
            f"There are no prices for {', '.join(missing)}{where}.",
            hint="Choose another dataset or product, or import prices.",
            subject=missing[0],
        )
    with db.cursor() as cursor:
        columns = _columns(cursor, wanted, homes)
    dates, closes = _matrix(columns, len(wanted))
    order = [wanted.index(symbol) for symbol in symbols]
    kinds = tuple(homes[symbol].price_kind for symbol in symbols)
    return PriceMatrix(dates, tuple(symbols), closes[:, order] if len(order) != len(wanted) else closes, kinds)


def delete_dataset(db: Database, dataset: str) -> None:
    """Remove a dataset's prices; one that is not stored changes nothing."""

    def work(cursor: Cursor) -> None:
        db.touch("prices")
        cursor.execute("delete from prices where dataset = $dataset", {"dataset": dataset})
        cursor.execute("delete from price_series where dataset = $dataset", {"dataset": dataset})
        # Its source stays, so that the revision keeps growing.
        cursor.execute(
            "update price_sources set revision = revision + 1, updated_at = $at where dataset = $dataset",
            {"dataset": dataset, "at": stamp(now())},
        )

    db.transact(work)


def _require_clean(cursor: Cursor) -> None:
    bad = first_row(
        cursor.execute(
            "select symbol, date::date, close from incoming"
            " where close is null or not isfinite(close) or close <= 0 or symbol is null or date is null limit 1"
        )
    )
    if bad is not None:
        raise InputError(f"The close of {bad[0]} on {bad[1]} is {bad[2]}; a price is positive.", subject=str(bad[0]))
    twice = first_row(
        cursor.execute("select symbol, date::date from incoming group by all having count(*) > 1 limit 1")
    )
    if twice is not None:
        raise InputError(f"{twice[0]} has two prices on {twice[1]}.", subject=str(twice[0]))


def _write(cursor: Cursor, dataset: str, frequency: str, price_kind: str, source: str) -> int:
    key = {"dataset": dataset}
    cursor.execute(
        "delete from prices where dataset = $dataset and symbol in (select distinct symbol from incoming)", key
    )
    cursor.execute(
        "delete from price_series where dataset = $dataset and symbol in (select distinct symbol from incoming)", key
    )
    # Sorted by symbol, so that reading a few series touches few row groups.
    cursor.execute(
        "insert into prices (dataset, symbol, date, close)"
        " select $dataset, symbol, date::date, close from incoming order by symbol, date",
        key,
    )
    cursor.execute(
        "insert into price_series (dataset, symbol, first_date, last_date, sessions, frequency, price_kind)"
        " select $dataset, symbol, min(date::date), max(date::date), count(*), $frequency, $price_kind"
        " from incoming group by symbol",
        key | {"frequency": frequency, "price_kind": price_kind},
    )
    cursor.execute(
        "insert into price_sources as held (dataset, frequency, price_kind, source, revision, updated_at)"
        " values ($dataset, $frequency, $price_kind, $source, 1, $at)"
        " on conflict do update set frequency = excluded.frequency, price_kind = excluded.price_kind,"
        " source = case when excluded.source = '' then held.source else excluded.source end,"
        " revision = held.revision + 1, updated_at = excluded.updated_at",
        key | {"frequency": frequency, "price_kind": price_kind, "source": source, "at": stamp(now())},
    )
    row = first_row(cursor.execute("select count(*) from incoming"))
    return int(row[0]) if row else 0


def _homes(held: Iterable[Coverage], symbols: Iterable[str], dataset: str | None) -> dict[str, Coverage]:
    """Symbol → the series it is read from."""
    wanted = set(symbols)
    series_of: dict[str, list[Coverage]] = {}
    for series in held:
        if series.symbol in wanted and dataset in (None, "", series.dataset):
            series_of.setdefault(series.symbol, []).append(series)
    return {symbol: best_series(many) or many[0] for symbol, many in series_of.items()}


def _columns(cursor: Cursor, symbols: Sequence[str], homes: dict[str, Coverage]) -> list[tuple[Days, Floats]]:
    """Dates and closes of each symbol, ascending. Three columns leave the database as arrays, never as Python rows."""
    found = cursor.execute(
        "select w.place, p.date, p.close from prices p"
        " join (select unnest($symbols) as symbol, unnest($homes) as dataset, unnest($places) as place) w"
        " on p.symbol = w.symbol and p.dataset = w.dataset order by w.place, p.date",
        {
            "symbols": list(symbols),
            "homes": [homes[symbol].dataset for symbol in symbols],
            "places": list(range(len(symbols))),
        },
    ).fetchnumpy()
    dates: Days = np.asarray(found["date"]).astype("datetime64[D]")
    closes: Floats = np.asarray(found["close"])
    starts = np.searchsorted(np.asarray(found["place"]), np.arange(len(symbols) + 1))
    return [(dates[a:b], closes[a:b]) for a, b in pairwise(starts)]


def _matrix(columns: Sequence[tuple[Days, Floats]], k: int) -> tuple[Days, Floats]:
    """The union of the dates, and the closes on them (n, k)."""
    if not columns:
        return np.array([], dtype="datetime64[D]"), np.empty((0, 0))
    first = columns[0][0]
    if all(len(d) == len(first) and bool((d == first).all()) for d, _ in columns):
        return first, np.column_stack([closes for _, closes in columns])
    dates = np.unique(np.concatenate([d for d, _ in columns]))
    closes = np.full((len(dates), k), np.nan)
    for j, (own, values) in enumerate(columns):
        closes[np.searchsorted(dates, own), j] = values
    return dates, closes
