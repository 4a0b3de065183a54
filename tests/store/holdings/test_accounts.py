"""Accounts are made by name, once, and changed by name."""

from __future__ import annotations

from keel.domain.portfolio.account import Account, AccountKind
from keel.store.connection import Database
from keel.store.holdings import accounts


def test_an_account_is_made_once_and_keeps_what_was_said_of_it(store: Database) -> None:
    first = accounts.add(store, "p", [Account("IRA", AccountKind.deferred, "EUR")])
    assert accounts.add(store, "p", [Account("IRA"), Account("Main")])["IRA"] == first["IRA"]
    kinds = {a.name: (a.kind, a.currency) for a in accounts.list_for(store, "p")}
    assert kinds == {"IRA": (AccountKind.deferred, "EUR"), "Main": (AccountKind.taxable, "USD")}
    accounts.change(store, "p", [Account("Main", AccountKind.exempt, "CHF")])
    assert {a.name: a.kind for a in accounts.list_for(store, "p")}["Main"] is AccountKind.exempt


def test_accounts_are_their_owners(store: Database) -> None:
    accounts.add(store.of("ann"), "p", [Account("Main")])
    assert accounts.list_for(store, "p") == ()
    assert [a.name for a in accounts.list_for(store.of("ann"), "p")] == ["Main"]
