"""The universe in columns is made once, and again when products or prices change."""

from __future__ import annotations

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.services.shared.universe import columns
from keel.store import instruments
from keel.store.connection import Database


def test_columns_are_kept_until_a_product_changes() -> None:
    db = Database.open(":memory:")
    instruments.upsert_many(db, [Instrument("1", "AAA", "A", InstrumentType.etf)])
    first = columns(db)
    assert columns(db) is first
    instruments.upsert_many(db, [Instrument("2", "BBB", "B", InstrumentType.etf)])
    assert [product.symbol for product in columns(db).universe] == ["AAA", "BBB"]
    db.close()
