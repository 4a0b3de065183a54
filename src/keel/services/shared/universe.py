"""The stored universe in columns, made once for the products and prices of now."""

from __future__ import annotations

from keel.domain.mapping.columns import Columns, columns_of
from keel.store import instruments, prices
from keel.store.connection import Database
from keel.store.memory import Memory

_columns: Memory[Columns] = Memory(1)  # 50,000 products take a second to make ready, and 50 MB


def columns(db: Database) -> Columns:
    """The universe and its price series, kept until either changes."""
    key = (db.revision("instruments"), prices.revision(db))
    return _columns.recall(db, key, lambda: columns_of(instruments.universe(db), prices.coverage(db)))
