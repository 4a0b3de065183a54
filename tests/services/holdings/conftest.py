"""A portfolio of two products with closes, and nothing held yet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from tests.engine import blank

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.records import Pick, Portfolio
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database

MADE = Framework(
    "F",
    (
        Bucket("A/Equity", "Equity", 0.6, holdings=(Holding("VTI", 1.0),)),
        Bucket("A/Bonds", "Bonds", 0.4, holdings=(Holding("BND", 1.0),)),
    ),
)
DAYS = np.array(["2026-01-02", "2026-01-05", "2026-01-06"], "datetime64[D]")
MATRIX = PriceMatrix(DAYS, ("VTI", "BND"), np.array([[100.0, 80.0], [110.0, 80.0], [150.0, 75.0]]))


@pytest.fixture(scope="module")
def known() -> Iterator[Database]:
    """A database with two products and their closes."""
    opened = blank()
    facts = (
        Instrument("vti", "VTI", "Vanguard Total Market", InstrumentType.etf, "equity", "us"),
        Instrument("bnd", "BND", "Vanguard Total Bond", InstrumentType.etf, "bonds", "us"),
        Instrument("gld", "GLD", "Gold Trust", InstrumentType.etf, "alternatives"),
    )
    instruments.upsert_many(opened, facts)
    prices.write_matrix(opened, "broker", "daily", MATRIX)
    yield opened
    opened.close()


@pytest.fixture
def db(known: Database) -> Database:
    """The same database for each test of a file: each makes a portfolio of its own."""
    return known


@pytest.fixture
def portfolio(db: Database) -> Portfolio:
    """A new portfolio that holds nothing."""
    made = frameworks.save_version(db, MADE)
    picks = (Pick("A/Equity", "vti", "VTI", 1.0), Pick("A/Bonds", "bnd", "BND", 1.0))
    return portfolios.save(db, Portfolio("P", made.id, made.version, picks))
