"""What the tests of ``keel benchmark`` share: a database of their own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_database(sample_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sample's database, a copy for each test."""
    shutil.copy(sample_file, tmp_path / "keel.duckdb")
    monkeypatch.setenv("KEEL_DB", str(tmp_path / "keel.duckdb"))
