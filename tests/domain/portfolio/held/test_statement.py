"""Statements come together: records add up, and the last word on a position counts."""

from __future__ import annotations

from datetime import date

from keel.domain.portfolio.held.statement import Statement, openings, standing, typed
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role

JAN, FEB = date(2026, 1, 5), date(2026, 2, 5)
VTI = Position("VTI", 10, lots=(Lot(4, 90.0, JAN, "USD"),), currency="USD")


def listed(*held: Position, when: date = JAN, stated: tuple[Position, ...] = ()) -> Statement:
    return Statement(tuple(a for p in held for a in openings(p, when)), stated)


def test_a_position_is_stated_lot_by_lot_and_the_rest_without_a_cost() -> None:
    lot, rest = openings(VTI, FEB)
    assert (lot.quantity, lot.amount, lot.acquired, rest.quantity, rest.amount) == (4, -360, JAN, 6, None)
    assert standing([listed(VTI)]).positions[0].lots == VTI.lots


def test_a_lot_in_another_currency_than_the_price_is_a_record_of_its_own() -> None:
    abroad = Position("VTI", 4, 110.0, lots=(Lot(4, 90.0, JAN, "EUR"),), currency="USD")
    lot, price = openings(abroad, FEB)
    assert (lot.currency, lot.amount, lot.price, price.quantity, price.price) == ("EUR", -360, None, 0, 110)
    assert standing([listed(abroad)]).positions == (abroad,)


def test_the_last_word_on_a_position_counts_and_none_takes_it_back() -> None:
    frozen, free = Position("VTI", 0, role=Role.frozen), Position("VTI", 0, no_buy=True)
    first, second = listed(VTI, stated=(frozen,)), Statement(stated=(free,))
    assert standing([first]).positions[0].role is Role.frozen
    both = standing([first, second]).positions[0]
    assert (both.role, both.no_buy) == (Role.tradable, True)


def test_a_price_that_is_said_wins_until_a_newer_list_comes() -> None:
    told, said = Position("VTI", 10, 200.0), Position("VTI", 0, 250.0)
    books = standing([listed(told, stated=(said,))])
    assert (books.positions[0].price, books.priced_on) == (250.0, {})
    newer = standing([listed(told, stated=(said,)), listed(told, when=FEB)])
    assert (newer.positions[0].price, newer.priced_on) == (200.0, {("Main", "VTI"): FEB})


def test_a_table_changes_the_accounts_that_differ_and_no_others() -> None:
    ira = Position("BND", 5, account="IRA")
    assert typed((VTI, ira), (VTI, ira), FEB) == Statement()
    change = typed((VTI, ira), (VTI, Position("BND", 6, account="IRA")), FEB)
    assert [(a.account, a.quantity) for a in change.activities] == [("IRA", 6)]
    emptied = typed((VTI, ira), (VTI,), FEB)
    assert [(a.account, a.symbol, a.quantity) for a in emptied.activities] == [("IRA", "CASH", 0)]


def test_a_setting_alone_is_no_record() -> None:
    frozen = Position("VTI", 10, role=Role.frozen, lots=VTI.lots, currency="USD")
    assert typed((VTI,), (frozen,), FEB) == Statement((), (frozen,))


def test_a_table_that_replaces_a_list_keeps_the_prices_it_told_of_their_day() -> None:
    told = Position("ODD", 4, 25.0, currency="USD")
    change = typed((Position("ODD", 4),), (Position("ODD", 5),), FEB)
    books = standing([listed(told), change])
    assert [(p.quantity, p.price) for p in books.positions] == [(5, 25)]
    assert books.priced_on == {("Main", "ODD"): JAN}
