"""The last stored closes of instruments at or before a day, one a series."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

import numpy as np

from keel.domain.market.choice import CURRENCIES_DATASET, Quote
from keel.domain.market.instrument import Coverage
from keel.domain.market.series import Line
from keel.store import prices
from keel.store.connection import Database
from keel.store.market.datasets import key_of
from keel.store.memory import Memory


def last_closes(db: Database, instrument_ids: Collection[str], as_of: date | None = None) -> dict[str, list[Quote]]:
    """The last closes of each instrument's own series, by its id; the last of all without ``as_of``."""
    key = (frozenset(instrument_ids), as_of, db.revision("prices"), db.revision("instruments"))
    return _last.recall(db, key, lambda: _read_last(db, instrument_ids, as_of))


_last: Memory[dict[str, list[Quote]]] = Memory(8)  # a page asks for the same at every click


def _read_last(db: Database, instrument_ids: Collection[str], as_of: date | None) -> dict[str, list[Quote]]:
    own = {
        (key_of(db, series), series.instrument_id): series
        for series in prices.coverage(db)
        if series.instrument_id in instrument_ids and series.dataset != CURRENCIES_DATASET
    }
    with db.cursor() as cursor:
        rows = cursor.execute(_LAST, {"ids": sorted(instrument_ids), "as_of": as_of}).fetchall()
    quotes: dict[str, list[Quote]] = {}
    for dataset, id, day, close, adjusted in rows:
        series = own.get((dataset, id))
        if series is not None:
            raw = close is not None or series.price_kind == "price_return"
            quotes.setdefault(id, []).append(Quote(series, day, adjusted if close is None else close, raw))
    return quotes


def raw_lines(db: Database, own: Mapping[str, Coverage]) -> dict[str, Line]:
    """The dates and closes of instruments (id → series), what was paid where that is known, else adjusted."""
    with db.cursor() as cursor:
        asked = {"ids": list(own), "datasets": [key_of(db, series) for series in own.values()]}
        rows = cursor.execute(_LINES, asked).fetchnumpy()
    dates = np.asarray(rows["date"]).astype("datetime64[D]")
    closes, ids = np.asarray(rows["close"], dtype=np.float64), np.asarray(rows["instrument_id"])
    return {id: (dates[ids == id], closes[ids == id]) for id in own if (ids == id).any()}


_LINES = (
    "select p.instrument_id, p.date, coalesce(p.close, p.adjusted_close) as close from prices p"
    " join (select unnest($ids::varchar[]) as instrument_id, unnest($datasets::varchar[]) as dataset) w"
    " on p.instrument_id = w.instrument_id and p.dataset = w.dataset order by p.instrument_id, p.date"
)
_LAST = (
    "select dataset, instrument_id, max(date), arg_max(struct_pack(close := close), date).close,"
    " arg_max(adjusted_close, date) from prices where instrument_id in (select unnest($ids::varchar[]))"
    " and ($as_of::date is null or date <= $as_of::date) group by dataset, instrument_id order by all"
)
