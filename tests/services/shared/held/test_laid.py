"""What is held, laid beside the book of a version that need not be stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from tests.engine import blank

from keel.domain.framework.records import Bucket, Framework
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Pick, Portfolio
from keel.services.holdings import table
from keel.services.shared.held.laid import laid
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database

DAYS = np.array(["2026-01-02", "2026-01-06"], "datetime64[D]")
TODAY = date(2026, 1, 7)
MIX = Framework("F", (Bucket("A/Equity", "Equity", 0.6), Bucket("A/Bonds", "Bonds", 0.4)))


@pytest.fixture
def db() -> Iterator[Database]:
    opened = blank()
    instruments.upsert_many(opened, [Instrument(s.lower(), s, s, InstrumentType.etf) for s in ("VTI", "BND")])
    closes = np.array([[100.0, 50.0], [110.0, 50.0]])
    prices.write_matrix(opened, "broker", "daily", PriceMatrix(DAYS, ("VTI", "BND"), closes, ("price_return",) * 2))
    yield opened
    opened.close()


def test_holdings_are_laid_over_picks_and_targets_that_are_only_thought_of(db: Database) -> None:
    made = frameworks.save_version(db, MIX)
    stored = portfolios.save(db, Portfolio("P", made.id, 1, (Pick("A/Equity", "vti", "VTI", 1.0),)))
    assert laid(db, stored, made, TODAY) is None
    table.put(db, stored.id, [Position("VTI", 2)], date(2026, 1, 2))
    thought = replace(stored, picks=(*stored.picks, Pick("A/Bonds", "bnd", "BND", 1.0)))
    held = laid(db, thought, replace(made, buckets=MIX.buckets[::-1]), TODAY)
    assert held
    assert (held.when, held.book.symbols) == (date(2026, 1, 6), ("BND", "VTI"))
    assert [(p.symbol, p.price) for p in held.positions] == [("VTI", 110.0)]
    assert held.closes == {"VTI": 110.0, "BND": 50.0}
    earlier = laid(db, stored, made, TODAY, date(2026, 1, 3))
    assert earlier
    assert earlier.positions[0].price == 100.0
