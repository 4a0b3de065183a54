"""Accounts by what files call them."""

from __future__ import annotations

import pytest

from keel.sources.brokers.statement.accounts import account_kind, account_name, numbered


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Individual - TOD", "taxable"),
        ("ROTH IRA", "exempt"),
        ("Rollover_IRA …567", "taxable"),
        ("Rollover IRA …567", "deferred"),
        ("ACME 401(K) PLAN", "deferred"),
        ("Health Savings Account", "exempt"),
        ("Miracle fund", "taxable"),
    ],
)
def test_a_name_says_how_an_account_is_taxed(name: str, kind: str) -> None:
    assert account_kind(name) == kind


def test_a_number_is_shown_by_its_last_digits() -> None:
    assert account_name("Brokerage XXXX-1234") == account_name("Brokerage ...1234") == "Brokerage …1234"
    assert account_name("Individual ...XXX876") == "Individual …876"
    assert account_name("Rollover_IRA ...567") == "Rollover IRA …567"
    assert numbered("IRA", " 123456789 ") == "IRA …6789"
