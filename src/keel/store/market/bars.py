"""Bars of one symbol in a dataset: closes raw and adjusted, volumes, dividends and splits, a transaction a symbol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from typing import Any

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.market.public.bars import Bars
from keel.store import names
from keel.store.connection import Cursor, Database, first_row
from keel.store.market.datasets import key, named
from keel.store.values import moment, now, stamp


@dataclass(frozen=True, slots=True)
class Home:
    """The dataset that bars go into, and what is told of it."""

    dataset: str
    frequency: str
    price_kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a stored series came from, and when it was last asked for (None: not known)."""

    source: str
    fetched_at: datetime | None


def write(db: Database, home: Home, bars: Bars, since: np.datetime64 | None = None) -> None:
    """Stores the bars as the symbol's series from ``since`` on, or as the whole of it; what was there before goes.

    ``bars`` are fit to be stored (``domain.market.public.bars.flaw``) and not empty.
    """

    def work(cursor: Cursor) -> None:
        db.touch("prices")
        id = names.resolve(cursor, [bars.symbol])[bars.symbol]
        whose: dict[str, object] = {"dataset": key(db, home.dataset), "id": id}
        start = {"since": str(bars.dates[0] if since is None else since)}
        whole = " and date >= $since::date" if since is not None else ""
        for table in ("prices", "price_events"):
            cursor.execute(
                f"delete from {table} where dataset = $dataset and instrument_id = $id{whole}",  # noqa: S608
                whose | (start if since is not None else {}),
            )
        _insert(cursor, bars, whose)
        cursor.execute(_SERIES, whose | _told(home))
        cursor.execute(_SOURCE, {"dataset": whose["dataset"]} | _told(home))

    db.transact(work)


def seen(db: Database, dataset: str, symbols: Sequence[str]) -> None:
    """Takes note that series were asked for and are as they were."""
    asked = {"dataset": key(db, dataset), "symbols": list(symbols), "at": stamp(now())}
    if symbols:
        db.transact(lambda cursor: cursor.execute(_SEEN, asked))


def tail(db: Database, dataset: str, symbol: str, sessions: int) -> Bars:
    """The last so many stored days of a symbol in a dataset, fewer where there are fewer; no events."""
    with db.cursor() as cursor:
        rows = cursor.execute(_TAIL, {"dataset": key(db, dataset), "symbol": symbol, "sessions": sessions}).fetchnumpy()
    dates = np.asarray(rows["date"]).astype("datetime64[D]")
    none = np.zeros(len(dates))
    return Bars(
        symbol,
        dates,
        _floats(rows["close"]),
        _floats(rows["adjusted_close"]),
        _floats(rows["volume"]),
        none,
        none,
    )


def provenance(db: Database) -> dict[tuple[str, str], Provenance]:
    """Dataset and instrument → where its series came from."""
    with db.cursor() as cursor:
        rows = cursor.execute(_PROVENANCE).fetchall()
    return {(named(db, dataset), id): Provenance(source, at and moment(at)) for dataset, id, source, at in rows}


def sessions(db: Database, dataset: str, symbol: str) -> int:
    """How many days are stored of a symbol in a dataset."""
    with db.cursor() as cursor:
        row = first_row(cursor.execute(_SESSIONS, {"dataset": key(db, dataset), "symbol": symbol}))
    return int(row[0]) if row else 0


def _floats(column: Any) -> Floats:
    """A column with NaN for what is missing."""
    masked = np.ma.asarray(column, dtype=np.float64)
    return np.asarray(masked.filled(np.nan), dtype=np.float64)


def _insert(cursor: Cursor, bars: Bars, key: dict[str, object]) -> None:
    pa: Any = import_module("pyarrow")  # slow to import and without types
    columns = {"date": bars.dates, "close": bars.closes, "adjusted_close": bars.adjusted, "volume": bars.volumes}
    table = pa.table({name: pa.array(values, from_pandas=True) for name, values in columns.items()})
    cursor.register("incoming_bars", table)
    cursor.execute(_PRICES, key)
    cursor.unregister("incoming_bars")
    for kind, values in (("dividend", bars.dividends), ("split", bars.splits)):
        at = np.flatnonzero(values > 0)
        if len(at):
            days = {"days": [str(day) for day in bars.dates[at]], "values": values[at].tolist(), "kind": kind}
            cursor.execute(_EVENTS, key | days)


def _told(home: Home) -> dict[str, object]:
    return {
        "frequency": home.frequency,
        "price_kind": home.price_kind,
        "source": home.source,
        "at": stamp(now()),
    }


_BEARER = (
    " select s.instrument_id from price_series s join instrument_names n on n.instrument_id = s.instrument_id"
    " where s.dataset = $dataset and n.kind = 'symbol' and n.valid_to is null and n.name = $symbol"
)
_TAIL = (
    "select date, close, adjusted_close, volume"  # noqa: S608
    " from (select date, close, adjusted_close, volume from prices"
    f" where dataset = $dataset and instrument_id in ({_BEARER}) order by date desc limit $sessions) order by date"
)
_SESSIONS = f"select sessions from price_series where dataset = $dataset and instrument_id in ({_BEARER})"  # noqa: S608
_PROVENANCE = (
    "select s.dataset, s.instrument_id, s.source, s.fetched_at from price_series s"
    " join price_sources d on d.dataset = s.dataset and (d.owner_kind = 'sample' or d.owner = getvariable('owner'))"
)
_SEEN = (
    "update price_series set fetched_at = $at where dataset = $dataset and instrument_id in"
    " (select instrument_id from instrument_names where kind = 'symbol' and valid_to is null"
    " and name in (select unnest($symbols::varchar[])))"
)
_PRICES = (
    "insert into prices (dataset, instrument_id, date, close, adjusted_close, volume)"
    " select $dataset, $id, date::date, close, adjusted_close, volume from incoming_bars order by date"
)
_EVENTS = (
    "insert into price_events (dataset, instrument_id, date, kind, value)"
    " select $dataset, $id, unnest($days::date[]), $kind, unnest($values::double[])"
)
_SERIES = (
    "insert into price_series as held (dataset, instrument_id, first_date, last_date, sessions, frequency, price_kind,"
    " source, fetched_at) select $dataset, $id, min(date), max(date), count(*), $frequency, $price_kind, $source, $at"
    " from prices where dataset = $dataset and instrument_id = $id"
    " on conflict do update set first_date = excluded.first_date, last_date = excluded.last_date,"
    " sessions = excluded.sessions, frequency = excluded.frequency, price_kind = excluded.price_kind,"
    " source = excluded.source, fetched_at = excluded.fetched_at"
)
_SOURCE = (
    "insert into price_sources as held (dataset, owner, owner_kind, frequency, price_kind, source, revision,"
    " updated_at) values ($dataset, getvariable('owner'), 'user', $frequency, $price_kind, $source, 1, $at)"
    " on conflict do update set revision = held.revision + 1, updated_at = excluded.updated_at"
)
