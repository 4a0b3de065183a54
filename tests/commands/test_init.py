"""The database with the embedded sample."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Keel


def test_init_builds_the_sample_once(keel: Keel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder" / "k.duckdb"
    monkeypatch.setenv("KEEL_DB", str(path))
    first = keel("init", "--json")
    assert first.code == 0, first.err
    assert first.data["database"] == str(path)
    assert min(first.data["instruments"], first.data["series"]) > 50
    assert keel("init", "--json").data == first.data
    assert str(path) in keel("init").out
