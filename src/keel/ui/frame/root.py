"""The server's composition root: the one database of this process, opened once, with the sample inside."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING

from keel import settings
from keel.errors import InputError, StoreError

if TYPE_CHECKING:
    from keel.store.connection import Database

DATABASE = "keel.store.connection.Database"  # its name, for caches that key on the open database

TICK = 30.0  # s after which the server looks whether something has changed
GRACE = 1.5  # s that requests have to end when the server is asked to
UNUSABLE = 2  # exit code
LAST = 3.8  # s after which it ends whatever holds it
# A large answer makes 300,000 objects and no cycle: by default the collector walks over all there are three times.
COLLECT = (5_000, 20, 20)
log = logging.getLogger("keel.watch")
Handler = Callable[[int, FrameType | None], object]

_lock = threading.Lock()
_database: Database | None = None


def database() -> Database:
    """The open database as the one who is signed in sees it. Raises NotSignedInError."""
    from keel.ui.frame import login  # pages alone need it: Streamlit is slow to import

    return opened().of(login.owner())


def opened() -> Database:
    """The open database; the first call opens it and loads the embedded sample."""
    global _database
    with _lock:
        if _database is None:
            from keel.services import sample
            from keel.services.guided import workflows
            from keel.services.shared import jobs
            from keel.store.connection import Database

            fresh = Database.open(settings.load().db_path)
            try:
                sample.build(fresh, settings.load())
                jobs.recover(fresh)
                workflows.recover(fresh)
            except BaseException:
                fresh.close()
                raise
            _database = fresh
        return _database


def close() -> None:
    """Ends background work and closes the database; the next call opens it anew."""
    global _database
    with _lock:
        if _database is not None:
            from keel.services.shared import jobs

            jobs.close(_database)
            _database.close()
            _database = None


def port() -> int:
    """The server's port; what is none ends the process with one sentence."""
    try:
        return settings.port()
    except InputError as error:
        sys.stderr.write(f"{error.message} {error.hint}\n")
        sys.exit(UNUSABLE)


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
    from keel.services.access import logs

    gc.set_threshold(*COLLECT)
    logs.keep_secrets_out()
    threading.Thread(target=_load_ahead, args=(opened(),), name="load-ahead", daemon=True).start()
    over = threading.Event()
    if settings.watch_minutes():
        threading.Thread(target=watch_until, args=(opened(), over), name="watch", daemon=True).start()
    try:
        with ending_soon():
            yield
    finally:
        over.set()
        close()


@contextmanager
def ending_soon() -> Iterator[None]:
    """While the block runs, a signal to end ends the process within seconds: the server alone waits for every request
    and for every client that has begun to send one.

    Signals belong to the main thread; in another this changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number, handler in handlers.items():
        if callable(handler):
            signal.signal(number, partial(_on_signal, handler))
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _on_signal(handler: Handler, number: int, frame: FrameType | None) -> None:
    """Lets the server end in its own way, and sees to it that it does."""
    threading.Thread(target=_end, args=(number,), name="end", daemon=True).start()
    handler(number, frame)


def _end(number: int) -> None:
    """Ends the process, the database closed where nobody holds it; what was acknowledged is stored either way."""
    time.sleep(GRACE)
    closing = threading.Thread(target=close, name="close", daemon=True)
    closing.start()
    closing.join(LAST - GRACE)
    os._exit(128 + number)


def watch_until(db: Database, over: threading.Event) -> None:
    """Looks at the portfolios of everybody when prices or holdings have changed, and every so often, until it is over.

    A look that fails is one that was not: the next comes.
    """
    from keel.services.live import watch

    seen, due = None, time.monotonic() + TICK
    while not over.wait(TICK):
        try:
            changes = watch.changes(db)
            if changes == seen and time.monotonic() < due:
                continue
            seen, due = changes, time.monotonic() + 60 * settings.watch_minutes()
            watch.look_at_everybodys(db, datetime.now(UTC), settings.notify())
        except Exception:
            log.exception("a look at the portfolios failed")


def _load_ahead(db: Database) -> None:
    """Gets the universe, the slow imports and the compiled kernel ready before the first page asks for them."""
    from keel.services.shared.universe import columns

    with suppress(StoreError):  # closed again already
        columns(db)
    import pandas.io.formats.style  # noqa: F401 (loaded for the pages)
    import plotly.graph_objects  # noqa: F401 (loaded for the pages)

    from keel.services import study

    study.warm()
