"""The embedded sample reaches the database once, whole and unchanged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.engine import blank

from keel import settings
from keel.domain.market.resolution import assemble, resolve
from keel.errors import SourceUnavailableError
from keel.services import sample
from keel.sources.embedded.sample import load
from keel.store import instruments, prices
from keel.store.connection import Database

DATA = settings.load({}).data_dir


@pytest.fixture(scope="module")
def db() -> Iterator[Database]:
    """A database with the sample."""
    opened = blank()
    assert sample.build(opened, settings.load({}))
    yield opened
    opened.close()


def test_a_second_build_changes_nothing(db: Database) -> None:
    before = prices.revision(db)
    assert not sample.build(db, settings.load({}))
    assert prices.revision(db) == before


def test_what_is_stored_is_what_the_files_hold(db: Database) -> None:
    loaded = load(DATA)
    stored = {i.id: replace(i, sources=tuple(sorted(i.sources))) for i in instruments.universe(db)}
    assert stored == {i.id: replace(i, sources=tuple(sorted(i.sources))) for i in loaded.instruments}
    for series in loaded.series:
        held = prices.series(db, series.prices.symbols, series.dataset.id)
        np.testing.assert_array_equal(held.closes, series.prices.closes)
        assert held.dates.tolist() == series.prices.dates.tolist()
        assert set(held.kinds) == {series.dataset.price_kind}


def test_a_changed_sample_replaces_the_stored_one(db: Database, tmp_path: Path) -> None:
    for name in ("universe.csv", "series.csv", "sample"):
        target = tmp_path / name
        shutil.copytree(DATA / name, target) if name == "sample" else shutil.copy(DATA / name, target)
    with (tmp_path / "series.csv").open("a") as file:
        file.write("NEW,New index,Index,Equity,US,,Large Blend,Core,USD,,1,monthly,real,,\n")
    changed = settings.load({"KEEL_DATA": str(tmp_path)})
    other = blank()
    assert sample.build(other, settings.load({}))
    assert sample.build(other, changed)
    assert instruments.find(other, "NEW") is not None
    assert len(prices.coverage(other)) == len(prices.coverage(db))
    other.close()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    empty = blank()
    with pytest.raises(SourceUnavailableError, match=r"universe\.csv is missing"):
        sample.build(empty, settings.load({"KEEL_DATA": str(tmp_path)}))
    empty.close()


def test_stored_products_resolve_to_prices(db: Database) -> None:
    chosen = instruments.find_many(db, ["VTI", "AGG", "GLD"])
    resolution = resolve(chosen, prices.coverage(db))
    matrices = {name: prices.series(db, symbols, name) for name, symbols in resolution.wanted().items()}
    study = assemble(matrices, resolution)
    assert (resolution.dataset, study.closes.shape) == ("monthly", (319, 3))
    assert any(
        note.startswith("Represented by similar series") and "VTI by MSCI US (0.03%)" in note for note in study.notes
    )
