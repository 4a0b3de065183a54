"""Adjusted closes: one long table of (dataset, instrument, date), read as a matrix."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Days, Floats
from keel.domain.market.choice import best_series
from keel.domain.market.instrument import Coverage
from keel.domain.market.prices import PriceMatrix
from keel.errors import InputError, PricesMissingError
from keel.store import names
from keel.store.connection import Cursor, Database, first_row
from keel.store.market.datasets import key, key_of, named
from keel.store.memory import Memory
from keel.store.names import OwnerKind
from keel.store.values import moment, now, stamp
from keel.vocabulary import NOBODY


def write_series(
    db: Database,
    dataset: str,
    frequency: str,
    price_kind: str,
    frame: object,
    *,
    source: str = "",
    owner_kind: OwnerKind = "user",
) -> int:
    """How many prices were written; a symbol in ``frame`` replaces its whole series in the dataset.

    ``frame`` is long with the columns ``date``, ``symbol``, ``adjusted_close`` in any order of rows: an Arrow table, a
    pandas frame or a dict of arrays. Raises InputError on a date given twice for a symbol, and on a missing, zero,
    negative or infinite close.
    """

    def work(cursor: Cursor) -> int:
        db.touch("prices")
        cursor.register("incoming", frame)
        _require_clean(cursor)
        _resolve(cursor)
        told = {"frequency": frequency, "price_kind": price_kind, "source": source, "owner_kind": owner_kind}
        written = _write(cursor, {"dataset": key(db, dataset, owner_kind)} | told)
        cursor.unregister("incoming")
        cursor.execute("drop table bearers")
        return written

    return db.transact(work)


def write_matrix(
    db: Database,
    dataset: str,
    frequency: str,
    prices: PriceMatrix,
    *,
    source: str = "",
    owner_kind: OwnerKind = "user",
) -> int:
    """How many prices were written of a wide matrix; NaN means no price. Its kinds are kept per symbol."""
    kinds = np.array(prices.kinds or ("",) * len(prices.symbols))
    return sum(
        write_series(
            db, dataset, frequency, str(kind), _long(prices, kinds == kind), source=source, owner_kind=owner_kind
        )
        for kind in dict.fromkeys(kinds)
    )


def _long(prices: PriceMatrix, columns: NDArray[np.bool_]) -> object:
    """The columns as an Arrow table ``date, symbol, adjusted_close``, holes left out, by symbol and date."""
    pa: Any = import_module("pyarrow")  # slow to import and without types

    closes = prices.closes[:, columns]
    column, row = np.nonzero(~np.isnan(closes).T)
    symbols = pa.array([s for s, chosen in zip(prices.symbols, columns, strict=True) if chosen], pa.string())
    return pa.table(
        {
            "date": pa.array(prices.dates[row].astype("datetime64[D]")),
            "symbol": pa.DictionaryArray.from_arrays(pa.array(column.astype(np.int32)), symbols).cast(pa.string()),
            "adjusted_close": pa.array(closes[row, column]),
        }
    )


def coverage(db: Database) -> tuple[Coverage, ...]:
    """What is held of every series, by dataset and symbol; read once and kept until a price changes."""
    teller = told_by(db)
    key = (db.revision("prices"), db.revision("instruments"))
    return _coverage.recall(teller, key, lambda: _read_coverage(teller))


def told_by(db: Database) -> Database:
    """The database as the owner of what is told of prices: of the sample's alone where this one has brought none."""
    brought = _brought.recall(db, db.revision("prices"), lambda: _has_brought(db))
    return db if brought else db.of(NOBODY)


def _has_brought(db: Database) -> bool:
    with db.cursor() as cursor:
        asked = "select 1 from price_sources where owner_kind <> 'sample' and owner = getvariable('owner') limit 1"
        return first_row(cursor.execute(asked)) is not None


_coverage: Memory[tuple[Coverage, ...]] = Memory(1)
_brought: Memory[bool] = Memory(1)


def _read_coverage(db: Database) -> tuple[Coverage, ...]:
    with db.cursor() as cursor:
        rows = cursor.execute(
            "select n.symbol, s.first_date, s.last_date, s.sessions, s.frequency, s.price_kind, s.dataset,"
            " d.owner_kind, s.instrument_id from price_series s join price_sources d on d.dataset = s.dataset"
            " join instrument_symbols n on n.instrument_id = s.instrument_id"
            " where d.owner_kind = 'sample' or d.owner = getvariable('owner')"
            " order by s.dataset, n.symbol, s.instrument_id"
        ).fetchall()
    return tuple(replace(series, dataset=named(db, series.dataset)) for series in (Coverage(*row) for row in rows))


def datasets(db: Database) -> tuple[str, ...]:
    """The names of the stored datasets."""
    with db.cursor() as cursor:
        rows = cursor.execute(
            "select dataset from price_sources where owner_kind = 'sample' or owner = getvariable('owner')"
            " order by dataset"
        ).fetchall()
    return tuple(named(db, name) for (name,) in rows)


def revision(db: Database) -> int:
    """A number that grows with every change of any price; it outlives the process."""
    teller = told_by(db)
    return _revision.recall(teller, db.revision("prices"), lambda: _read_revision(teller))


_revision: Memory[int] = Memory(1)  # a page asks dozens of times


def _read_revision(db: Database) -> int:
    with db.cursor() as cursor:
        row = first_row(
            cursor.execute(
                "select coalesce(sum(revision), 0) from price_sources"
                " where owner_kind = 'sample' or owner = getvariable('owner')"
            )
        )
    return int(row[0]) if row else 0


def updated_at(db: Database, dataset: str) -> datetime | None:
    """When the dataset's prices last changed (UTC); None when it holds none."""
    with db.cursor() as cursor:
        row = first_row(
            cursor.execute(
                "select updated_at from price_sources"
                " where dataset = $key or dataset = $dataset and owner_kind = 'sample'",
                {"dataset": dataset, "key": key(db, dataset)},
            )
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
            hint="Choose another dataset or product.",
            subject=missing[0],
        )
    with db.cursor() as cursor:
        columns = _columns(db, cursor, [homes[symbol] for symbol in wanted])
    dates, closes = _matrix(columns, len(wanted))
    order = [wanted.index(symbol) for symbol in symbols]
    kinds = tuple(homes[symbol].price_kind for symbol in symbols)
    return PriceMatrix(dates, tuple(symbols), closes[:, order] if len(order) != len(wanted) else closes, kinds)


def delete_dataset(db: Database, dataset: str) -> None:
    """Removes the prices of a dataset of the sample; one that is not stored changes nothing."""

    def work(cursor: Cursor) -> None:
        db.touch("prices")
        cursor.execute("delete from prices where dataset = $dataset", {"dataset": dataset})
        cursor.execute("delete from price_series where dataset = $dataset", {"dataset": dataset})
        cursor.execute("delete from price_events where dataset = $dataset", {"dataset": dataset})
        # Its source stays, so that the revision keeps growing.
        cursor.execute(
            "update price_sources set revision = revision + 1, updated_at = $at"
            " where dataset = $dataset and owner = getvariable('owner')",
            {"dataset": dataset, "at": stamp(now())},
        )

    db.transact(work)


def origins(db: Database) -> dict[str, str]:
    """Dataset of the sample → the source its prices were last written with."""
    with db.cursor() as cursor:
        asked = "select dataset, source from price_sources where owner_kind = 'sample'"
        return dict(cursor.execute(asked).fetchall())


def _require_clean(cursor: Cursor) -> None:
    bad = first_row(
        cursor.execute(
            "select symbol, date::date, adjusted_close from incoming where adjusted_close is null"
            " or not isfinite(adjusted_close) or adjusted_close <= 0 or symbol is null or date is null limit 1"
        )
    )
    if bad is not None:
        raise InputError(f"The close of {bad[0]} on {bad[1]} is {bad[2]}; a price is positive.", subject=str(bad[0]))
    twice = first_row(
        cursor.execute("select symbol, date::date from incoming group by all having count(*) > 1 limit 1")
    )
    if twice is not None:
        raise InputError(f"{twice[0]} has two prices on {twice[1]}.", subject=str(twice[0]))


def _resolve(cursor: Cursor) -> None:
    """Makes the table ``bearers`` of the instruments that the incoming symbols name."""
    symbols = [symbol for (symbol,) in cursor.execute("select distinct symbol from incoming order by 1").fetchall()]
    ids = names.resolve(cursor, symbols)
    cursor.execute(
        "create temporary table bearers as"
        " select unnest($symbols::varchar[]) as symbol, unnest($ids::varchar[]) as instrument_id",
        {"symbols": list(ids), "ids": list(ids.values())},
    )


def _write(cursor: Cursor, source: dict[str, str]) -> int:
    """How many rows there are now of the series that come in; ``source`` is the dataset and what is told of it."""
    key = {"dataset": source["dataset"]}
    for table in ("prices", "price_series", "price_events"):
        cursor.execute(
            f"delete from {table} where dataset = $dataset and instrument_id in (select instrument_id from bearers)",  # noqa: S608
            key,
        )
    # Sorted by instrument, so that reading a few series touches few row groups.
    written = first_row(
        cursor.execute(
            "insert into prices (dataset, instrument_id, date, adjusted_close)"
            " select $dataset, b.instrument_id, i.date::date, i.adjusted_close"
            " from incoming i join bearers b on b.symbol = i.symbol order by b.instrument_id, i.date",
            key,
        )
    )
    cursor.execute(
        "insert into price_series (dataset, instrument_id, first_date, last_date, sessions, frequency, price_kind)"
        " select $dataset, b.instrument_id, min(i.date::date), max(i.date::date), count(*), $frequency, $price_kind"
        " from incoming i join bearers b on b.symbol = i.symbol group by b.instrument_id",
        key | {"frequency": source["frequency"], "price_kind": source["price_kind"]},
    )
    cursor.execute(
        "insert into price_sources as held (dataset, owner, owner_kind, frequency, price_kind, source, revision,"
        " updated_at) values ($dataset, getvariable('owner'), $owner_kind, $frequency, $price_kind, $source, 1, $at)"
        " on conflict do update set frequency = excluded.frequency, price_kind = excluded.price_kind,"
        " source = case when excluded.source = '' then held.source else excluded.source end,"
        " revision = held.revision + 1, updated_at = excluded.updated_at",
        source | {"at": stamp(now())},
    )
    return int(written[0]) if written else 0


def _homes(held: Iterable[Coverage], symbols: Iterable[str], dataset: str | None) -> dict[str, Coverage]:
    """Symbol → the series it is read from."""
    wanted = set(symbols)
    series_of: dict[str, list[Coverage]] = {}
    for series in held:
        if series.symbol in wanted and dataset in (None, "", series.dataset):
            series_of.setdefault(series.symbol, []).append(series)
    return {symbol: best_series(many) or many[0] for symbol, many in series_of.items()}


def _columns(db: Database, cursor: Cursor, homes: Sequence[Coverage]) -> list[tuple[Days, Floats]]:
    """Dates and closes of each series, ascending. Three columns leave the database as arrays, never as Python rows."""
    rows = cursor.execute(
        "select w.place, p.date, p.adjusted_close from prices p join (select unnest($ids::varchar[]) as instrument_id,"
        " unnest($datasets::varchar[]) as dataset, unnest($places::integer[]) as place) w"
        " on p.instrument_id = w.instrument_id and p.dataset = w.dataset order by w.place, p.date",
        {
            "ids": [home.instrument_id for home in homes],
            "datasets": [key_of(db, home) for home in homes],
            "places": list(range(len(homes))),
        },
    ).fetchnumpy()
    dates: Days = np.asarray(rows["date"]).astype("datetime64[D]")
    closes: Floats = np.asarray(rows["adjusted_close"])
    starts = np.searchsorted(np.asarray(rows["place"]), np.arange(len(homes) + 1))
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
