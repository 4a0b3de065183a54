"""An empty, migrated database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from keel.store.connection import Database


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an empty database at the newest schema: made once, for it takes three times as long as a copy."""
    path = tmp_path_factory.mktemp("store") / "empty.duckdb"
    Database.open(path).close()
    return path


@pytest.fixture
def store(empty_file: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty database at the newest schema."""
    path = tmp_path / "store.duckdb"
    shutil.copy(empty_file, path)
    database = Database.open(path)
    yield database
    database.close()
