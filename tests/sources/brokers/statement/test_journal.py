"""What rows do, noted down: signs, missing amounts, cancelled trades, and what cannot be held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.sources.brokers.samples import shorts

from keel.domain.reading.place import Place
from keel.errors import ImportFormatError
from keel.sources.brokers.statement.journal import Effect, Entry, Journal

HERE, DAY = Place("f.csv", 2, "Action"), date(2026, 5, 4)
TRADE = Entry(HERE, DAY, "VTI", 2.0, 100.0, fee=5.0)


def noted(*posts: tuple[Effect, Entry]) -> list[str]:
    journal = Journal(HERE, DAY)
    for effect, entry in posts:
        journal.post(effect, entry)
    return [line.removesuffix(" (Main)") for line in shorts(journal.reading("test"))]


def test_what_a_trade_leaves_unsaid_follows_from_the_rest() -> None:
    assert noted((Effect.buy, TRADE)) == ["buy 2 VTI -205.00 USD"]
    assert noted((Effect.sell, replace(TRADE, quantity=-2.0))) == ["sell 2 VTI +195.00 USD"]
    assert noted((Effect.buy, replace(TRADE, amount=205.0))) == ["buy 2 VTI -205.00 USD"]


def test_a_trade_that_leaves_too_much_unsaid_is_said() -> None:
    journal = Journal(HERE, DAY)
    journal.post(Effect.buy, replace(TRADE, price=None))
    journal.post(Effect.sell, replace(TRADE, quantity=0.0, amount=7.0))
    journal.post(Effect.stock_split, replace(TRADE, quantity=0.0))
    journal.post(Effect.buy, replace(TRADE, symbol=""))
    reading = journal.reading("test")
    assert shorts(reading) == ["transfer_in 2 VTI (Main)", "sell 7 CASH +7.00 USD (Main)"]
    assert [c.code for c in reading.complaints] == ["cost_unknown", "no_quantity", "no_quantity", "no_product"]


def test_a_dividend_told_with_its_units_is_a_dividend_and_a_purchase() -> None:
    told = noted((Effect.reinvested, replace(TRADE, amount=12.5)))
    assert told == ["dividend 0 VTI +12.50 USD", "buy 2 VTI -12.50 USD"]


def test_a_cancelled_trade_goes_wherever_it_stands() -> None:
    other = replace(TRADE, symbol="BND")
    back = replace(TRADE, quantity=-2.0, amount=205.0)
    told = noted((Effect.cancelled, back), (Effect.buy, TRADE), (Effect.buy, other))
    assert told == ["buy 2 BND -205.00 USD"]


def test_cash_and_units_come_and_go() -> None:
    cash = Entry(HERE, DAY, amount=-50.0)
    assert noted((Effect.cash, cash)) == ["withdrawal 50 CASH -50.00 USD"]
    assert noted((Effect.moved, cash)) == ["transfer_out 50 CASH -50.00 USD"]
    assert noted((Effect.moved, replace(TRADE, amount=200.0))) == ["transfer_in 2 VTI"]
    assert noted((Effect.delivered, replace(TRADE, quantity=-2.0, amount=200.0))) == ["transfer_out 2 VTI -200.00 USD"]


def test_what_cannot_be_held_is_said_and_its_cash_counted() -> None:
    journal = Journal(HERE, DAY)
    journal.post(Effect.buy, replace(TRADE, symbol="META 06/21/2024 450.00 C", amount=-300.0))
    journal.post(Effect.interest, replace(TRADE, symbol="912810SP4", name="US TREASURY 1.375%08/50", amount=6.0))
    reading = journal.reading("test")
    assert shorts(reading) == ["buy 300 CASH -300.00 USD (Main)", "interest 6 CASH +6.00 USD (Main)"]
    assert [(c.code, c.subject) for c in reading.complaints] == [("not_taken", "row 2, Action")]


def test_a_reverse_split_in_two_rows_is_one() -> None:
    gone, new = replace(TRADE, quantity=-100.0), replace(TRADE, quantity=10.0)
    assert noted((Effect.stock_split, gone), (Effect.stock_split, new)) == ["split -90 VTI"]


def test_pence_are_pounds_and_unknown_money_is_said() -> None:
    assert noted((Effect.buy, replace(TRADE, currency="GBp", amount=-20_500.0))) == ["buy 2 VTI -205.00 GBP"]
    assert noted((Effect.buy, replace(TRADE, currency="usd"))) == ["buy 2 VTI -205.00 USD"]
    journal = Journal(HERE, DAY)
    journal.post(Effect.buy, replace(TRADE, currency="DOGE"))
    assert [c.code for c in journal.reading("test").complaints] == ["unknown_currency"]


def test_what_has_no_amount_is_said() -> None:
    journal = Journal(HERE, DAY)
    for effect in (Effect.dividend, Effect.cash, Effect.moved, Effect.interest):
        journal.post(effect, Entry(HERE, DAY, what="Something"))
    assert [c.code for c in journal.reading("test").complaints] == ["no_amount"] * 4


def test_a_file_of_nothing_is_refused() -> None:
    with pytest.raises(ImportFormatError, match="holds no holdings and no activities"):
        Journal(HERE, DAY).reading("test")
