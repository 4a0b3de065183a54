"""The server as people start it: asked to end, it does, whatever is under way."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.server import await_answer, free_port
from websockets import Subprotocol
from websockets.sync.client import connect

from keel.errors import StoreError
from keel.services.live import watch
from keel.store.connection import Database
from keel.store.work import jobs
from keel.store.work.jobs import Status
from keel.ui.frame import root

SOON = 5.0  # s

WITH_JOBS = """
import runpy, sys, threading
from keel.services.shared import jobs
from keel.services.shared.job import Kind
from keel.ui.frame import root

begun = threading.Semaphore(0)

def listens(db, request, job):
    begun.release()
    while not job.stopped():
        threading.Event().wait(0.01)
    return 1

def does_not(db, request, job):
    begun.release()
    threading.Event().wait()

kinds = [Kind(name, "policies", work, lambda answer: {}) for name, work in (("sweep", listens), ("fan", does_not))]
under_way = [jobs.begin(root.database(), kind, {}) for kind in kinds]
for _ in under_way:
    begun.acquire(timeout=60)
print(*(job.row.id for job in under_way), flush=True)
runpy.run_path(sys.argv[1], run_name="__main__")
"""


def await_health(port: int, process: subprocess.Popen[str]) -> None:
    await_answer(f"http://localhost:{port}/api/v1/health", process)


def test_a_port_that_is_none_ends_the_server_with_one_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "99999")
    with pytest.raises(SystemExit) as ended:
        root.port()
    said = capsys.readouterr().err
    assert (ended.value.code, said.count("\n")) == (2, 1)
    assert said.startswith("PORT is '99999'")


def test_a_server_asked_to_end_does_so_soon_and_says_what_it_interrupted(sample_file: Path, tmp_path: Path) -> None:
    database, port = tmp_path / "keel.duckdb", free_port()
    shutil.copy(sample_file, database)
    env = {**os.environ, "KEEL_DB": str(database), "PORT": str(port), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", WITH_JOBS, str(ROOT / "app.py")]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ids = process.stdout.readline().split()
            await_health(port, process)
            page = f"ws://localhost:{port}/_stcore/stream"
            with connect(page, subprotocols=[Subprotocol("streamlit")]):  # a page that waits
                process.send_signal(signal.SIGTERM)
                process.wait(SOON)
        finally:
            process.kill()
    assert not (tmp_path / "keel.duckdb.wal").exists()  # closed in order: the log is in the file
    db = Database.open(database)
    assert [jobs.get(db, id).status for id in ids] == [Status.interrupted, Status.interrupted]
    db.close()


BUSY = """
import os, runpy, sys, threading
from keel.services import design

def runs(*_):
    os.write(1, b"running\\n")
    threading.Event().wait()

def writes(db, *_, **__):
    with db.write():
        os.write(1, b"writing\\n")
        threading.Event().wait()

design.list_frameworks, design.adopt_template = runs, writes
runpy.run_path(sys.argv[1], run_name="__main__")
"""
GET = "GET /api/v1/allocation-frameworks HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n"
WRITE = (
    "POST /api/v1/allocation-frameworks?template=balanced HTTP/1.1\r\nHost: localhost:{port}\r\n"
    "Content-Length: 0\r\n\r\n"
)
HALF = (
    "POST /api/v1/analytics/validate-framework HTTP/1.1\r\nHost: localhost:{port}\r\n"
    "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
)


@pytest.mark.slow
def test_no_request_keeps_a_server_from_ending(sample_file: Path, tmp_path: Path) -> None:
    """One half sent, one that runs for ever and one that holds the write lock for ever, all at once, however it is
    asked to end; the servers of both ways begin and wait side by side."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    with ExitStack() as stack:
        servers = [stack.enter_context(busy(sample_file, tmp_path / number.name)) for number in numbers]
        for server in servers:
            server.take_up(stack)
        for server, number in zip(servers, numbers, strict=True):
            server.process.send_signal(number)
        asked = time.monotonic()
        for server in servers:
            server.process.wait(asked + SOON - time.monotonic())
    for server in servers:
        Database.open(server.database).close()


@dataclass(frozen=True)
class Busy:
    """A server that ends no request, on a database of its own."""

    process: subprocess.Popen[str]
    port: int
    database: Path

    def take_up(self, stack: ExitStack) -> None:
        """Sends it every request, and waits until it is at work on them; the connections stay open in ``stack``."""
        await_health(self.port, self.process)
        for request_text in (HALF, GET, WRITE):
            client = stack.enter_context(socket.create_connection(("localhost", self.port)))
            client.sendall(request_text.format(port=self.port).encode())
            if request_text == HALF:
                await_health(self.port, self.process)
        assert self.process.stdout is not None
        under_way = {"running\n", "writing\n"}
        while under_way and (line := self.process.stdout.readline()):
            under_way.discard(line)
        assert not under_way


@contextmanager
def busy(sample_file: Path, folder: Path) -> Iterator[Busy]:
    """Such a server as it begins."""
    folder.mkdir()
    database, port = folder / "keel.duckdb", free_port()
    shutil.copy(sample_file, database)
    env = {**os.environ, "KEEL_DB": str(database), "PORT": str(port), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-c", BUSY, str(ROOT / "app.py")]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Busy(process, port, database)
        finally:
            process.kill()


def test_the_server_looks_at_portfolios_when_something_changed_and_goes_on_after_a_look_that_failed(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    over, looks, revisions = threading.Event(), list[int](), iter([1, 1, 2, 2, 3])

    def look(*_: object) -> None:
        looks.append(1)
        if len(looks) == 1:
            raise StoreError("busy")

    def changes(_: object) -> tuple[int, ...]:
        revision = next(revisions)
        if revision == 3:
            over.set()
        return (revision,)

    monkeypatch.setattr(root, "TICK", 0.0)
    monkeypatch.setattr(watch, "look_at_everybodys", look)
    monkeypatch.setattr(watch, "changes", changes)
    root.watch_until(db, over)
    assert len(looks) == 3
