"""What instruments and holdings are worth: raw before adjusted, fresh before old, a given price before both."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from tests.engine import blank

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.services.shared.held.worth import old, priced, quoted, rates, said
from keel.store import instruments, prices
from keel.store.connection import Database
from keel.store.holdings.positions import Stored

DAYS = np.array(["2026-01-02", "2026-01-06"], "datetime64[D]")
TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def db() -> Iterator[Database]:
    """One product in euros with two closes, and a rate."""
    opened = blank()
    instruments.upsert_many(opened, (Instrument("vw", "VWCE", "World", InstrumentType.etf, currency="EUR"),))
    matrix = PriceMatrix(DAYS, ("VWCE",), np.array([[100.0], [110.0]]), ("price_return",))
    prices.write_matrix(opened, "broker", "daily", matrix)
    prices.write_matrix(opened, "currencies", "daily", PriceMatrix(DAYS, ("EURUSD",), np.array([[1.1], [1.2]])))
    yield opened
    opened.close()


def test_the_last_close_at_or_before_a_day_counts(db: Database) -> None:
    assert quoted(db, ["vw"])["vw"].close == 110
    assert quoted(db, ["vw"], date(2026, 1, 5))["vw"].date == date(2026, 1, 2)
    assert quoted(db, ["vw"], date(2026, 1, 1)) == {}


def test_values_are_in_the_currency_that_is_asked_for(db: Database) -> None:
    when, (holding,) = priced(db, [Stored(Position("VWCE", 10), "vw")], "USD", None, TODAY)
    assert (when, holding.priced_on) == (date(2026, 1, 6), date(2026, 1, 6))
    assert holding.value == pytest.approx(10 * 110 * 1.2)
    assert rates(db, "USD", ["CHF"], when).worth(1.0, "CHF") is None


def test_a_given_price_wins_and_that_of_a_list_until_a_close_is_as_fresh(db: Database) -> None:
    given = Stored(Position("VWCE", 1, 90.0, currency="EUR"), "vw")
    told = Stored(given.position, "vw", date(2026, 1, 4))
    assert priced(db, [given], "EUR", None, TODAY)[1][0].price == 90
    assert priced(db, [told], "EUR", None, TODAY)[1][0].price == 110
    assert priced(db, [told], "EUR", date(2026, 1, 5), TODAY)[1][0].price == 90


def test_the_price_of_the_last_trade_serves_where_there_is_no_close(db: Database) -> None:
    position = Position("VWCE", 1, 120.0, currency="EUR")
    closed, bare = (Stored(position, id, date(2026, 2, 1), traded=True) for id in ("vw", "own"))
    assert priced(db, [closed], "EUR", None, TODAY)[1][0].price == 110
    when, (holding,) = priced(db, [bare], "EUR", None, TODAY)
    assert (when, holding.price, holding.traded) == (date(2026, 2, 1), 120, True)
    assert said([holding]) == ("No close, valued at the last trade of 1 Feb 2026: VWCE.",)


def test_costs_are_at_the_rate_of_the_day_they_were_paid(db: Database) -> None:
    lots = (Lot(1, 10.0, date(2026, 1, 2), "EUR"), Lot(1, 10.0, date(2020, 1, 2), "EUR"), Lot(1, 10.0, None, "USD"))
    _, (holding,) = priced(db, [Stored(Position("VWCE", 3, lots=lots), "vw")], "USD", None, TODAY)
    costs = [lot.cost for lot in holding.lots]
    assert (costs[0], math.isnan(costs[1]), costs[2]) == (pytest.approx(11), True, 10)


def test_a_close_of_long_ago_is_said_also_where_none_is_newer(db: Database) -> None:
    _, holdings = priced(db, [Stored(Position("VWCE", 1), "vw"), Stored(Position("CASH", 1), "")], "EUR", None, TODAY)
    (doubt,) = old(holdings, TODAY)
    assert doubt.message == "The last price of VWCE is of 6 Jan 2026."
    assert old(holdings, date(2026, 1, 8)) == said(holdings) == ()
