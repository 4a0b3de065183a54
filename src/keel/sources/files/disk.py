"""Bytes off the disk: judged by size and kind before any is read."""

from __future__ import annotations

import os
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from keel.errors import ImportFormatError

PRICES_LIMIT = 200_000_000  # bytes; the widest file we were shown had 60 MB
TABLE_LIMIT = 20_000_000


def read_bytes(path: Path, limit: int = TABLE_LIMIT) -> bytes:
    """The file's bytes.

    A file that is missing, unreadable or larger than ``limit`` raises ImportFormatError, and so does what is no file:
    a folder, and a device or a pipe, which might never end.
    """
    name = path.name or str(path)
    try:
        _require_file(path.stat(), name, limit)
        with path.open("rb") as file:
            data = file.read(limit + 1)
    except FileNotFoundError:
        raise ImportFormatError(f"{name} was not found.", subject=name, hint="Check the path.") from None
    except (OSError, ValueError) as error:
        if isinstance(error, ImportFormatError):
            raise
        reason = getattr(error, "strerror", None) or "the path cannot be used"
        raise _unreadable(name, reason) from error
    if len(data) > limit:  # it says another size than it has, as the kernel's own files do
        raise _too_large(name, len(data), limit)
    return data


def _require_file(status: os.stat_result, name: str, limit: int) -> None:
    if S_ISDIR(status.st_mode):
        raise _unreadable(name, "it is a folder")
    if not S_ISREG(status.st_mode):
        raise _unreadable(name, "it is a device or a pipe, not a file")
    if status.st_size > limit:
        raise _too_large(name, status.st_size, limit)


def _unreadable(name: str, reason: str) -> ImportFormatError:
    return ImportFormatError(f"{name} cannot be read: {reason}.", subject=name)


def _too_large(name: str, size: int, limit: int) -> ImportFormatError:
    message = f"{name} is {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that can be read."
    return ImportFormatError(message, subject=name)
