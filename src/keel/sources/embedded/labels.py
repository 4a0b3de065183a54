"""The file of the words that bucket names are made of."""

from __future__ import annotations

from pathlib import Path

from keel.sources.files.disk import read_bytes

FILE = "labels.toml"


def label_file(folder: Path) -> bytes:
    """The bytes of the word list in the folder of data. Raises an error that names a file that is not there."""
    return read_bytes(folder / FILE)
