"""Opening a database at the newest schema: numbered SQL files, forward only, each in one transaction."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from importlib import resources
from itertools import chain, count
from pathlib import Path

import duckdb

from keel.errors import StoreError, StoreOutdatedError
from keel.store.connection import MEMORY, Cursor, Database, private
from keel.store.values import now, stamp


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema; ``checksum`` is the first 16 hex digits of the sha256 of its text."""

    version: int
    name: str
    sql: str
    checksum: str


@cache
def shipped() -> tuple[Migration, ...]:
    """The migrations this version knows, oldest first."""
    folder = resources.files("keel.store") / "schema"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".sql")), key=lambda f: f.name)
    return tuple(_migration(f.name, f.read_text(encoding="utf-8")) for f in files)


def _migration(file_name: str, text: str) -> Migration:
    number, _, name = file_name.removesuffix(".sql").partition("_")
    sql = text.replace("\r\n", "\n")  # a checkout may change line ends; the schema is the same
    return Migration(int(number), name, sql, sha256(sql.encode()).hexdigest()[:16])


def open(path: str | Path, migrations: tuple[Migration, ...] | None = None) -> Database:
    """The database at ``path``, made or upgraded to the newest schema; ``:memory:`` is an empty one.

    An existing file is copied beside itself before its first migration (``keel.duckdb.before-2``, and where there is
    one, ``keel.duckdb.before-2.2``). Raises StoreLockedError when another process holds it, StoreOutdatedError when a
    newer Keel wrote it.
    """
    known = shipped() if migrations is None else migrations
    database = Database(path)
    try:
        pending = _pending(database, known)
        if pending and pending[0].version > 1:
            database.close()
            _back_up(str(path), pending[0].version)
            database = Database(path)
        for migration in pending:
            database.transact(partial(_apply, migration))
    except BaseException:
        database.close()
        raise
    return database


def schema_version(database: Database) -> int:
    """The number of the newest migration in the file; 0 for an empty one."""
    return max(_applied(database), default=0)


def _pending(database: Database, known: tuple[Migration, ...]) -> tuple[Migration, ...]:
    applied = _applied(database)
    newest = known[-1].version
    if applied and max(applied) > newest:
        raise StoreOutdatedError(
            f"The database {database.path} was written by a newer Keel"
            f" (its schema is {max(applied)}, this version knows {newest}).",
            hint="Upgrade Keel, or set KEEL_DB to another file.",
            subject=database.path,
        )
    for migration in known:
        if applied.get(migration.version, migration.checksum) != migration.checksum:
            raise StoreError(
                f"The database {database.path} was made by another edition of schema step {migration.version}.",
                hint="Move the file away; the next start builds a new one.",
                subject=database.path,
            )
    return tuple(m for m in known if m.version not in applied)


def _applied(database: Database) -> dict[int, str]:
    """Version → checksum of what the file has; empty for a new file. A foreign DuckDB file is refused."""
    with database.cursor() as cursor:
        try:
            return dict(cursor.execute("select version, checksum from schema_migrations").fetchall())
        except duckdb.CatalogException:
            if cursor.execute("select table_name from duckdb_tables()").fetchall():
                raise StoreError(
                    f"The file {database.path} is a DuckDB database, but not one of Keel.",
                    hint="Set KEEL_DB to another file.",
                    subject=database.path,
                ) from None
            return {}


def _back_up(path: str, version: int) -> None:
    # While the file is open a copy would drop this process's lock on it (POSIX), so it is closed for the copy.
    if path == MEMORY:
        return
    copy = _free_name(f"{path}.before-{version}")
    try:
        with private():
            shutil.copy2(path, copy)
    except OSError as error:
        copy.unlink(missing_ok=True)  # what a full disk left of it
        raise StoreError(
            f"No backup copy of {path} could be made before its upgrade: {error.strerror}.",
            hint="Free some space or make the folder writable.",
            subject=path,
        ) from error


def _free_name(name: str) -> Path:
    """The name, with a number where there is such a file: an older copy may be the only way back.

    >>> _free_name("/nowhere/keel.duckdb.before-2").name
    'keel.duckdb.before-2'
    """
    names = chain([name], (f"{name}.{n}" for n in count(2)))
    return next(path for path in map(Path, names) if not path.exists())


def _apply(migration: Migration, cursor: Cursor) -> None:
    cursor.execute(migration.sql)
    cursor.execute(
        "insert into schema_migrations (version, name, checksum, applied_at) values ($version, $name, $checksum, $at)",
        {"version": migration.version, "name": migration.name, "checksum": migration.checksum, "at": stamp(now())},
    )
