"""Positions are written whole, with their lots, and read back by account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keel.domain.portfolio.account import Account
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.store import names
from keel.store.connection import Database
from keel.store.holdings import accounts, positions
from keel.store.holdings.positions import Stored

JAN = date(2026, 1, 5)


def test_what_is_written_is_read_and_the_next_takes_its_place(store: Database) -> None:
    vti = store.transact(lambda cursor: names.resolve(cursor, ["VTI"]))["VTI"]
    accounts.add(store, "p", [Account("Main"), Account("IRA")])
    lots = (Lot(4, 90.0), Lot(6, 95.0, JAN))
    held = Position("VTI", 10, 99.0, Role.frozen, "IRA", True, False, "A/B", lots, "EUR")
    cash = [Stored(Position("CASH", 5, currency=money), "CASH") for money in ("EUR", "USD")]
    positions.replace_all(store, "p", [Stored(held, vti, JAN), *cash])
    euros, dollars, first = positions.list_for(store, "p")
    assert (first, first.priced_on) == (Stored(held, vti, JAN), JAN)
    assert [one.position.currency for one in (euros, dollars)] == ["EUR", "USD"]
    positions.replace_all(store, "p", [Stored(replace(held, lots=()), vti)])
    assert [one.position.lots for one in positions.list_for(store, "p")] == [()]
    assert positions.list_for(store.of("ann"), "p") == ()


def test_what_all_portfolios_hold_is_read_at_once_without_lots(store: Database) -> None:
    for portfolio in ("p", "q"):
        accounts.add(store, portfolio, [Account("Main")])
        held = Position("CASH", 5, lots=(), currency="USD")
        positions.replace_all(store, portfolio, [Stored(held, "CASH")])
    found = positions.of_all(store)
    assert {id: [one.position.quantity for one in many] for id, many in found.items()} == {"p": [5], "q": [5]}
    assert positions.of_all(store.of("ann")) == {}
