"""Records and the positions that they add up to are written together, and taken back together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from tests.engine import blank
from tests.services.portfolios import portfolio

from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.held.statement import Statement
from keel.domain.portfolio.records import Portfolio
from keel.services.shared.held import books
from keel.store.connection import Database
from keel.store.holdings import positions
from keel.store.holdings.imports import Import
from keel.store.integrity import integrity

JAN, FEB = date(2026, 1, 5), date(2026, 2, 5)
BOUGHT = Activity(ActivityKind.buy, JAN, "VTI", 10, 100.0, -1_000.0)
PAID_IN = Activity(ActivityKind.deposit, JAN, "CASH", 0, None, 1_500.0)
SOLD = Activity(ActivityKind.sell, FEB, "VTI", 4, 120.0, 480.0, account="Main")


@pytest.fixture
def db() -> Iterator[Database]:
    """An empty database."""
    opened = blank()
    yield opened
    opened.close()


def held(db: Database, mine: Portfolio) -> dict[str, float]:
    return {one.position.symbol: one.position.quantity for one in positions.list_for(db, mine.id)}


def test_each_import_adds_to_what_is_held_and_its_undoing_takes_it_away(db: Database) -> None:
    mine = portfolio(db, {"VTI": 1.0})
    books.record(db, Import(mine.id, "Test", "a.csv", "a"), Statement((BOUGHT, PAID_IN)))
    second = books.record(db, Import(mine.id, "Test", "b.csv", "b"), Statement((SOLD,)))
    assert held(db, mine) == {"VTI": 6, "CASH": 980}
    assert [lot.quantity for lot in positions.list_for(db, mine.id)[0].position.lots] == [6]
    books.undo(db, second.id)
    assert held(db, mine) == {"VTI": 10, "CASH": 500}
    assert integrity(db) == ()


def test_what_fails_on_the_way_leaves_everything_as_it_was(db: Database) -> None:
    mine = portfolio(db, {"VTI": 1.0})
    broken = Activity(ActivityKind.buy, None, "VTI", 1)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="date"):
        books.record(db, Import(mine.id, "Test", "a.csv", "a"), Statement((BOUGHT, broken)))
    assert held(db, mine) == {}


def test_a_record_changes_what_is_known_of_products_only_where_it_names_a_new_one(db: Database) -> None:
    mine = portfolio(db, {"VTI": 1.0})
    before = db.revision("instruments")
    books.record(db, Import(mine.id, "Test", "a.csv", "a"), Statement((BOUGHT, PAID_IN)))
    assert db.revision("instruments") == before  # or everybody's products and prices would be read anew
    books.record(db, Import(mine.id, "Test", "b.csv", "b"), Statement((replace(BOUGHT, symbol="NEW"),)))
    assert db.revision("instruments") == before + 1
    assert held(db, mine) == {"VTI": 10, "NEW": 10}
