"""The stored universe in columns, made once for the products and prices of now."""

from __future__ import annotations

import threading

from keel.domain.mapping.columns import Columns, columns_of
from keel.store import instruments, prices
from keel.store.connection import Database
from keel.store.memory import Memory

_columns: Memory[Columns] = Memory(1)  # 50,000 products take two seconds to make ready, and 50 MB
_making = threading.Lock()  # who asks while they are made ready waits for them


def columns(db: Database) -> Columns:
    """The universe and its price series, kept until either changes; who has brought nothing has those of everybody."""
    teller = told_by(db)
    with _making:
        key = (db.revision("instruments"), prices.revision(teller))
        return _columns.recall(teller, key, lambda: columns_of(instruments.universe(db), prices.coverage(db)))


def told_by(db: Database) -> Database:
    """The database as the owner of what is told of products and prices: the sample's alone where this one brought none.

    What rests on nothing else is the same for all who have brought nothing.
    """
    tellers = (instruments.told_by(db), prices.told_by(db))
    return db if db in tellers else tellers[0]
