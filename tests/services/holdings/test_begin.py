"""A portfolio that begins with what is held has a framework which it already meets."""

from __future__ import annotations

from datetime import date

import pytest

from keel.errors import InputError
from keel.services import report
from keel.services.holdings.begin import begin, document
from keel.services.shared.held.reading import File
from keel.store import frameworks
from keel.store.connection import Database
from keel.store.integrity import integrity

TODAY = date(2026, 1, 8)


def test_what_is_held_is_classified_and_in_band(db: Database) -> None:
    text = b"symbol,quantity,account,price\nVTI,4,IRA,\nBND,4,,\nODD,1,,50\nCASH,50,,\n"
    begun = begin(db, File(text, "h.csv", TODAY), "Mine")
    made = frameworks.get(db, begun.portfolio.framework_id, 1)
    assert {b.label: b.target_weight for b in made.buckets} == {
        "equity": 0.6,
        "bonds": 0.3,
        "Unclassified": 0.05,
        "Cash": 0.05,
    }
    found = report.drift(db, begun.portfolio.id, report.Asked(TODAY))
    assert (found.value, found.rebalance_needed, found.totals.total_drift) == (1_000, False, pytest.approx(0.0))
    told = document(begun)
    assert (told["portfolio"], told["import"]) == (begun.portfolio.id, begun.made.id)
    assert integrity(db) == ()


def test_a_file_without_prices_begins_nothing(db: Database) -> None:
    with pytest.raises(InputError, match=r"Nothing in h\.csv has a price"):
        begin(db, File(b"symbol,quantity\nODD,1\n", "h.csv", TODAY), "Mine")


def test_what_has_no_price_is_named_and_begins_nothing(db: Database) -> None:
    text = b"symbol,quantity,price\nSPY,1,100\nODD,1,\nEVEN,2,\n"
    before = frameworks.list_latest(db)
    with pytest.raises(InputError, match="EVEN, ODD have no price"):
        begin(db, File(text, "h.csv", TODAY), "Mine")
    assert frameworks.list_latest(db) == before
