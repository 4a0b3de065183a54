"""Files written whole or not at all: beside their place first, and never over a database."""

from __future__ import annotations

import errno
import fcntl
import glob
import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from keel.errors import InputError

_PART = re.compile(r"\.keel-\d+\.part$")
_DUCKDB = b"DUCK"  # at byte 8 of every database file
_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP)


@contextmanager
def written(path: str | Path) -> Iterator[Path]:
    """A new file beside ``path`` to write to: on the disk and in its place when the block ends well, gone when not.

    A link stays a link, the file it leads to is replaced. What is no file, such as /dev/stdout, is written to as it
    is. What a writer that was killed left behind in the folder goes. Raises InputError for a database.
    """
    given = Path(path)
    if given.exists() and not given.is_file():
        yield given
        return
    target = Path(os.path.realpath(given))
    _require_no_database(given, target)
    _clear_away(target.parent)
    part = target.with_name(f"{target.name}.keel-{os.getpid()}.part")
    with _claimed(part, 0o600 if target.exists() else 0o666):
        yield part
        if target.exists():
            shutil.copymode(target, part)
        _onto_the_disk(part)
        part.replace(target)
        _onto_the_disk(target.parent)


def same_file(one: Path, other: Path) -> bool:
    """Whether two paths lead to one file, by name, link or hard link; one that is not there yet has only its name."""
    with suppress(OSError):
        return one.samefile(other)
    return os.path.realpath(one) == os.path.realpath(other)


def of_database(database: Path) -> Iterable[Path]:
    """The files that are a database: itself, its log, and the copies made before upgrades."""
    return (database, Path(f"{database}.wal"), *database.parent.glob(f"{glob.escape(database.name)}.before-*"))


def _require_no_database(given: Path, target: Path) -> None:
    """Raise for a database of any name, and for the log beside one."""
    with suppress(OSError):
        for file in {target, target.with_name(target.name.removesuffix(".wal"))}:
            if file.is_file() and _is_database(file):
                raise InputError(f"{given} belongs to a database; choose another name.", subject=str(given))


def _is_database(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(12)[8:] == _DUCKDB


@contextmanager
def _claimed(part: Path, mode: int) -> Iterator[None]:
    """The part as an empty file that is locked while somebody writes to it, and gone at the end.

    A lock goes with its process however that ends, and another machine that shares the folder sees it too.
    """
    claim = os.open(part, os.O_CREAT | os.O_RDWR | os.O_TRUNC, mode)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        part.unlink(missing_ok=True)
        os.close(claim)


def _clear_away(folder: Path) -> None:
    """Remove the parts that nobody writes to any more."""
    with suppress(OSError):
        for part in [file for file in folder.iterdir() if _PART.search(file.name)]:
            with suppress(OSError), part.open("rb") as stream:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                part.unlink()


def _onto_the_disk(path: Path) -> None:
    """Wait until a file or a folder's entries are on the disk; a file system that cannot say so is believed."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise
    finally:
        os.close(file)
