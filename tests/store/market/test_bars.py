"""Bars in, bars out: a series as a whole, its last days, and what belongs to it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from keel.domain.market.public.bars import Bars
from keel.store import prices
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.market import bars as stored
from keel.store.market.bars import Home

HOME = Home("public", "daily", "total_return", "Somewhere")


def bars(n: int, scale: float = 1.0) -> Bars:
    closes = scale * (1.0 + np.arange(n))
    dividends, splits = np.zeros(n), np.zeros(n)
    dividends[1::5], splits[2] = 0.25, 2.0
    dates = np.datetime64("2024-01-01") + np.arange(n)
    return Bars("A", dates, closes, closes / 2, np.full(n, np.nan), dividends, splits)


def events(db: Database) -> list[tuple[object, ...]]:
    with db.cursor() as cursor:
        return cursor.execute("select date::varchar, kind, value from price_events order by all").fetchall()


def test_a_series_comes_back_with_both_closes_and_its_events(store: Database) -> None:
    stored.write(store, HOME, bars(5))
    tail = stored.tail(store, "public", "A", 3)
    assert tail.dates.astype(str).tolist() == ["2024-01-03", "2024-01-04", "2024-01-05"]
    assert tail.closes.tolist() == [3.0, 4.0, 5.0]
    assert tail.adjusted.tolist() == [1.5, 2.0, 2.5]
    assert np.isnan(tail.volumes).all()
    assert events(store) == [("2024-01-02", "dividend", 0.25), ("2024-01-03", "split", 2.0)]
    assert prices.series(store, ["A"], "public").closes[:, 0].tolist() == [0.5, 1.0, 1.5, 2.0, 2.5]
    assert stored.sessions(store, "public", "A") == 5
    assert integrity(store) == ()


def test_from_a_day_on_earlier_days_stay_and_as_a_whole_nothing_does(store: Database) -> None:
    stored.write(store, HOME, bars(5))
    later = bars(8, scale=10.0)
    stored.write(store, HOME, later.since(later.dates[3]), later.dates[3])
    assert stored.tail(store, "public", "A", 99).closes.tolist() == [1.0, 2.0, 3.0, 40.0, 50.0, 60.0, 70.0, 80.0]
    assert len(events(store)) == 3
    (series,) = prices.coverage(store)
    assert (series.sessions, series.owner, series.price_kind) == (8, "user", "total_return")
    stored.write(store, HOME, bars(3))
    assert stored.tail(store, "public", "A", 99).closes.tolist() == [1.0, 2.0, 3.0]
    assert len(events(store)) == 2
    assert integrity(store) == ()


def test_where_a_series_came_from_and_when_it_was_last_asked_for(store: Database) -> None:
    stored.write(store, HOME, bars(5))
    ((key, first),) = stored.provenance(store).items()
    assert key[0] == "public"
    assert first.source == "Somewhere"
    revision = prices.revision(store)
    stored.seen(store, "public", ["A"])
    second = stored.provenance(store)[key]
    assert first.fetched_at is not None
    assert second.fetched_at is not None
    assert second.fetched_at > first.fetched_at
    assert prices.revision(store) == revision


def test_what_is_not_stored_is_empty(store: Database) -> None:
    assert len(stored.tail(store, "public", "A", 9)) == 0
    assert stored.sessions(store, "public", "A") == 0
    stored.write(store, HOME, bars(5))
    assert len(stored.tail(store, "elsewhere", "A", 9)) == 0


def test_a_series_written_by_another_way_takes_its_events_along(store: Database) -> None:
    stored.write(store, HOME, bars(5))
    one = pa.table({"date": ["2024-01-01"], "symbol": ["A"], "adjusted_close": [1.0]})
    prices.write_series(store, "public", "daily", "", one)
    assert events(store) == []
    stored.write(store, HOME, bars(5))
    prices.delete_dataset(store, "public")
    assert events(store) == []
