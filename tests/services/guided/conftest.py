"""What the tests of guided work share: an empty database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keel.store.connection import Database


@pytest.fixture(scope="session")
def empty_schema(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A file with nothing but the newest schema."""
    path = tmp_path_factory.mktemp("schema") / "empty.duckdb"
    Database.open(path).close()
    return path.read_bytes()


@pytest.fixture
def store(empty_schema: bytes, tmp_path: Path) -> Iterator[Database]:
    """An empty database."""
    (tmp_path / "store.duckdb").write_bytes(empty_schema)
    database = Database.open(tmp_path / "store.duckdb")
    yield database
    database.close()
