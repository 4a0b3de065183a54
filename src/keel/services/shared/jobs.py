"""Background work on threads: asked for once, kept while its prices stay, and known again after a restart."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from typing import Any, cast

from keel.errors import JobNotFoundError, KeelError, StoreError
from keel.services.shared.job import Answer, Job, Kind, Request, StoppedError
from keel.store import prices
from keel.store.connection import Database
from keel.store.memory import Memory
from keel.store.values import document
from keel.store.work import jobs
from keel.store.work.jobs import JobRow, Status

# The kinds of work, and the service that knows how each is done: in its ``JOBS``, by the same name.
KINDS = {
    "sweep": "keel.services.lab",
    "verdicts": "keel.services.lab",
    "confidence": "keel.services.luck",
    "fan": "keel.services.luck",
    "rolling": "keel.services.luck",
    "skill": "keel.services.luck",
    "luck": "keel.services.luck",
    "audit": "keel.services.audit",
    "refresh": "keel.services.market.refresh",
    "import": "keel.services.market.imports",
    "universe": "keel.services.market.products",
    "fill": "keel.services.fill",
    "proposal": "keel.services.guided.proposals",
    "step": "keel.services.guided.workflows",
    "questions": "keel.services.guided.workflows",
}
MOST = 60  # ended jobs whose answers are kept for a database; the least recently used are forgotten
TURN = 0.1  # s after which one that waits for its turn looks whether it was stopped
GRACE = 2.0  # s that work has to end when its database closes
Key = tuple[str, str, int]  # kind, request as text, revision of the prices where the answer holds while they stay
log = logging.getLogger("keel.jobs")

_lock = threading.Lock()
_under_way: dict[tuple[Database, Key], Job[Any]] = {}
_ended: Memory[Job[Any]] = Memory(MOST)
_turns = {name: threading.Lock() for name in KINDS}


def ask(db: Database, kind: Kind[Answer], request: Request) -> Job[Answer]:
    """The job of a request: what ``find`` finds, else begun."""
    return find(db, kind, request) or begin(db, kind, request)


def find(db: Database, kind: Kind[Answer], request: Request) -> Job[Answer] | None:
    """The job of a request on the prices of now: under way, ended with its answer kept, or ended by a restart."""
    key = _key(db, kind, request)
    with _lock:
        job = _find(db, key)
    if job is None:
        row = jobs.latest(db, kind.name, request)
        if row is None or row.status is not Status.interrupted:
            return None
        job = Job[Answer](row, kind.noun)
        job.release()
        _ended.remember(db, key, job)
    return job


def find_last(db: Database, kind: Kind[Answer]) -> Job[Answer] | None:
    """The job of a kind that was asked for last, as ``find`` has it; for a kind that is ``lasting``."""
    row = jobs.newest(db, kind.name)
    return None if row is None else find(db, kind, row.request)


def begin(db: Database, kind: Kind[Answer], request: Request) -> Job[Answer]:
    """The job of a request, begun unless it is under way or its answer is kept."""
    key = _key(db, kind, request)
    with _lock:
        job = _find(db, key)
        if job is not None and not job.interrupted:
            return job
        job = _under_way[db, key] = Job[Answer](JobRow(kind.name, request), kind.noun, partial(_save, db), kind.opening)
    try:
        jobs.add(db, job.row)
    except BaseException:
        _leave(db, key, job)
        raise
    threading.Thread(target=_work, args=(db, key, kind, job), name=f"job {kind.name}", daemon=True).start()
    return job


def again(db: Database, id: str) -> Job[Any]:
    """The job of the same request as another, begun anew unless it is under way. Raises JobNotFoundError."""
    row = jobs.get(db, id)
    return anew(db, find_kind(row.kind), row.request)


def anew(db: Database, kind: Kind[Answer], request: Request) -> Job[Answer]:
    """The job of a request, begun whatever answer is kept, unless it is under way."""
    with _lock:
        _ended.forget(db, _key(db, kind, request))
    return begin(db, kind, request)


def get(db: Database, id: str) -> JobRow:
    """The job as it is now. Raises JobNotFoundError."""
    job = _live(db, id)
    return jobs.get(db, id) if job is None else job.now()


def cancel(db: Database, id: str) -> JobRow:
    """The job as it is now, asked to end with what it has; one that has ended stays as it is."""
    job = _live(db, id)
    if job is not None:
        job.stop()
    return get(db, id)


def recover(db: Database) -> None:
    """Says of what an earlier process left under way that it was interrupted; for a database just opened."""
    jobs.interrupt(db)


def close(db: Database) -> None:
    """Ends what is under way, for a database about to close: it is interrupted and can be begun again."""
    with _lock:
        leaving = [job for (of, _), job in _under_way.items() if of.whole is db.whole]
    for job in leaving:
        job.close()
    deadline = time.monotonic() + GRACE
    for job in leaving:
        job.finished(max(0.0, deadline - time.monotonic()))
    if leaving:
        jobs.interrupt(db)


def find_kind(name: str) -> Kind[Any]:
    """The kind of work by its name. Raises JobNotFoundError for one this version does not do."""
    if name not in KINDS:
        raise JobNotFoundError(f"This version of Keel does no work of the kind {name}.", subject=name)
    return cast("Kind[Any]", import_module(KINDS[name]).JOBS[name])


def _key(db: Database, kind: Kind[Any], request: Request) -> Key:
    return kind.name, document(request), 0 if kind.lasting else prices.revision(db)


def _find(db: Database, key: Key) -> Job[Any] | None:
    return _under_way.get((db, key)) or _ended.find(db, key)


def _live(db: Database, id: str) -> Job[Any] | None:
    with _lock:
        return next((job for (of, _), job in _under_way.items() if of is db and job.row.id == id), None)


def _work(db: Database, key: Key, kind: Kind[Answer], job: Job[Answer]) -> None:
    """Does the work of a job, and leaves its answer where it is found."""
    result = None
    try:
        with _turn(kind, job) as granted:
            if granted:
                job.begin()
                job.answer = kind.run(db, job.row.request, job)
                result = kind.result(job.answer)
    except StoppedError:
        pass  # it has no answer, and nothing went wrong
    except Exception as error:  # a thread has nobody above it: pages show what the job holds
        job.error = error
        if not isinstance(error, KeelError):
            log.exception("unexpected error in a job of the kind %s", kind.name)
    finally:
        job.end(result)
        _leave(db, key, job)


def _leave(db: Database, key: Key, job: Job[Any]) -> None:
    with _lock:
        del _under_way[db, key]
        if job.row.status.ended:
            _ended.remember(db, key, job)
    job.release()


@contextmanager
def _turn(kind: Kind[Any], job: Job[Any]) -> Iterator[bool]:
    """Whether the work may begin: waits until no other of a kind that works alone does, or it is stopped before."""
    if not kind.alone:
        yield True
        return
    turn = _turns.setdefault(kind.name, threading.Lock())
    while not (granted := turn.acquire(timeout=TURN)) and not job.stopped():
        pass
    try:
        yield granted and not job.stopped()
    finally:
        if granted:
            turn.release()


def _save(db: Database, row: JobRow) -> None:
    """Stores a job's row; work goes on, and keeps its answer, where that is not possible."""
    try:
        jobs.update(db, row)
    except StoreError as error:
        log.warning("a job's progress could not be stored: %s", error)
