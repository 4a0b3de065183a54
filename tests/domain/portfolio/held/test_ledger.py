"""Records add up to positions, lots and cash: by hand, then by property."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.held.ledger import Books, add_up, cash_effect, distinct
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position

JAN, FEB, MAR, APR = (date(2026, month, 5) for month in (1, 2, 3, 4))
K = ActivityKind


def buy(quantity: float, price: float, when: date = JAN, symbol: str = "VTI", **more: object) -> Activity:
    return Activity(K.buy, when, symbol, quantity, price, -quantity * price, **more)  # type: ignore[arg-type]


def sell(quantity: float, price: float, when: date = MAR, **more: object) -> Activity:
    return Activity(K.sell, when, "VTI", quantity, price, quantity * price, **more)  # type: ignore[arg-type]


def cash(amount: float, when: date = JAN, currency: str = "USD", **more: object) -> Activity:
    kind = K.deposit if amount > 0 else K.withdrawal
    return Activity(kind, when, "CASH", abs(amount), None, amount, currency, **more)  # type: ignore[arg-type]


def opening(quantity: float, symbol: str = "VTI", when: date = FEB, **more: object) -> Activity:
    return Activity(K.opening, when, symbol, quantity, **more)  # type: ignore[arg-type]


def lot(quantity: float, cost: float, acquired: date | None) -> Lot:
    return Lot(quantity, cost, acquired, "USD")


def held(books: Books, symbol: str = "VTI", account: str = "Main") -> Position:
    return next(p for p in books.positions if (p.symbol, p.account) == (symbol, account))


def codes(books: Books) -> list[str]:
    return [finding.code for finding in books.complaints]


def test_a_sale_takes_the_first_lot_first_and_money_moves() -> None:
    books = add_up([[cash(3_000), buy(10, 100), buy(10, 150, FEB), sell(12, 200)]])
    assert held(books).lots == (lot(8, 150, FEB),)
    assert held(books, "CASH").quantity == 3_000 - 1_000 - 1_500 + 2_400
    assert books.complaints == ()


def test_a_sale_that_names_its_lot_takes_that_one() -> None:
    books = add_up([[buy(10, 100), buy(10, 150, FEB), sell(4, 200, acquired=FEB)]])
    assert held(books).lots == (lot(10, 100, JAN), lot(6, 150, FEB))


def test_the_cost_of_a_lot_has_its_fees_in_it() -> None:
    bought = Activity(K.buy, JAN, "VTI", 10, 100.0, -1_005.0, fee=5.0)
    assert held(add_up([[bought]])).lots == (lot(10, 100.5, JAN),)
    assert cash_effect(replace(bought, amount=None)) == -1_005


def test_lots_of_one_day_and_cost_in_two_currencies_are_two() -> None:
    books = add_up([[buy(4, 100), buy(6, 100, currency="EUR")]])
    assert held(books).lots == (Lot(6, 100, JAN, "EUR"), Lot(4, 100, JAN, "USD"))


def test_what_no_list_prices_has_the_price_of_its_last_trade() -> None:
    books = add_up([[buy(10, 100), sell(4, 120, currency="EUR"), Activity(K.split, APR, "VTI", 6)]])
    assert (held(books).price, held(books).currency) == (60, "EUR")  # twice the units, half the price
    assert (books.priced_on, books.traded) == ({("Main", "VTI"): MAR}, frozenset({("Main", "VTI")}))
    listed = add_up([[buy(10, 100, APR)], [opening(10, price=90.0)]])
    assert (held(listed).price, listed.traded) == (90, frozenset())


def test_what_came_from_another_account_has_its_last_trade_and_one_split_counts_once() -> None:
    out = Activity(K.transfer_out, FEB, "VTI", 4)
    both = [out, replace(out, kind=K.transfer_in, account="IRA")]
    splits = [Activity(K.split, MAR, "VTI", 6), Activity(K.split, MAR, "VTI", 4, account="IRA")]
    books = add_up([[buy(10, 100), *both, *splits]])
    assert [(held(books, account=a).quantity, held(books, account=a).price) for a in ("Main", "IRA")] == [
        (12, 50),
        (8, 50),
    ]
    assert books.traded == {("Main", "VTI"), ("IRA", "VTI")}


def test_a_list_that_tells_no_price_leaves_that_of_the_last_trade() -> None:
    books = add_up([[buy(10, 100)], [opening(10)]])
    assert (held(books).price, books.priced_on, len(books.traded)) == (100, {("Main", "VTI"): JAN}, 1)


def test_a_price_in_percent_is_not_taken_for_money() -> None:
    bond = Activity(K.buy, JAN, "VTI", 1_000, 98.5, -985.0)
    assert held(add_up([[bond]])).price == 0.985
    assert held(add_up([[replace(bond, price=None, amount=0.0)]])).price is None


def test_a_split_changes_units_and_costs_alike() -> None:
    books = add_up([[buy(10, 100), Activity(K.split, FEB, "VTI", 10)]])
    assert held(books).lots == (lot(20, 50, JAN),)


def test_a_transfer_keeps_what_it_cost_and_when_it_was_bought() -> None:
    out = Activity(K.transfer_out, FEB, "VTI", 4)
    books = add_up([[buy(10, 100), out, replace(out, kind=K.transfer_in, date=FEB + timedelta(3), account="IRA")]])
    assert held(books).lots == (lot(6, 100, JAN),)
    assert held(books, account="IRA").lots == (lot(4, 100, JAN),)


def test_what_comes_in_from_elsewhere_has_an_unknown_cost_unless_it_says_it() -> None:
    came = Activity(K.transfer_in, FEB, "VTI", 4)
    assert (held(add_up([[came]])).quantity, held(add_up([[came]])).lots) == (4, ())
    said = replace(came, amount=-400.0, acquired=JAN)
    assert held(add_up([[said]])).lots == (lot(4, 100, JAN),)


def test_income_fees_and_taxes_move_cash() -> None:
    lines = [cash(100), *(Activity(k, FEB, "VTI", 0, None, a) for k, a in ((K.dividend, 9.0), (K.tax, -2.0)))]
    lines += [Activity(K.interest, FEB, "CASH", 0, None, 1.0), Activity(K.fee, FEB, "CASH", 0, None, -3.0)]
    assert held(add_up([lines]), "CASH").quantity == 105


def test_cash_is_one_line_an_account_and_currency() -> None:
    books = add_up([[cash(100), cash(50, currency="EUR"), cash(20), cash(5, account="IRA")]])
    lines = {(p.account, p.currency): p.quantity for p in books.positions}
    assert lines == {("Main", "USD"): 120, ("Main", "EUR"): 50, ("IRA", "USD"): 5}


def test_a_sale_of_more_than_is_held_is_said_with_its_row_and_leaves_nothing() -> None:
    books = add_up([[buy(10, 100), sell(12, 200, row=7)]], {"VTI": "Total market"})
    (complaint,) = [c for c in books.complaints if c.code == "sold_more_than_held"]
    assert complaint.subject == "row 7"
    assert complaint.message == "Total market: 12 go on 5 Mar 2026, but 10 are held."
    assert not [p for p in books.positions if p.symbol == "VTI"]


def test_cash_that_nobody_states_is_left_out_and_said() -> None:
    books = add_up([[buy(10, 100)]])
    assert [p.symbol for p in books.positions] == ["VTI"]
    assert codes(books) == ["cash_unknown"]


def test_an_overdrawn_account_is_said_with_the_record_that_took_the_money() -> None:
    books = add_up([[cash(500), buy(10, 100, FEB, row=3)]])
    assert [(c.code, c.subject) for c in books.complaints] == [("overdrawn", "row 3")]


def test_a_list_that_states_cash_below_zero_is_said_with_its_row() -> None:
    books = add_up([[opening(10), opening(-300, "CASH", currency="USD", row=2)]])
    assert [(c.code, c.subject) for c in books.complaints] == [("overdrawn", "row 2")]


def test_a_list_of_holdings_states_all_that_its_account_held_at_the_end_of_the_day() -> None:
    before, after = [buy(10, 100), buy(3, 50, symbol="BND")], [sell(2, 200)]
    books = add_up([before, [opening(8, amount=-640.0), opening(5, "GLD"), opening(70, "CASH")], after])
    assert {(p.symbol, p.quantity) for p in books.positions} == {("VTI", 6), ("GLD", 5), ("CASH", 470)}
    assert held(books).lots == (lot(6, 80, None),)


def test_a_list_that_agrees_with_the_records_keeps_their_lots() -> None:
    books = add_up([[buy(4, 100), buy(4, 120, FEB)], [opening(8, when=MAR, amount=-900.0)]])
    assert held(books).lots == (lot(4, 100, JAN), lot(4, 120, FEB))


def test_a_list_of_one_account_leaves_the_others_alone() -> None:
    books = add_up([[buy(10, 100, account="IRA")], [opening(1)]])
    assert held(books, account="IRA").quantity == 10


def test_a_list_takes_back_what_was_complained_of_before_it() -> None:
    assert codes(add_up([[sell(5, 100, JAN)], [opening(8)]])) == []


def test_of_two_lists_of_one_day_the_last_counts() -> None:
    assert held(add_up([[opening(8)], [opening(9)]])).quantity == 9


def test_the_price_that_a_list_states_bears_its_day() -> None:
    books = add_up([[opening(8, price=210.0, currency="EUR")]])
    assert (held(books).price, held(books).currency, books.priced_on) == (210.0, "EUR", {("Main", "VTI"): FEB})


def test_the_price_of_an_earlier_list_stays_of_its_day_where_a_later_one_tells_none() -> None:
    books = add_up([[opening(4, price=90.0, when=JAN), opening(1, "BND", JAN, price=70.0)], [opening(5, when=MAR)]])
    assert (held(books).quantity, held(books).price, books.priced_on["Main", "VTI"]) == (5, 90, JAN)
    assert ("Main", "BND") not in books.priced_on


def test_rows_that_two_files_tell_are_one_record_and_twice_in_one_file_are_two() -> None:
    first, second = [buy(10, 100), buy(10, 100)], [buy(10, 100, row=9), buy(1, 120, FEB)]
    assert held(add_up([first, second])).quantity == 21
    assert len(distinct([first, second])) == 3


def test_an_adjustment_goes_both_ways() -> None:
    books = add_up([[buy(10, 100), Activity(K.adjustment, FEB, "VTI", -4), Activity(K.adjustment, MAR, "VTI", 1)]])
    assert (held(books).quantity, held(books).lots) == (7, (lot(6, 100, JAN),))


@pytest.mark.parametrize("added", [1.0, -10.0])
def test_a_split_that_fits_nothing_is_said(added: float) -> None:
    bought = [buy(10, 100)] if added < 0 else []
    assert "split_of_nothing" in codes(add_up([[*bought, Activity(K.split, FEB, "VTI", added)]]))


_DAYS = st.integers(0, 5).map(lambda n: JAN + timedelta(n))
_UNITS = st.integers(1, 40).map(lambda n: n / 4)
_BUYS = st.builds(buy, _UNITS, st.sampled_from([10.0, 12.5, 20.0]), _DAYS)
_SALES = st.builds(sell, _UNITS, st.sampled_from([11.0, 15.0]), _DAYS)
_SPLITS = st.builds(lambda when: Activity(K.split, when, "VTI", 1.0), _DAYS)
_CASH = st.builds(cash, st.integers(1, 900).map(float), _DAYS)
_RECORDS = st.lists(st.one_of(_BUYS, _SALES, _CASH, _SPLITS), max_size=12)


@settings(max_examples=60)
@given(_RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_says_nothing(records: list[Activity], random: object) -> None:
    mixed = list(records)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert add_up([mixed]).positions == add_up([records]).positions


@settings(max_examples=60)
@given(_RECORDS)
def test_lots_make_the_quantity_and_nothing_is_below_zero(records: list[Activity]) -> None:
    for position in add_up([records]).positions:
        assert position.quantity > 0
        if position.symbol != "CASH":
            assert math.isclose(sum(lot.quantity for lot in position.lots), position.quantity)


@settings(max_examples=60)
@given(st.lists(_BUYS, max_size=6), st.lists(_SALES, max_size=6))
def test_units_are_conserved_unless_it_is_said(bought: list[Activity], sold: list[Activity]) -> None:
    books = add_up([[*bought, *sold]])
    left = math.fsum(a.quantity for a in bought) - math.fsum(a.quantity for a in sold)
    if "sold_more_than_held" not in codes(books):
        assert math.fsum(p.quantity for p in books.positions) == pytest.approx(left, abs=1e-6)


@settings(max_examples=40)
@given(_RECORDS, _RECORDS)
def test_a_file_taken_back_never_happened_and_one_that_comes_twice_changes_nothing(
    first: list[Activity], second: list[Activity]
) -> None:
    assert add_up([first, [], first]) == add_up([first])
    assert add_up([first, second, first]).positions == add_up([first, second]).positions
