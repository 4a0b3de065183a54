"""What the tests of services share: one file, each test a user of its own."""

from __future__ import annotations

import pytest

from keel.store.connection import Database


@pytest.fixture
def db(somebody: Database) -> Database:
    """The database of one who is another in each test."""
    return somebody
