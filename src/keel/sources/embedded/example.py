"""The files of the worked examples."""

from __future__ import annotations

from pathlib import Path

from keel.errors import ImportFormatError, SourceUnavailableError
from keel.sources.files.disk import read_bytes

FILE = "global6.json"
CLIENT, CLIENT_HOLDINGS = "client.json", "client.csv"


def example_file(data_dir: Path, file: str = FILE) -> bytes:
    """A file of the worked examples, the framework by itself; SourceUnavailableError when it is not there."""
    try:
        return read_bytes(data_dir / "examples" / file)
    except ImportFormatError as error:
        raise SourceUnavailableError(
            f"The worked example cannot be read: {file} is missing.",
            hint="Install again, or set KEEL_DATA to the folder that holds it.",
            subject=file,
        ) from error
