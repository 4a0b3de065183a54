"""An empty, migrated database in memory."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from keel.store.connection import Database


@pytest.fixture
def store() -> Iterator[Database]:
    """An empty database at the newest schema."""
    database = Database.open(":memory:")
    yield database
    database.close()
