"""What the tests of tokens and links share: a file each, so that whoever they name is new."""

from __future__ import annotations

import pytest

from keel.store.connection import Database


@pytest.fixture
def db(alone: Database) -> Database:
    """A file of the test's own."""
    return alone
