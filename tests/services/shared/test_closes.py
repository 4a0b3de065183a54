"""The closes of some instruments: assembled once, until a price changes."""

from __future__ import annotations

import numpy as np
import pytest
from tests.engine import blank

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix
from keel.errors import PricesMissingError
from keel.services.shared.closes import closes
from keel.store import instruments, prices
from keel.store.connection import Database

FUND = Instrument("i", "FUND", "Fund", InstrumentType.etf)


@pytest.fixture
def store() -> Database:
    return blank()


def write(store: Database, close: float) -> None:
    dates = np.datetime64("2020-01-01") + np.arange(3)
    prices.write_matrix(store, "set", "daily", PriceMatrix(dates, ("FUND",), np.full((3, 1), close)))


def test_a_matrix_is_assembled_once_until_a_price_changes(store: Database) -> None:
    write(store, 1.0)
    first = closes(store, [FUND])
    assert closes(store, [FUND]) is first
    with pytest.raises(ValueError, match="read-only"):
        first.prices.closes[0, 0] = 9.0
    write(store, 2.0)
    assert closes(store, [FUND]).prices.closes[0, 0] == 2.0


def test_closes_are_assembled_once_for_all_who_brought_nothing(db: Database) -> None:
    ann, bob = db, db.of(f"{db.owner}_friend")
    spy = instruments.find_many(db, ["SPY"])
    assert closes(ann, spy) is closes(bob, spy)
    write(ann, 1.0)
    assert closes(ann, [FUND]).prices.closes[0, 0] == 1.0
    with pytest.raises(PricesMissingError, match="FUND"):
        closes(bob, [FUND])


def test_a_coarser_frequency_can_be_asked_for(store: Database) -> None:
    dates = np.datetime64("2020-01-01") + np.arange(70)
    prices.write_matrix(store, "set", "daily", PriceMatrix(dates, ("FUND",), np.arange(1.0, 71.0)[:, None]))
    found = closes(store, [FUND], frequency="monthly")
    assert found.resolution.frequency == "monthly"
    assert found.prices.closes[:, 0].tolist()[:2] == [31.0, 60.0]


def test_what_has_no_prices_is_named(store: Database) -> None:
    with pytest.raises(PricesMissingError, match="FUND"):
        closes(store, [FUND])
