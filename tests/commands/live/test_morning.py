"""``keel morning``: all portfolios in short."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from tests.commands.conftest import Keel
from tests.engine import attached

from keel.domain.framework.records import Bucket, Framework
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Pick, Portfolio
from keel.services.holdings import table
from keel.store import frameworks, instruments, portfolios

MIX = Framework("Mix", (Bucket("A/Stocks", "Stocks", 0.6), Bucket("A/Bonds", "Bonds", 0.4)))


@pytest.fixture
def database(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample's database, which the commands then use."""
    path = tmp_path / "keel.duckdb"
    shutil.copy(sample_file, path)
    monkeypatch.setenv("KEEL_DB", str(path))
    return path


def held(path: Path, name: str, *positions: Position) -> str:
    """The id of a portfolio of SPY and BND that holds something."""
    db = attached(path)
    first = frameworks.save_version(db, MIX)
    known = {i.symbol: i.id for i in instruments.find_many(db, ["SPY", "BND"])}
    picks = (Pick("A/Stocks", known["SPY"], "SPY", 1.0), Pick("A/Bonds", known["BND"], "BND", 1.0))
    made = portfolios.save(db, Portfolio(name, first.id, 1, picks))
    table.put(db, made.id, positions, date(2016, 1, 4))
    db.close()
    return made.id


def test_the_furthest_off_comes_first(keel: Keel, database: Path) -> None:
    assert "No portfolio holds anything yet." in keel("morning").out
    calm = held(database, "Calm", Position("SPY", 6, 100.0), Position("BND", 4, 100.0))
    far = held(database, "Far", Position("SPY", 9, 100.0), Position("BND", 1, 100.0))
    rows = keel("morning", "--json").data["portfolios"]
    assert [(row["id"], row["rebalance_needed"]) for row in rows] == [(far, True), (calm, False)]
    assert (rows[0]["largest"], rows[0]["drift"]) == ("Stocks", pytest.approx(0.3))
    shown = keel("morning").out.splitlines()
    assert shown[1].startswith("Far")
    assert "+30.0" in shown[1]
    odd = held(database, "Odd", Position("NEWCO", 1))
    last = keel("morning").out.splitlines()[-1]
    assert odd in last
    assert "has no price" in last
