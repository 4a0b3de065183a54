"""Keel's own list of holdings states what its accounts hold, a record a lot."""

from __future__ import annotations

from datetime import date

from keel.domain.portfolio.activity import ActivityKind
from keel.sources.brokers import keel

AS_OF = date(2026, 6, 30)


def test_each_lot_is_an_opening_with_what_it_cost_and_the_rest_one_without() -> None:
    text = b"symbol,quantity,account,cost,acquired\nVTI,10,IRA,200,2020-01-31\nVTI,5,IRA,,\nCASH,1000,,,\n"
    reading = keel.read(text, "h.csv", AS_OF)
    lot, rest, cash = reading.activities
    assert {a.kind for a in reading.activities} == {ActivityKind.opening}
    assert (lot.account, lot.quantity, lot.amount, lot.acquired) == ("IRA", 10, -2_000, date(2020, 1, 31))
    assert (rest.quantity, rest.amount, rest.acquired) == (5, None, None)
    assert (cash.account, cash.symbol, cash.quantity, cash.date) == ("Main", "CASH", 1_000, AS_OF)
    assert [account.name for account in reading.accounts] == ["IRA", "Main"]


def test_what_is_said_beside_the_quantities_is_kept() -> None:
    reading = keel.read(b"symbol,quantity,price,role,no_sell\nVTI,10,250,frozen,true\n", "h.csv", AS_OF)
    (vti,) = reading.stated
    assert (vti.role, vti.price, vti.no_sell, vti.no_buy) == ("frozen", 250, True, False)
