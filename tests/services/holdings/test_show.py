"""What is held and what it is worth: the freshest close, a price that was given, and what lies outside."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.position import Position, Role
from keel.domain.portfolio.records import Portfolio
from keel.services.holdings import show, table
from keel.store import prices
from keel.store.connection import Database

TODAY = date(2026, 1, 8)


def test_holdings_are_valued_at_the_freshest_close_at_or_before_the_day(db: Database, portfolio: Portfolio) -> None:
    table.put(db, portfolio.id, (Position("VTI", 10), Position("BND", 2, 70.0), Position("CASH", 30)), TODAY)
    shown = show.show(db, portfolio.id, TODAY)
    assert (shown.when, shown.value) == (date(2026, 1, 6), 1_500 + 140 + 30)
    assert show.show(db, portfolio.id, TODAY, date(2026, 1, 3)).value == 1_000 + 140 + 30
    told = show.document(shown)
    assert (told["value"], told["unpriced"], told["as_of"]) == (1_670, [], "2026-01-06")


def test_what_is_excluded_or_has_no_price_lies_outside_and_is_said(db: Database, portfolio: Portfolio) -> None:
    rows = (Position("VTI", 10), Position("BND", 2, role=Role.excluded), Position("GLD", 7))
    table.put(db, portfolio.id, rows, TODAY)
    shown = show.show(db, portfolio.id, TODAY)
    assert (shown.value, shown.excluded, shown.unpriced) == (1_500, 150, ("GLD",))


def test_an_old_close_is_said(db: Database, portfolio: Portfolio) -> None:
    table.put(db, portfolio.id, (Position("VTI", 10),), TODAY)
    shown = show.show(db, portfolio.id, TODAY, date(2026, 3, 1))
    (doubt,) = shown.findings
    assert doubt.message == "The last price of VTI is of 6 Jan 2026."
    told = show.document(shown)["findings"]
    assert told == [
        {"code": "old_prices", "subject": "prices", "message": doubt.message, "fix": "Refresh the prices."},
    ]


def test_cash_of_another_currency_counts_at_the_rate_of_the_day(db: Database, portfolio: Portfolio) -> None:
    table.put(db, portfolio.id, (Position("CASH", 100, currency="EUR"), Position("VTI", 1)), TODAY)
    assert show.show(db, portfolio.id, TODAY).unpriced == ("CASH",)
    days = np.array(["2026-01-02", "2026-01-06"], "datetime64[D]")
    prices.write_matrix(db, "currencies", "daily", PriceMatrix(days, ("EURUSD",), np.array([[1.1], [1.2]])))
    assert show.show(db, portfolio.id, TODAY).value == pytest.approx(150 + 120)
