"""What is held once orders were carried out."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.plan.execution import Fill, held_after
from keel.domain.plan.gains import Tax
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.errors import InputError

TODAY = date(2026, 6, 1)
WHEN = (TODAY, Tax())
OLD = Lot(5, 50.0, date(2020, 1, 1))
DEAR = Lot(5, 120.0, date(2026, 1, 1))


def test_lots_go_in_their_order_and_purchases_are_lots_of_the_day() -> None:
    before = [Position("A", 10, lots=(OLD, DEAR)), Position("CASH", 20, currency="USD")]
    fills = [Fill("Main", "A", -7, 100.0), Fill("Main", "B", 14, 50.0)]
    first, cash, bought = held_after(before, fills, {"Main": 0.0}, "USD", WHEN)
    assert (first.quantity, first.lots) == (3.0, (Lot(3, 50.0, OLD.acquired),))
    assert (bought.quantity, bought.lots) == (14.0, (Lot(14, 50.0, TODAY, "USD"),))
    assert cash.quantity == 20.0


def test_picked_lots_go_first_and_cash_of_an_account_changes() -> None:
    before = [Position("A", 10, account="T", lots=(OLD, DEAR))]
    rows = held_after(before, [Fill("T", "A", -5, 100.0, picked=(0,))], {"T": 500.0}, "USD", WHEN)
    assert rows[0].lots == (DEAR,)
    assert (rows[1].symbol, rows[1].quantity, rows[1].account) == ("CASH", 500.0, "T")


def test_what_is_sold_out_leaves_and_more_than_there_is_is_refused() -> None:
    rows = held_after([Position("A", 10)], [Fill("Main", "A", -10, 1.0)], {"Main": 10.0}, "USD", WHEN)
    assert [(p.symbol, p.quantity) for p in rows] == [("CASH", 10.0)]
    with pytest.raises(InputError, match="not enough A"):
        held_after([Position("A", 10)], [Fill("Main", "A", -11, 1.0)], {}, "USD", WHEN)
    with pytest.raises(InputError, match="not enough cash in Main"):
        held_after([], [], {"Main": -1.0}, "USD", WHEN)
