"""Which account of cash belongs to which account of securities."""

from __future__ import annotations

from keel.sources.brokers.statement.pairs import households


def test_cash_that_serves_one_account_alone_belongs_to_it() -> None:
    assert households([("Depot", "Giro"), ("Depot", "Giro")]) == {"Giro": "Depot"}


def test_what_is_shared_or_one_of_two_belongs_to_none() -> None:
    assert households([("A", "Giro"), ("B", "Giro")]) == {}
    assert households([("A", "Giro"), ("A", "Tagesgeld")]) == {}
    assert households([("A", ""), ("", "Giro")]) == {}
