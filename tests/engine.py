"""One database engine for the files of all tests of a worker: starting one takes ten times as long as a file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest

from keel.store import connection
from keel.store.connection import Database

_number = count()


def blank() -> Database:
    """An empty database at the newest schema, of a file that was migrated once."""
    return copied(_empty_file())


def empty(path: Path) -> Path:
    """The path, now of an empty file at the newest schema: to make one takes 100 ms, to copy it one."""
    return Path(shutil.copyfile(_empty_file(), path))


def copied(path: Path) -> Database:
    """A database with what is in the file at ``path``, which stays as it is."""
    return attached(Path(shutil.copy(path, Path(_folder().name) / f"{next(_number)}.duckdb")))


def filled(fill: Callable[[Database], None]) -> Database:
    """A database with what ``fill`` stored once a worker in an empty one."""
    return copied(_filled_file(fill))


def attached(path: Path) -> Database:
    """The database at ``path``, as ``Database.open`` gives it but beside others in the engine of this process."""
    with beside():
        return Database.open(path)


@contextmanager
def beside() -> Iterator[None]:
    """Databases opened inside are beside others in the engine of this process; files that are made have their own."""
    usual = connection.connect
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "connect", lambda path: _Attached(path) if Path(path).is_file() else usual(path))
        yield


class _Attached:
    """What a Database asks of its root connection, of one file in the engine."""

    def __init__(self, path: str) -> None:
        self._name = f"file_{next(_number)}"
        with connection.translated(path):
            _engine().execute(f"attach '{path}' as {self._name}")

    def cursor(self) -> Any:
        return _engine().cursor().execute(f"use {self._name}")

    def close(self) -> None:
        _engine().execute(f"detach {self._name}")


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    engine = duckdb.connect(config={"threads": "1"})  # the questions of tests are small: a second thread only waits
    engine.execute("pragma disable_checkpoint_on_shutdown")  # a file that nobody opens again keeps its log: 8 ms less
    return engine


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="keel-tests-")  # gone with the process


@cache
def _filled_file(fill: Callable[[Database], None]) -> Path:
    path = Path(shutil.copy(_empty_file(), Path(_folder().name) / f"{next(_number)}.duckdb"))
    database = Database.open(path)  # in an engine of its own, which leaves no log
    fill(database)
    database.close()
    return path


@cache
def _empty_file() -> Path:
    path = Path(_folder().name) / "empty.duckdb"
    Database.open(path).close()
    return path
