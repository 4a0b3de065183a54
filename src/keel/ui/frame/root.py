"""The server's composition root: the one database of this process, opened once, with the sample inside."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from keel import settings

if TYPE_CHECKING:
    from keel.store.connection import Database

DATABASE = "keel.store.connection.Database"  # its name, for caches that key on the open database

_lock = threading.Lock()
_database: Database | None = None


def database() -> Database:
    """The open database; the first call opens it and loads the embedded sample."""
    global _database
    with _lock:
        if _database is None:
            from keel.services import sample
            from keel.services.shared import jobs
            from keel.store.connection import Database

            opened = Database.open(settings.load().db_path)
            try:
                sample.build(opened, settings.load())
                jobs.recover(opened)
            except BaseException:
                opened.close()
                raise
            _database = opened
        return _database


def close() -> None:
    """Ends background work and closes the database; the next call of ``database`` opens it anew."""
    global _database
    with _lock:
        if _database is not None:
            from keel.services.shared import jobs

            jobs.close(_database)
            _database.close()
            _database = None


@contextmanager
def using(other: Database) -> Iterator[None]:
    """For the length of the block every page works on ``other``: tests run on a database in memory."""
    global _database
    with _lock:
        before, _database = _database, other
    try:
        yield
    finally:
        with _lock:
            _database = before


@asynccontextmanager
async def lifespan(_app: object) -> AsyncIterator[None]:
    """The server's life: database open, what pages need loaded in a thread, and on the way out the database closed."""
    database()
    threading.Thread(target=_load_ahead, name="load-ahead", daemon=True).start()
    try:
        yield
    finally:
        close()


def _load_ahead() -> None:
    """Gets the slow imports and the compiled kernel ready before the first page asks for them."""
    import pandas.io.formats.style  # noqa: F401 (loaded for the pages)
    import plotly.graph_objects  # noqa: F401 (loaded for the pages)

    from keel.services import study

    study.warm()
