"""A database for what is stored from Python: opened once a test, where each call would open its file anew."""

from __future__ import annotations

import pytest

from keel.services import sample
from keel.store.connection import Database


@pytest.fixture
def here(db: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The database that every function finds."""
    monkeypatch.setattr(Database, "open", lambda _path: db)
    monkeypatch.setattr(Database, "close", lambda _self: None)
    monkeypatch.setattr(sample, "build", lambda *_: None)
    return db
