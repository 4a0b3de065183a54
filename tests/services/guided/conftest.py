"""What the tests of guided work share: an empty database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.engine import blank

from keel.store.connection import Database


@pytest.fixture
def store() -> Iterator[Database]:
    """An empty database."""
    database = blank()
    yield database
    database.close()
