"""The worked example: made once, opened often."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from keel import settings
from keel.domain.framework.tree import leaves, top
from keel.domain.framework.validation import check
from keel.domain.market.instrument import InstrumentType
from keel.errors import SourceUnavailableError
from keel.services import example
from keel.store import archive, frameworks, instruments, portfolios
from keel.store.connection import Database
from keel.store.integrity import integrity


def test_the_example_is_global_6_with_its_weights(db: Database) -> None:
    opened = example.open_example(db)
    framework = frameworks.get(db, opened.framework_id, opened.framework_version)
    assert (opened.name, framework.name, framework.version) == ("Global 6", "Global 6", 1)
    assert {b.holdings[0].symbol: b.target_weight for b in leaves(framework)} == {
        "VTI": 0.3,
        "VT": 0.2,
        "AAXJ": 0.1,
        "BNDX": 0.25,
        "SCHP": 0.05,
        "GLDM": 0.1,
    }
    assert {b.label: b.target_weight for b in top(framework)} == {"Equity": 0.6, "Bonds": 0.3, "Alternatives": 0.1}
    assert [i for i in check(framework) if i.severity == "error"] == []


def test_its_picks_are_known_funds_that_can_be_bought(db: Database) -> None:
    for pick in example.open_example(db).picks:
        instrument = instruments.get(db, pick.instrument_id)
        assert (instrument.symbol, instrument.type) == (pick.symbol, InstrumentType.etf)
    assert integrity(db) == ()


def test_opening_it_again_gives_the_same_and_makes_nothing(db: Database) -> None:
    first = example.open_example(db)
    assert example.open_example(db) == first
    assert len(frameworks.list_latest(db)) == 1
    assert len(portfolios.versions(db, first.id)) == 1


def test_an_edited_or_archived_example_opens_as_it_was(db: Database) -> None:
    first = example.open_example(db)
    frameworks.rename(db, first.framework_id, "Mine now")
    archive.put_away(db, "framework", first.framework_id)
    archive.put_away(db, "portfolio", first.id)
    assert example.open_example(db) == first
    assert [f.name for f in frameworks.list_latest(db)] == ["Mine now"]
    assert portfolios.latest_for(db, first.framework_id) == first


def test_a_missing_file_is_named(db: Database, tmp_path: Path) -> None:
    with pytest.raises(SourceUnavailableError, match=r"global6\.json is missing"):
        example.open_example(db, replace(settings.load(), data_dir=tmp_path))
