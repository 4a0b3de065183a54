"""An account: taxable in dollars unless it is said otherwise."""

from __future__ import annotations

from keel.domain.portfolio.account import Account, AccountKind


def test_an_account_is_taxable_and_in_dollars_unless_said_otherwise() -> None:
    assert (Account("Main").kind, Account("Main").currency) == (AccountKind.taxable, "USD")


def test_the_kinds_are_those_that_accounts_may_be_given() -> None:
    assert [kind.value for kind in AccountKind] == ["taxable", "deferred", "exempt"]
