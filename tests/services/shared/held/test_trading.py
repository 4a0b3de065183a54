"""What every plan of a portfolio may trade: in accounts that hold something, with gains in their own currency only."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.plan.ask import Ask
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.services import example
from keel.services.holdings.table import put
from keel.services.shared.held.laid import require_laid
from keel.services.shared.held.trading import trading
from keel.store import frameworks
from keel.store.connection import Database

TODAY = date(2026, 7, 1)


def test_accounts_that_hold_nothing_and_lots_of_another_currency_are_left_out(db: Database) -> None:
    portfolio = example.open_example(db)
    lots = (Lot(10.0, 4.0, date(2020, 1, 2)),)
    held = [Position("SPY", 10.0, account=name, lots=lots) for name in ("Here", "Abroad")]
    put(db, portfolio.id, held, TODAY, (Account("Here"), Account("Abroad", currency="CHF"), Account("Empty")))
    framework = frameworks.get(db, portfolio.framework_id)
    found = trading(db, portfolio.id, "USD", require_laid(db, portfolio, framework, TODAY), Ask())
    lines = found.lines
    assert [account.name for account in lines.accounts] == ["Here", "Abroad"]
    gains = {
        lines.accounts[int(a)].name: [part.gain for part in slices]
        for a, symbol, slices in zip(lines.account, lines.symbols, lines.slices, strict=True)
        if symbol == "SPY"
    }
    assert gains == {"Here": [pytest.approx(2_059.2)], "Abroad": [None]}  # ten at 209.92 that cost 4
    assert set(found.where.classes) >= {"SPY"}
