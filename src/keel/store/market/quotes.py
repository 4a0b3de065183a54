"""The last stored closes of instruments at or before a day, one a series."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from keel.domain.market.choice import CURRENCIES_DATASET, Quote
from keel.store import prices
from keel.store.connection import Database


def last_closes(db: Database, instrument_ids: Collection[str], as_of: date | None = None) -> dict[str, list[Quote]]:
    """The last closes of each instrument's own series, by its id; the last of all without ``as_of``."""
    own = {
        (series.dataset, series.instrument_id): series
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


_LAST = (
    "select dataset, instrument_id, max(date), arg_max(struct_pack(close := close), date).close,"
    " arg_max(adjusted_close, date) from prices where instrument_id in (select unnest($ids::varchar[]))"
    " and ($as_of::date is null or date <= $as_of::date) group by dataset, instrument_id order by all"
)
