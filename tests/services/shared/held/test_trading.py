"""What every plan of a portfolio may trade: in accounts that hold something, at costs in the base currency."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keel.domain.market.prices import PriceMatrix
from keel.domain.plan.ask import Ask
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.services import example
from keel.services.holdings.table import put
from keel.services.shared.held.laid import require_laid
from keel.services.shared.held.trading import trading
from keel.store import frameworks, prices
from keel.store.connection import Database

TODAY = date(2026, 7, 1)


def test_accounts_that_hold_nothing_are_left_out_and_costs_are_those_of_their_day(db: Database) -> None:
    portfolio = example.open_example(db)
    days = np.array(["2020-01-02", "2026-06-30"], "datetime64[D]")
    prices.write_matrix(db, "currencies", "daily", PriceMatrix(days, ("CHFUSD",), np.array([[1.5], [1.25]])))
    lots = (Lot(10.0, 4.0, date(2020, 1, 2)),)
    held = [Position("SPY", 10.0, account=name, lots=lots) for name in ("Here", "Abroad")]
    held.append(Position("SPY", 10.0, account="Once", lots=(Lot(10.0, 4.0),)))  # nobody knows the day, so no rate
    abroad = [Account(name, currency="CHF") for name in ("Abroad", "Once")]
    put(db, portfolio.id, held, TODAY, (Account("Here"), *abroad, Account("Empty")))
    framework = frameworks.get(db, portfolio.framework_id)
    found = trading(db, portfolio.id, require_laid(db, portfolio, framework, TODAY), Ask())
    lines = found.lines
    assert sorted(account.name for account in lines.accounts) == ["Abroad", "Here", "Once"]
    gains = {
        lines.accounts[int(a)].name: [part.gain for part in slices]
        for a, symbol, slices in zip(lines.account, lines.symbols, lines.slices, strict=True)
        if symbol == "SPY"
    }
    # ten at 209.92 that cost 4 dollars, 4 francs at 1.5 dollars, and what nobody knows
    assert gains == {"Here": [pytest.approx(2_059.2)], "Abroad": [pytest.approx(2_039.2)], "Once": [None]}
    assert set(found.where.classes) >= {"SPY"}
