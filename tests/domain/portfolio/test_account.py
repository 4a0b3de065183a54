"""An account: taxable in dollars unless its name or a person says otherwise."""

from __future__ import annotations

import pytest

from keel.domain.portfolio.account import Account, AccountKind, account_of, kind_of


def test_an_account_is_taxable_and_in_dollars_unless_said_otherwise() -> None:
    assert (Account("Main").kind, Account("Main").currency) == (AccountKind.taxable, "USD")
    assert account_of("My IRA", "CHF") == Account("My IRA", AccountKind.deferred, "CHF")


def test_the_kinds_are_those_that_accounts_may_be_given() -> None:
    assert [kind.value for kind in AccountKind] == ["taxable", "deferred", "exempt"]


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (("Individual - TOD", "Rollover_IRA …567", "Miracle fund", "Simple", "Brokerage", "Visa"), "taxable"),
        (("Rollover IRA …567", "ACME 401(K) PLAN", "401(k)", "403(b)", "457(b)", "SEP-IRA", "IRA"), "deferred"),
        (("SIPP", "RRSP", "Säule 3a", "Pillar 3a"), "deferred"),
        (("ROTH IRA", "Roth 401(k)", "Health Savings Account", "ISA", "Stocks & Shares ISA", "LISA"), "exempt"),
        (("TFSA", "PEA", "HSA"), "exempt"),
    ],
)
def test_a_name_says_how_an_account_is_taxed(names: tuple[str, ...], kind: str) -> None:
    assert {kind_of(name).value for name in names} == {kind}
