"""Bytes off the disk: judged by size and kind before any is read."""

from __future__ import annotations

import hashlib
import os
import select
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from stat import S_ISDIR, S_ISFIFO, S_ISREG

from keel.errors import ImportFormatError

PRICES_LIMIT = 200_000_000  # bytes; the widest file we were shown had 60 MB
TABLE_LIMIT = 20_000_000
STATEMENT_LIMIT = 60_000_000  # of what a portfolio holds or did, where it is XML: nearly all of it is past prices
KINDS = "CSV, parquet or XLSX"  # of files of prices and products
WAIT = 0.5  # s in which somebody must open a pipe to write
PATIENCE = 60.0  # s in which one that holds it open must write: a download may be behind it
CHUNK = 1 << 20


def read_bytes(path: Path, limit: int = TABLE_LIMIT) -> bytes:
    """The bytes of a file, or what is written to a pipe.

    One that is missing, unreadable or larger than ``limit`` raises ImportFormatError, and so do a folder, a device,
    which might never end, and a pipe that nobody writes to.
    """
    name = path.name or str(path)
    try:
        status = path.stat()
        _require_readable(status, name, limit)
        if S_ISFIFO(status.st_mode):
            data = _read_pipe(path, name, limit + 1)
        else:
            with path.open("rb") as file:
                data = file.read(limit + 1)
    except FileNotFoundError:
        raise _missing(name) from None
    except (OSError, ValueError) as error:
        if isinstance(error, ImportFormatError):
            raise
        reason = getattr(error, "strerror", None) or "the path cannot be used"
        raise _unreadable(name, reason) from error
    if len(data) > limit:  # it says another size than it has, as the kernel's own files do
        raise _too_large(name, len(data), limit)
    return data


def _read_pipe(path: Path, name: str, most: int) -> bytes:
    """What comes through a pipe until it is closed, ``most`` bytes or a chunk more."""
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # blocking, it would wait for a writer for ever
    try:
        ready = select.poll()
        ready.register(pipe, select.POLLIN)
        data = bytearray()
        silent = 0.0
        while len(data) < most:
            spoken = bool(ready.poll(WAIT * 1000))
            silent = 0.0 if spoken else silent + WAIT
            if silent >= PATIENCE:
                raise _unreadable(name, f"it is a pipe, and nothing was written to it for {PATIENCE:.0f} seconds")
            try:
                chunk = os.read(pipe, CHUNK)
            except BlockingIOError:
                continue  # somebody holds it open and has yet to write
            if not chunk and not spoken:
                raise _unreadable(name, "it is a pipe, and nobody writes to it")
            if not chunk:
                break
            data += chunk
        return bytes(data)
    finally:
        os.close(pipe)


def _require_readable(status: os.stat_result, name: str, limit: int) -> None:
    if S_ISDIR(status.st_mode):
        raise _unreadable(name, "it is a folder")
    if not S_ISREG(status.st_mode) and not S_ISFIFO(status.st_mode):
        raise _unreadable(name, "it is a device, not a file")
    if status.st_size > limit:
        raise _too_large(name, status.st_size, limit)


def content_sha256(path: Path) -> str:
    """The sha256 of a file's content, as hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def spooled(data: bytes) -> Iterator[Path]:
    """A file of these bytes while the block runs, for what is read from the disk."""
    with tempfile.TemporaryDirectory(prefix="keel-") as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        yield path


def require_file(path: Path) -> None:
    """Raise for what is no file that can be read twice: missing, a folder, a device or a pipe."""
    name = path.name or str(path)
    try:
        status = path.stat()
    except FileNotFoundError:
        raise _missing(name) from None
    except (OSError, ValueError) as error:
        raise _unreadable(name, getattr(error, "strerror", None) or "the path cannot be used") from error
    _require_readable(status, name, status.st_size)
    if S_ISFIFO(status.st_mode):
        raise _unreadable(name, "it is a pipe, not a file")


def require_size(path: Path, name: str, limit: int) -> None:
    """Raise for a file larger than ``limit`` bytes."""
    size = path.stat().st_size
    if size > limit:
        raise _too_large(name, size, limit)


def _missing(name: str) -> ImportFormatError:
    return ImportFormatError(f"{name} was not found.", subject=name, hint="Check the path.")


def _unreadable(name: str, reason: str) -> ImportFormatError:
    return ImportFormatError(f"{name} cannot be read: {reason}.", subject=name)


def _too_large(name: str, size: int, limit: int) -> ImportFormatError:
    message = f"{name} is {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that can be read."
    return ImportFormatError(message, subject=name)
