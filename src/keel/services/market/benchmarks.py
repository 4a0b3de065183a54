"""What can stand beside a study."""

from __future__ import annotations

from keel.domain.market.instrument import InstrumentType
from keel.store import instruments, prices
from keel.store.connection import Database


def benchmarks(db: Database) -> tuple[str, ...]:
    """The symbols that can stand beside a study: series first, then funds, each with prices of its own."""
    priced = {series.symbol for series in prices.coverage(db)}
    known = [i for i in instruments.universe(db) if i.symbol in priced and i.type is not InstrumentType.stock]
    return tuple(i.symbol for i in sorted(known, key=lambda i: (i.type is not InstrumentType.index, i.symbol)))
