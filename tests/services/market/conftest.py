"""What the tests of products and prices share: a file each, whose names and prices they change."""

from __future__ import annotations

import pytest

from keel.store.connection import Database


@pytest.fixture
def db(alone: Database) -> Database:
    """A file of the test's own."""
    return alone
