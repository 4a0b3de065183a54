"""The one door to DuckDB: one process, one root connection, a cursor per operation, one writer at a time.

Driver errors stop here: whatever DuckDB raises leaves as a ``StoreError`` with a sentence for a person.
"""

from __future__ import annotations

import glob
import os
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import Any, ClassVar, TypeVar

import duckdb

from keel.errors import StoreError, StoreLockedError
from keel.vocabulary import LOCAL

T = TypeVar("T")

MEMORY = ":memory:"

# A stored framework is text and numbers: the database needs neither other files nor the network.
_CONFIG = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "lock_configuration": "true",
}

# 800 of 800 same-row writes succeed behind this lock; without it 726 of 800 met a conflict.
_writer = threading.RLock()
_ATTEMPTS = 5
_BACKOFF_SECONDS = 0.01
_FEW = 4  # rows
_IDLE = 4  # cursors kept for the next operations of an owner: as many as usually read at once
_STATEMENTS = 1_000  # that are remembered taken apart; ours are some hundred, others name a file's columns
_LONG = 10_000  # characters of a statement that is not remembered


class Cursor:
    """A connection of the driver that takes a statement's words apart once a process: two fifths of a small one."""

    # Words only: what they mean is looked up each time, as the schema is then.
    _known: ClassVar[dict[str, duckdb.Statement]] = {}

    def __init__(self, driver: duckdb.DuckDBPyConnection) -> None:
        self._driver = driver

    def execute(self, sql: str, parameters: object = None) -> Cursor:
        """This cursor, with the answer."""
        self._driver.execute(self._known.get(sql) or self._learnt(sql), parameters)
        return self

    def fetchall(self) -> list[tuple[Any, ...]]:
        """All rows of the answer that were not fetched yet."""
        return self._driver.fetchall()

    def _learnt(self, sql: str) -> duckdb.Statement | str:
        if len(sql) > _LONG or len(statements := self._driver.extract_statements(sql)) != 1:
            return sql
        if len(self._known) >= _STATEMENTS:
            self._known.clear()
        return self._known.setdefault(sql, statements[0])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._driver, name)


class _File:
    """What everybody who works on one open file shares."""

    def __init__(self, path: str) -> None:
        self.root: duckdb.DuckDBPyConnection | None = connect(path)
        self.revisions: Counter[str] = Counter()
        self.views: dict[str, Database] = {}


class Database:
    """An open database file (or ``:memory:``) as one ``owner`` works on it.

    ``Database.open`` brings its schema up to date first. What is stored through it is the owner's, and what is
    another's does not exist here: every cursor knows the variable ``owner``, and every statement on what is somebody's
    asks for it, or says that it is ``/* of all owners */``.
    """

    @classmethod
    def open(cls, path: str | Path) -> Database:
        """The database at ``path``, made or upgraded to the newest schema (see ``keel.store.migrations``).

        Raises StoreLockedError when another process holds it, StoreOutdatedError when a newer Keel wrote it.
        """
        from keel.store import migrations  # migrations need a Database

        return migrations.open(path)

    def __init__(self, path: str | Path, owner: str = LOCAL) -> None:
        self._look(str(path), owner, _File(str(path)))

    def _look(self, path: str, owner: str, file: _File) -> None:
        self.path = path
        self.owner = owner
        self._file = file
        self._joined = threading.local()
        self._idle: list[Cursor] = []
        file.views[owner] = self

    def of(self, owner: str) -> Database:
        """The same open file for another owner: one object an owner, so that answers kept for one stay there."""
        with _writer:
            view = self._file.views.get(owner)
            if view is None:
                view = Database.__new__(Database)
                view._look(self.path, owner, self._file)
            return view

    @property
    def whole(self) -> Database:
        """The same for all owners of the file, for answers that all of them may share."""
        return self.of(LOCAL)

    @contextmanager
    def cursor(self) -> Iterator[Cursor]:
        """A cursor of its own for one reading operation, which leaves nothing behind on it; safe from any thread."""
        with translated(self.path):
            cursor = self._lent()
            try:
                yield cursor
            except BaseException:
                cursor.close()
                raise
            self._take_back(cursor)

    @contextmanager
    def joined(self) -> Iterator[Cursor]:
        """A cursor for reading that sees what the write of this thread, if it is inside one, has written so far."""
        outer: Cursor | None = getattr(self._joined, "cursor", None)
        if outer is not None:
            yield outer
            return
        with self.cursor() as cursor:
            yield cursor

    @contextmanager
    def write(self) -> Iterator[Cursor]:
        """A cursor in a transaction: committed at the end, rolled back on any exception.

        It is lent, like that of ``cursor``, so what is made for it alone goes before the end. One writer in the process
        at a time. Inside another ``write`` of the same thread and owner it joins that transaction.
        """
        with _writer:
            outer: Cursor | None = getattr(self._joined, "cursor", None)
            if outer is not None:
                yield outer
                return
            with self.cursor() as cursor:
                self._joined.cursor, self._joined.touched, self._joined.learnt = cursor, set(), []
                try:
                    with private(), transaction(cursor):
                        yield cursor
                    self._file.revisions.update(self._joined.touched)
                    for learn in self._joined.learnt:
                        learn()
                finally:
                    self._joined.cursor = None

    def transact(self, work: Callable[[Cursor], T]) -> T:
        """What ``work`` returns, done in one transaction; repeated a few times when another writer got in between."""
        for attempt in range(1, _ATTEMPTS):
            try:
                with self.write() as cursor:
                    return work(cursor)
            except StoreError as error:
                if not isinstance(error.__cause__, duckdb.TransactionException) or self.writing():
                    raise
                time.sleep(_BACKOFF_SECONDS * attempt)
        with self.write() as cursor:
            return work(cursor)

    def touch(self, noun: str) -> None:
        """Say, inside a write, that rows of a noun change: ``revision`` grows when the write is committed."""
        self._joined.touched.add(noun)

    def stored(self, learn: Callable[[], None], without: str) -> None:
        """Do what takes note of a row once this write has committed it, before another write begins.

        Not where rows of the noun ``without`` change with it: what the row shows of them need not be what will be read.
        """
        self._joined.learnt.append(lambda: None if without in self._joined.touched else learn())

    def revision(self, noun: str) -> int:
        """How often a noun's rows have changed since the file was opened, for answers kept in memory.

        Only writes of this process count: it alone has the file open.
        """
        return self._file.revisions[noun]

    def close(self) -> None:
        """Close the file; the database merges its log into it. A second call does nothing."""
        with _writer:
            root, self._file.root = self._file.root, None
            for view in self._file.views.values():
                view._let_go()
            if root is not None:
                with private():
                    root.close()

    def _fresh(self) -> Cursor:
        """A new cursor that knows whose it is; telling it takes ten times as long as making it."""
        cursor = Cursor(self._open_root().cursor())
        cursor.execute("set variable owner = $owner", {"owner": self.owner})
        return cursor

    def _lent(self) -> Cursor:
        """A cursor of this owner that nobody uses, or a fresh one."""
        self._open_root()
        try:
            return self._idle.pop()
        except IndexError:
            return self._fresh()

    def _take_back(self, cursor: Cursor) -> None:
        """Keeps a cursor for the next operation, unless there are enough or the file was closed meanwhile."""
        try:
            cursor.execute("")  # lets go of an answer that was not read to its end
        except duckdb.ConnectionException:
            return
        if len(self._idle) < _IDLE:
            self._idle.append(cursor)
        else:
            cursor.close()
        if self._file.root is None:
            self._let_go()

    def _let_go(self) -> None:
        while self._idle:
            with suppress(IndexError):
                self._idle.pop().close()

    def _open_root(self) -> duckdb.DuckDBPyConnection:
        if self._file.root is None:
            raise StoreError("The database is closed.", hint="Open it again.", subject=self.path)
        return self._file.root

    def writing(self) -> bool:
        """Whether this thread is inside a write, and may see what nobody else does."""
        return getattr(self._joined, "cursor", None) is not None


def first_row(cursor: Cursor) -> tuple[Any, ...] | None:
    """The first row of what was asked last, or None. Reads to the end: an unread result blocks what comes next."""
    rows = cursor.fetchall()
    return rows[0] if rows else None


def connect(path: str) -> duckdb.DuckDBPyConnection:
    """A root connection with the network and other files switched off; the folder is made if it is missing."""
    if path != MEMORY:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            message = f"The folder of the database {path} cannot be made: {error.strerror}."
            raise StoreError(message, hint="Set KEEL_DB to a file you may write.", subject=path) from error
        _require_file(path)
        close_to_others(path)
    with translated(path), _writer, private():
        return duckdb.connect(path, config=dict(_CONFIG))


@contextmanager
def private() -> Iterator[None]:
    """Files made inside, the database's log among them, are for their owner alone, whatever is usual here.

    The mask belongs to the whole process: a file that another thread makes meanwhile is no more open than usual. One
    thread at a time may be inside: it holds the lock of writers.
    """
    usual = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(usual)


def close_to_others(path: str) -> None:
    """Take a database, its log and its copies from all but their owner; where that is not ours to do they stay."""
    file = Path(path)
    for known in (file, Path(f"{path}.wal"), *file.parent.glob(f"{glob.escape(file.name)}.before-*")):
        with suppress(OSError):
            if known.is_file() and S_IMODE(known.stat().st_mode) & 0o077:
                known.chmod(0o600)


def _require_file(path: str) -> None:
    """Raise for a device or a pipe, which the driver would wait for. A folder it refuses itself."""
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError):
        return  # not there yet, or not to be reached: opening it says why
    if not S_ISREG(mode) and not S_ISDIR(mode):
        message = f"The database path {path} is a device or a pipe, not a file."
        raise StoreError(message, hint="Set KEEL_DB to a file.", subject=path)


def insert_rows(cursor: Cursor, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts the rows into a table's columns of their names, all at once: one by one each takes half a millisecond."""
    if 0 < len(rows) <= _FEW:
        _insert_few(cursor, table, rows)
        return
    insert_columns(cursor, table, {column: [row.get(column) for row in rows] for column in (rows[0] if rows else ())})


def _insert_few(cursor: Cursor, table: str, rows: Sequence[Mapping[str, object]]) -> None:
    # As values in the statement: to lend the driver a table of them takes a millisecond more.
    columns = ", ".join(rows[0])
    places = ", ".join("(" + ", ".join("?" for _ in rows[0]) + ")" for _ in rows)
    sql = f"insert into {table} ({columns}) values {places}"  # noqa: S608 (names of our own)
    cursor.execute(sql, [row.get(column) for row in rows for column in rows[0]])


def insert_columns(cursor: Cursor, table: str, values: Mapping[str, Sequence[object]]) -> None:
    """Inserts rows that are given column by column, all at once."""
    if not any(values.values()):
        return
    pa: Any = import_module("pyarrow")  # slow to import and without types
    columns = ", ".join(values)
    cursor.register("incoming_rows", pa.table(dict(values)))
    cursor.execute(f"insert into {table} ({columns}) select {columns} from incoming_rows")  # noqa: S608 (names of our own)
    cursor.unregister("incoming_rows")


@contextmanager
def transaction(cursor: Cursor) -> Iterator[None]:
    """A transaction on ``cursor``: commit at the end, roll back on any exception (a stopped page run included)."""
    cursor.execute("begin")
    try:
        yield
    except BaseException:
        _roll_back(cursor)
        raise
    cursor.execute("commit")


def _roll_back(cursor: Cursor) -> None:
    try:
        cursor.execute("rollback")
    except duckdb.TransactionException:
        return  # a failed commit has ended the transaction already


@contextmanager
def translated(path: str) -> Iterator[None]:
    """Driver errors raised inside leave as StoreError."""
    try:
        yield
    except duckdb.Error as error:
        raise store_error(error, path) from error


def store_error(error: duckdb.Error, path: str) -> StoreError:
    """The sentence for what DuckDB said about the file at ``path``."""
    said = str(error)
    first_line = said.split("\n", 1)[0].strip()
    if held := re.search(r"Conflicting lock is held in (?:(.*?) )?\(PID (\d+)\)", said):
        program = Path(held.group(1)).name if held.group(1) else "another program"
        return StoreLockedError(
            f"The database {path} is in use by process {held.group(2)} ({program}).",
            hint="Close that process, or set KEEL_DB to another file.",
            subject=path,
        )
    if "Could not set lock on file" in said:
        return StoreLockedError(
            f"The database {path} is in use by another process.",
            hint="Close that process, or set KEEL_DB to another file.",
            subject=path,
        )
    for words, sentence in _FILE_TROUBLES:
        if words in said:
            return StoreError(sentence.format(path=path), hint=_FILE_HINT, subject=path)
    if "Is a directory" in said:
        return StoreError(f"The database path {path} is a folder.", hint="Name a file in it.", subject=path)
    return StoreError(f"The database {path} could not do this: {first_line}", subject=path)


_FILE_HINT = "Move the file away and start again, or restore a backup copy that lies beside it."
_FILE_TROUBLES = (
    ("not a valid DuckDB database file", "The file {path} is not a database of Keel."),
    ("Corrupt database file", "The database file {path} is damaged."),
    ("Could not read enough bytes", "The database file {path} is cut short."),
    ("Permission denied", "The database file {path} may not be opened by this user."),
    ("Cannot open file", "The database file {path} cannot be opened or made."),
    ("Serialization Error", "The file {path} is not a database this version can read."),
    ("newer version of DuckDB", "The database file {path} was written by a newer database engine."),
)
