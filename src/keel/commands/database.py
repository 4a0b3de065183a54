"""The database a command works on, with the sample in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keel.store.connection import Database


@contextmanager
def opened() -> Iterator[Database]:
    """The database of the settings, up to date and holding the sample; closed at the end."""
    from keel.services.sample import build
    from keel.settings import load
    from keel.store.connection import Database

    settings = load()
    db = Database.open(settings.db_path)
    try:
        build(db, settings)
        yield db
    finally:
        db.close()
