"""Accounts by what files call them."""

from __future__ import annotations

from keel.sources.brokers.statement.accounts import account_name, numbered


def test_a_number_is_shown_by_its_last_digits() -> None:
    assert account_name("Brokerage XXXX-1234") == account_name("Brokerage ...1234") == "Brokerage …1234"
    assert account_name("Individual ...XXX876") == "Individual …876"
    assert account_name("Rollover_IRA ...567") == "Rollover IRA …567"
    assert numbered("IRA", " 123456789 ") == "IRA …6789"
