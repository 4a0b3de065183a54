"""Imports of holdings keep their records as they came, in order, and are their owners'."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.held.statement import Statement
from keel.domain.portfolio.position import Position, Role
from keel.errors import ImportNotFoundError
from keel.store import names
from keel.store.connection import Database
from keel.store.holdings import accounts, imports
from keel.store.holdings.imports import Import, Told

JAN = date(2026, 1, 5)


def statement(store: Database) -> Statement:
    vti = store.transact(lambda cursor: names.resolve(cursor, ["VTI"]))["VTI"]
    bought = Activity(ActivityKind.buy, JAN, vti, 10, 100.0, -1_005.0, "EUR", 5.0, "IRA", row=2, acquired=JAN)
    paid_in = Activity(ActivityKind.deposit, JAN, "CASH", 0, None, 2_000.0, "EUR", account="IRA", row=3)
    return Statement((bought, paid_in), (Position(vti, 0.0, 99.0, Role.frozen, "IRA", no_buy=True, bucket="A/B"),))


def test_records_and_what_is_said_beside_them_come_back_as_they_were(store: Database) -> None:
    told = statement(store)
    made = imports.add(store, Import("p", "Test", "a.csv", "sha"), told, (Account("IRA", AccountKind.exempt, "EUR"),))
    assert imports.told(store, "p") == (Told(made, told),)
    assert accounts.list_for(store, "p")[0].kind is AccountKind.exempt
    assert (imports.get(store, made.id), made.records) == (made, 2)
    assert imports.find_same(store, "p", "sha") == made
    assert imports.find_same(store, "q", "sha") is None


def test_an_undone_import_says_nothing_more(store: Database) -> None:
    made = imports.add(store, Import("p", "Test", "a.csv", "sha"), statement(store))
    assert imports.undo(store, made.id).undone_at is not None
    assert imports.undo(store, made.id).undone_at is not None
    assert (imports.active(store, "p"), imports.told(store, "p")) == ((), ())
    assert (imports.ever(store, "p"), imports.ever(store, "q")) == (True, False)
    assert imports.find_same(store, "p", "sha") is None


def test_nobody_else_reads_or_undoes_an_import(store: Database) -> None:
    made = imports.add(store.of("ann"), Import("p", "Test", "a.csv", "sha"), statement(store))
    assert imports.told(store, "p") == ()
    for ask in (imports.get, imports.undo):
        with pytest.raises(ImportNotFoundError):
            ask(store, made.id)
