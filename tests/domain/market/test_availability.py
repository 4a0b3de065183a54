"""What stands for an instrument, in words."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.market.availability import availability, describe
from keel.domain.market.choice import Basis, by_symbol
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType

OWN = Coverage("SPY", date(2008, 1, 2), date(2016, 1, 1), 2000, "daily", "price_return", "etf")
WORLD = Coverage("WORLD", date(2000, 1, 31), date(2026, 1, 31), 313, "monthly", "total_return", "monthly")
INDEX = by_symbol([OWN, WORLD])
SPY = Instrument("1", "SPY", "SPDR", InstrumentType.etf, proxy="WORLD", expense_ratio=0.001)


def test_own_prices_are_said_with_their_years_and_what_they_leave_out() -> None:
    found = availability(SPY, INDEX)
    assert (found.series, found.proxied, found.usable) == (OWN, False, True)
    assert found.note == "Own prices, daily 2008–2016, dividends excluded."
    assert found.years == pytest.approx(2921 / 365.25)


def test_a_proxy_is_said_with_the_fee_it_pays() -> None:
    found = availability(SPY, INDEX, Basis("monthly"))
    assert (found.series, found.proxied) == (WORLD, True)
    assert found.note == "No own prices here: WORLD stands in, minus the 0.10% fee; monthly 2000–2026."


def test_prices_that_lie_in_another_dataset_are_named() -> None:
    found = availability(SPY, INDEX, Basis("empty"))
    assert (found.usable, found.years) == (False, 0.0)
    assert found.note == "No prices in this dataset; there are daily 2008–2016, dividends excluded."
    assert availability(SPY, {}, Basis("empty")).note == availability(SPY, {}).note == "No prices."


def test_dividends_are_mentioned_only_where_they_are_left_out() -> None:
    assert describe(WORLD) == "monthly 2000–2026"
