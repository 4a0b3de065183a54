"""The chances of a breach from stored prices."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import pytest
from tests.engine import blank
from tests.services.portfolios import portfolio

from keel.domain.drift.report import DriftReport, Occasion, report
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position
from keel.services.shared.held.ahead import ahead
from keel.store import frameworks, instruments, prices
from keel.store.connection import Database

DAYS = np.busday_offset(np.datetime64("2024-01-01", "D"), np.arange(300), roll="forward")
SWING = np.column_stack([np.where(np.arange(300) % 2, 1.3, 1.0), np.ones(300)])
TARGETS = {"AAA": 0.5, "BBB": 0.5}


@pytest.fixture
def db() -> Iterator[Database]:
    opened = blank()
    prices.write_matrix(opened, "broker", "daily", PriceMatrix(DAYS, ("AAA", "BBB"), SWING))
    yield opened
    opened.close()


def held(db: Database, *more: Position) -> DriftReport:
    """The report of half of each, with what else is held."""
    made = portfolio(db, TARGETS)
    framework = frameworks.get(db, made.framework_id)
    positions = (Position("AAA", 50, 1.0), Position("BBB", 50, 1.0), *more)
    when = Occasion(date(2026, 1, 5))
    return report(framework, book(framework), positions, {}, when)


def test_the_history_of_what_is_held_tells(db: Database) -> None:
    found = ahead(db, "USD", held(db))
    assert (found.frequency, found.returns) == ("daily", 299)
    assert found.by_path["Part/0"][2] == pytest.approx(1.0, abs=0.01)


def test_the_same_question_is_answered_once_until_a_price_changes(db: Database) -> None:
    asked = held(db)
    assert ahead(db, "USD", asked) is ahead(db, "USD", asked)
    once = ahead(db, "USD", asked)
    prices.write_matrix(db, "broker", "daily", PriceMatrix(DAYS, ("AAA", "BBB"), np.ones((300, 2))))
    assert ahead(db, "USD", asked).any == (0.0, 0.0, 0.0) != once.any


def test_what_has_no_series_or_no_exchange_rate_keeps_its_price(db: Database) -> None:
    instruments.upsert_many(db, [Instrument("1", "FGN", "Foreign", InstrumentType.etf, currency="NOK")])
    prices.write_matrix(db, "oslo", "daily", PriceMatrix(DAYS, ("FGN",), np.ones((300, 1))))
    found = ahead(db, "USD", held(db, Position("NEW", 1, 1.0), Position("FGN", 1, 1.0), Position("CASH", 5)))
    assert [note.split()[0] for note in found.notes] == ["NEW", "FGN"]
    assert found.returns == 299


def test_nothing_with_a_series_says_nothing(db: Database) -> None:
    prices.delete_dataset(db, "broker")
    assert ahead(db, "USD", held(db)).any == (None, None, None)
