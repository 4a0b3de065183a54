"""Imports of products as rows: beside the sample's facts, and gone again without a trace."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from keel.domain.market.instrument import InstrumentType, new_id
from keel.errors import ImportNotFoundError, InputError
from keel.store import instruments
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.market import products
from keel.store.market.products import Arrival, Fact, UniverseImport

ETF = InstrumentType.etf
FEE = Fact("SPY", "expense_ratio", "0.5", "your file", date(2026, 1, 1))
TYPE = Fact("NEW", "type", '"ETF"', "your file", date(2026, 1, 1))


def made(sha: str = "1") -> UniverseImport:
    return UniverseImport("u.csv", "csv", sha, 2, 2)


def tables(db: Database) -> list[object]:
    with db.cursor() as cursor:
        names = ("instruments", "instrument_names", "instrument_facts", "replaced_facts")
        return [cursor.execute(f"select count(*), sum(hash(t)) from {name} t").fetchall() for name in names]


def test_an_undone_import_leaves_the_tables_as_they_were(db: Database) -> None:
    before, fee = tables(db), instruments.find(db, "SPY")
    one = products.add(db, [Arrival("SPY", ETF), Arrival("NEW", ETF, "US9229087690")], [FEE, TYPE], made())
    assert (one.created, products.active(db), integrity(db)) == (1, (one,), ())
    found = instruments.find(db, "SPY")
    assert found is not None
    assert fee is not None
    assert (found.id, found.expense_ratio) == (fee.id, 0.5)
    assert instruments.get(db, new_id(ETF, "NEW")).symbol == "NEW"
    undone = products.undo(db, one.id)
    assert products.undo(db, one.id).id == undone.id
    assert (tables(db), products.active(db), instruments.find(db, "SPY")) == (before, (), fee)


def test_facts_may_come_one_by_one_and_are_counted(db: Database) -> None:
    one = products.add(db, [Arrival("SPY", ETF), Arrival("NEW", ETF)], iter([FEE, TYPE]), replace(made(), facts=0))
    assert one.facts == products.get(db, one.id).facts == 2
    nothing = products.add(db, [Arrival("SPY", ETF)], [], made("2"))
    assert nothing.facts == products.get(db, nothing.id).facts == 0


def test_what_a_later_import_replaced_is_undone_in_turn(db: Database) -> None:
    first = products.add(db, [Arrival("SPY", ETF)], [FEE], made("1"))
    after = tables(db)
    second = products.add(db, [Arrival("SPY", ETF)], [FEE._replace(value="0.6")], made("2"))
    assert products.find_same(db, "1") is None
    assert products.find_same(db, "2") == second
    with pytest.raises(InputError, match=f"followed by {second.id}"):
        products.undo(db, first.id)
    products.undo(db, second.id)
    assert tables(db) == after
    assert products.find_same(db, "1") == first
    products.undo(db, first.id)
    with pytest.raises(ImportNotFoundError):
        products.undo(db, "imp_none")


def test_an_id_that_another_symbol_bears_now_is_not_taken(db: Database) -> None:
    held = instruments.find(db, "SPY")
    assert held is not None
    instruments.upsert_many(db, [replace(held, symbol="SPYX")])
    products.add(db, [Arrival("SPY", held.type)], [TYPE._replace(symbol="SPY")], made())
    assert instruments.get(db, held.id).symbol == "SPYX"
    again = instruments.find(db, "SPY")
    assert again is not None
    assert again.id != held.id
