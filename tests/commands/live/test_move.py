"""``keel move``: seen first, then done."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused
from tests.engine import attached

from keel.domain.framework.records import Bucket, Framework
from keel.domain.portfolio.records import Pick, Portfolio
from keel.store import frameworks, instruments, portfolios

STOCKS, BONDS = Bucket("A/Stocks", "Stocks", 0.6), Bucket("A/Bonds", "Bonds", 0.4)


@pytest.fixture
def held(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A portfolio of SPY and BND whose framework has a second version with gold and no bonds."""
    path = tmp_path / "keel.duckdb"
    shutil.copy(sample_file, path)
    monkeypatch.setenv("KEEL_DB", str(path))
    db = attached(path)
    first = frameworks.save_version(db, Framework("Mix", (STOCKS, BONDS)))
    known = {i.symbol: i.id for i in instruments.find_many(db, ["SPY", "BND"])}
    picks = (Pick("A/Stocks", known["SPY"], "SPY", 1.0), Pick("A/Bonds", known["BND"], "BND", 1.0))
    made = portfolios.save(db, Portfolio("Ours", first.id, 1, picks))
    frameworks.save_version(db, replace(first, buckets=(STOCKS, Bucket("A/Gold", "Gold", 0.4))), 1)
    db.close()
    return made.id


def test_it_is_shown_and_then_done(keel: Keel, held: str) -> None:
    shown = keel("move", "--portfolio", held).out
    for words in ("Mix 1 → 2", "- Gold added at 40.0%", "Left behind: BND.", "Gold has no product: 40.0% in cash."):
        assert words in shown
    done = keel("move", "--portfolio", held, "--accept", "--json").data
    assert (done["accepted"], done["portfolio_version"], done["from"], done["to"]) == (True, 2, 1, 2)
    assert [pick["symbol"] for pick in done["kept"]] == ["SPY"]
    again = keel("move", "--portfolio", held)
    assert "Both versions are the same." in again.out
    assert keel("move", "--portfolio", held, "--to", "1", "--json").data["to"] == 1


def test_what_does_not_exist_is_named(keel: Keel, held: str) -> None:
    refused(keel("move", "--portfolio", "nope"), "nope")
    refused(keel("move", "--portfolio", held, "--to", "9"), "9")
