"""A typed table: what it changes, and nothing else; to be undone like an import."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.domain.portfolio.records import Portfolio
from keel.errors import EditConflictError, InputError
from keel.services.holdings import intake, show, table
from keel.services.shared.held import books
from keel.store import frameworks, portfolios
from keel.store.connection import Database
from keel.store.holdings.positions import Stored

TODAY = date(2026, 1, 8)
VTI = Position("VTI", 10, lots=(Lot(10, 90.0, date(2020, 1, 31), "USD"),))
CASH = Position("CASH", 500)


def positions(db: Database, portfolio: Portfolio) -> list[Position]:
    return [h.stored.position for h in show.show(db, portfolio.id, TODAY).holdings]


def test_what_is_typed_is_held_and_typing_it_again_changes_nothing(db: Database, portfolio: Portfolio) -> None:
    assert table.put(db, portfolio.id, (VTI, CASH), TODAY) is not None
    assert positions(db, portfolio) == [replace(VTI, currency=""), replace(CASH, currency="USD")]
    assert table.put(db, portfolio.id, (VTI, CASH), TODAY) is None
    plain = replace(VTI, lots=(replace(VTI.lots[0], currency=""),))
    assert table.put(db, portfolio.id, (plain, CASH), TODAY) is None  # its account's currency


def test_a_role_a_limit_and_a_bucket_change_no_record_and_can_be_undone(db: Database, portfolio: Portfolio) -> None:
    table.put(db, portfolio.id, (VTI, CASH), TODAY)
    set_aside = replace(VTI, role=Role.frozen, no_buy=True, bucket="A/Bonds")
    change = table.put(db, portfolio.id, (set_aside, CASH), TODAY)
    assert change is not None
    assert change.records == 0
    vti = positions(db, portfolio)[0]
    assert (vti.role, vti.no_buy, vti.bucket, vti.lots) == (Role.frozen, True, "A/Bonds", VTI.lots)
    intake.undo(db, change.id)
    assert positions(db, portfolio)[0].role is Role.tradable


def test_what_is_left_out_of_the_table_is_gone_an_account_as_a_whole_too(db: Database, portfolio: Portfolio) -> None:
    table.put(db, portfolio.id, (VTI, CASH, Position("BND", 3, account="IRA")), TODAY)
    table.put(db, portfolio.id, (VTI,), TODAY)
    assert [(p.symbol, p.account) for p in positions(db, portfolio)] == [("VTI", "Main")]


def test_kinds_of_accounts_are_set_by_name(db: Database, portfolio: Portfolio) -> None:
    table.put(db, portfolio.id, (VTI,), TODAY, (Account("Main", AccountKind.deferred, "USD"),))
    ((account, _),) = show.show(db, portfolio.id, TODAY).accounts
    assert account.kind is AccountKind.deferred


def test_rows_that_contradict_each_other_and_strange_buckets_are_refused(db: Database, portfolio: Portfolio) -> None:
    with pytest.raises(InputError, match="Two rows of VTI in Main say different things"):
        table.put(db, portfolio.id, (VTI, replace(VTI, role=Role.frozen)), TODAY)
    with pytest.raises(InputError, match="no bucket of the framework"):
        table.put(db, portfolio.id, (replace(VTI, bucket="A/Gold"),), TODAY)


def test_the_price_that_a_list_told_stays_when_the_table_is_typed_over(db: Database, portfolio: Portfolio) -> None:
    table.put(db, portfolio.id, (Position("ODD", 4, 25.0),), TODAY)
    table.put(db, portfolio.id, (Position("ODD", 5, 25.0),), TODAY)
    assert show.show(db, portfolio.id, TODAY).value == 125


def test_a_new_account_is_taxed_as_its_name_says_until_it_is_said(db: Database, portfolio: Portfolio) -> None:
    def kinds() -> dict[str, str]:
        return {account.name: account.kind.value for account, _ in show.show(db, portfolio.id, TODAY).accounts}

    rows = tuple(replace(VTI, account=name) for name in ("Roth IRA", "401(k)", "Brokerage"))
    table.put(db, portfolio.id, rows, TODAY)
    assert kinds() == {"Roth IRA": "exempt", "401(k)": "deferred", "Brokerage": "taxable"}
    table.put(db, portfolio.id, rows, TODAY, [Account("Roth IRA", AccountKind.taxable)])
    table.put(db, portfolio.id, (CASH, *rows), TODAY)
    assert kinds()["Roth IRA"] == "taxable"


def outside(db: Database, portfolio: Portfolio) -> Stored:
    """What is held of a product that no bucket takes."""
    table.put(db, portfolio.id, (VTI, Position("GLD", 2, 50.0), CASH), TODAY)
    return next(h.stored for h in show.show(db, portfolio.id, TODAY).holdings if h.stored.position.symbol == "GLD")


GOLD = table.Addition("Gold", 0.1)


def test_a_holding_outside_gets_a_bucket_of_its_own(db: Database, portfolio: Portfolio) -> None:
    after = table.put_in_new_bucket(db, portfolio, GOLD, outside(db, portfolio), TODAY)
    assert (after.id, after.version, after.framework_version, after.picks) == (portfolio.id, 2, 2, portfolio.picks)
    targets = {b.path: round(b.target_weight, 12) for b in frameworks.get(db, portfolio.framework_id).buckets}
    assert targets == {"A/Equity": 0.54, "A/Bonds": 0.36, "A/Gold": 0.1}
    assert {p.symbol: p.bucket for p in positions(db, portfolio)} == {"VTI": "", "GLD": "A/Gold", "CASH": ""}
    assert portfolios.get(db, portfolio.id) == after


def test_where_the_portfolio_was_edited_meanwhile_its_framework_gets_no_bucket_either(
    db: Database, portfolio: Portfolio
) -> None:
    held = outside(db, portfolio)
    portfolios.save(db, replace(portfolio, picks=portfolio.picks[:1]))
    with pytest.raises(EditConflictError):
        table.put_in_new_bucket(db, portfolio, GOLD, held, TODAY)
    assert frameworks.get(db, portfolio.framework_id).version == 1
    assert [p.bucket for p in positions(db, portfolio)] == ["", "", ""]


def test_where_the_holdings_cannot_be_written_nothing_is(
    db: Database, portfolio: Portfolio, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = outside(db, portfolio)

    def refuse(*_: object) -> None:
        raise InputError("No.")

    monkeypatch.setattr(books, "record", refuse)
    with pytest.raises(InputError, match="No"):
        table.put_in_new_bucket(db, portfolio, GOLD, held, TODAY)
    assert frameworks.get(db, portfolio.framework_id).version == 1
    assert portfolios.get(db, portfolio.id) == portfolio
