"""A database of its own with the worked example in it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from keel.services.example import PORTFOLIO_ID, open_example
from keel.store.connection import Database

PORTFOLIO = PORTFOLIO_ID


@pytest.fixture(scope="session")
def example_file(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a database with the worked example: made once, copied for each test."""
    path = Path(shutil.copy(sample_file, tmp_path_factory.mktemp("holdings") / "keel.duckdb"))
    db = Database.open(path)
    open_example(db)
    db.close()
    return path


@pytest.fixture
def example(example_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worked example in a database of its own, which the commands open."""
    shutil.copy(example_file, tmp_path / "keel.duckdb")
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
