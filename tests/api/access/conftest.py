"""What the tests of who may ask share: a file each, with the one owner that every file has."""

from __future__ import annotations

import pytest

from keel.store.connection import Database


@pytest.fixture
def db(alone: Database) -> Database:
    """A file of the test's own."""
    return alone
