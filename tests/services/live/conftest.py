"""A portfolio of two products with closes, and nothing held yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from tests.engine import filled

from keel.domain.framework.records import Bucket, Framework
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.records import Policy
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Pick, Portfolio
from keel.services.holdings import table
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database

DAYS = np.array(["2026-01-02", "2026-01-05", "2026-01-06"], "datetime64[D]")
CLOSES = np.array([[100.0, 100.0], [150.0, 100.0], [100.0, 100.0]])
MATRIX = PriceMatrix(DAYS, ("VTI", "BND"), CLOSES, ("price_return",) * 2)
BAND = Policy(trigger=Trigger.band, band=Absolute(500))
MIX = Framework("F", (Bucket("A/Equity", "Equity", 0.6), Bucket("A/Bonds", "Bonds", 0.4)), rebalancing=BAND)
SIXTY = (Position("VTI", 6), Position("BND", 4))


def _products_and_closes(opened: Database) -> None:
    facts = [Instrument(s.lower(), s, s, InstrumentType.etf) for s in ("VTI", "BND")]
    instruments.upsert_many(opened, [*facts, Instrument("eun", "EUN", "Euro", InstrumentType.etf, currency="EUR")])
    prices.write_matrix(opened, "broker", "daily", MATRIX)
    euros = PriceMatrix(DAYS, ("EUN",), np.full((3, 1), 100.0), ("price_return",))
    prices.write_matrix(opened, "paris", "daily", euros)
    rate = PriceMatrix(DAYS, ("EURUSD",), np.array([[1.0], [2.0], [1.0]]))
    prices.write_matrix(opened, "currencies", "daily", rate)


@pytest.fixture
def market() -> Iterator[Database]:
    """A database with two products and their closes, and a fund in euros with a rate."""
    opened = filled(_products_and_closes)
    yield opened
    opened.close()


@pytest.fixture
def sixty(market: Database) -> Portfolio:
    """A portfolio of both, nothing held."""
    made = frameworks.save_version(market, MIX)
    picks = (Pick("A/Equity", "vti", "VTI", 1.0), Pick("A/Bonds", "bnd", "BND", 1.0))
    return portfolios.save(market, Portfolio("Sixty", made.id, 1, picks))


def hold(db: Database, portfolio: Portfolio, *held: Position, on: date = date(2026, 1, 2)) -> None:
    """What a portfolio holds from a day on, typed."""
    table.put(db, portfolio.id, held, on)
