"""The last closes of an instrument: one a series, at or before a day, exchange rates left out."""

from __future__ import annotations

from datetime import date

import numpy as np

from keel.domain.market.choice import best_quote
from keel.domain.market.prices import PriceMatrix
from keel.store import prices
from keel.store.connection import Database
from keel.store.market.quotes import last_closes, raw_lines

DAYS = np.array(["2026-01-02", "2026-01-06"], "datetime64[D]")


def test_each_series_gives_its_last_close_and_says_whether_it_was_paid(store: Database) -> None:
    for dataset, kind, closes in (("paid", "price_return", [10.0, np.nan]), ("grown", "total_return", [1.0, 2.0])):
        matrix = PriceMatrix(DAYS, ("VTI",), np.array(closes).reshape(2, 1), (kind,))
        prices.write_matrix(store, dataset, "daily", matrix)
    id = prices.coverage(store)[0].instrument_id
    found = {quote.series.dataset: (quote.date.day, quote.close, quote.raw) for quote in last_closes(store, [id])[id]}
    assert found == {"paid": (2, 10.0, True), "grown": (6, 2.0, False)}
    assert last_closes(store, [id], date(2026, 1, 1)) == {}
    best = best_quote(last_closes(store, [id])[id])
    assert best is not None
    assert best.close == 10.0  # an adjusted close is no price of its day


def test_a_close_that_came_later_is_the_last(store: Database) -> None:
    def closing(*closes: float) -> PriceMatrix:
        return PriceMatrix(DAYS[: len(closes)], ("VTI",), np.array(closes).reshape(-1, 1), ("price_return",))

    prices.write_matrix(store, "paid", "daily", closing(10.0))
    id = prices.coverage(store)[0].instrument_id
    assert [quote.close for quote in last_closes(store, [id])[id]] == [10.0]
    prices.write_matrix(store, "paid", "daily", closing(10.0, 11.0))
    assert [quote.close for quote in last_closes(store, [id])[id]] == [11.0]


def test_the_closes_of_a_series_are_what_was_paid(store: Database) -> None:
    matrix = PriceMatrix(DAYS, ("VTI", "BND"), np.array([[10.0, 5.0], [11.0, np.nan]]), ("price_return",) * 2)
    prices.write_matrix(store, "paid", "daily", matrix)
    held = {series.symbol: series for series in prices.coverage(store)}
    ids = {symbol: series.instrument_id for symbol, series in held.items()}
    found = raw_lines(store, {series.instrument_id: series for series in held.values()} | {"nobody": held["BND"]})
    assert {id: closes.tolist() for id, (_, closes) in found.items()} == {ids["VTI"]: [10.0, 11.0], ids["BND"]: [5.0]}
    assert found[ids["BND"]][0].tolist() == DAYS[:1].tolist()
    assert raw_lines(store, {}) == {}
