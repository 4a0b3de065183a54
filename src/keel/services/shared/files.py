"""Files that background work will read: kept in a folder of their own until it has run."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from keel.errors import InputError
from keel.services.shared.job import Request


def keep(files: Sequence[tuple[str, bytes | Path]]) -> dict[str, object]:
    """What a request says of files, name and content of each: what they are called, and the folder they wait in."""
    folder = Path(tempfile.mkdtemp(prefix="keel-"))
    for n, (_, content) in enumerate(files):
        if isinstance(content, Path):
            shutil.copyfile(content, folder / str(n))
        else:
            (folder / str(n)).write_bytes(content)
    return {"folder": str(folder), "files": [name for name, _ in files]}


@contextmanager
def kept(request: Request) -> Iterator[tuple[tuple[str, Path], ...]]:
    """Name and place of each file of a request while the block runs, then they are gone. Raises InputError if before.

    A restart loses them too: what it interrupted cannot be begun again.
    """
    folder = Path(request["folder"])
    if not folder.is_dir():
        raise InputError("The files are no longer here.", hint="Import them again.", subject="files")
    try:
        yield tuple((name, folder / str(n)) for n, name in enumerate(request["files"]))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
