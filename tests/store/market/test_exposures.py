"""What products are made of, by whom it was said last, and imports of it that can be undone."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.market.instrument import Instrument, InstrumentType
from keel.errors import ImportNotFoundError
from keel.store import instruments
from keel.store.connection import Database
from keel.store.integrity import integrity
from keel.store.market import exposures, facts
from keel.store.market.exposures import ExposureImport, Holds
from keel.store.market.facts import Part, Said

OLD, NEW = date(2026, 1, 31), date(2026, 2, 28)


def bring(db: Database, weight: float, as_of: date, kind: str = "region") -> ExposureImport:
    return exposures.add(
        db, [Holds("VT", kind, {"US": weight}, as_of)], ExposureImport("e.csv", f"{weight}", ("VT",), 1)
    )


@pytest.fixture
def fund(store: Database) -> Database:
    instruments.upsert_many(store, [Instrument("ins_vt", "VT", "World", InstrumentType.etf)], "sample")
    return store


def test_the_newest_day_counts_and_of_one_day_the_newest_import(fund: Database) -> None:
    bring(fund, 0.6, NEW)
    bring(fund, 0.5, OLD)
    assert exposures.made_of(fund) == {"ins_vt": {"region": {"US": 0.6}}}
    bring(fund, 0.7, NEW)
    assert exposures.made_of(fund) == {"ins_vt": {"region": {"US": 0.7}}}
    assert integrity(fund) == ()


def test_undoing_brings_back_what_was_said_before(fund: Database) -> None:
    facts.write(fund, Said("VT", "Yahoo", OLD, {}, (Part("region", "US", 0.55), Part("sector", "Energy", 0.1))))
    made = bring(fund, 0.6, NEW)
    assert exposures.made_of(fund)["ins_vt"] == {"region": {"US": 0.6}, "sector": {"Energy": 0.1}}
    assert [one.id for one in exposures.active(fund)] == [made.id]
    assert exposures.undo(fund, made.id).undone_at is not None
    assert exposures.made_of(fund)["ins_vt"]["region"] == {"US": 0.55}
    assert exposures.active(fund) == ()
    assert exposures.undo(fund, made.id) == exposures.get(fund, made.id)


def test_an_import_that_is_not_there_is_named(fund: Database) -> None:
    with pytest.raises(ImportNotFoundError):
        exposures.undo(fund, "imp_none")
