"""Processes that tests begin to kill: forked from one that has loaded what they need, not started anew each time."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from typing import TextIO

LOADED = ["numba", "pyarrow", "keel.services.guided.workflows", "keel.services.example", "keel.services.market.refresh"]


class Forked:
    """A process of some lines of Python, with what it prints."""

    def __init__(self, process: ForkServerProcess, stdout: TextIO) -> None:
        self._process = process
        self.stdout = stdout

    def kill(self) -> None:
        """Ends it at once, as ``kill -9`` does."""
        os.kill(self._process.pid or 0, signal.SIGKILL)

    def wait(self) -> int | None:
        """Its exit code when it has ended, minus the number of a signal that ended it."""
        self._process.join()
        return self._process.exitcode


@contextmanager
def forked(code: str, *arguments: str) -> Iterator[Forked]:
    """The lines as a process, which the end of the block waits for; ``sys.argv`` has the arguments from 1 on."""
    heard, said = _context().Pipe(duplex=False)
    process = _context().Process(target=_run, args=(said, code, *arguments), daemon=True)
    process.start()
    said.close()  # so that what it prints ends when it does
    with heard, os.fdopen(os.dup(heard.fileno()), encoding="utf-8") as stdout:
        yield Forked(process, stdout)
    process.join()


@cache
def _context() -> ForkServerContext:
    context = get_context("forkserver")
    context.set_forkserver_preload(LOADED)
    return context


def _run(said: Connection, code: str, *arguments: str) -> None:
    os.dup2(said.fileno(), 1)
    said.close()
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.argv = ["", *arguments]
    exec(compile(code, "forked", "exec"), {"__name__": "__main__"})
