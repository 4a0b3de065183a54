"""The file of the worked example."""

from __future__ import annotations

from pathlib import Path

from keel.errors import ImportFormatError, SourceUnavailableError
from keel.sources.files.disk import read_bytes

FILE = "global6.json"


def example_file(data_dir: Path) -> bytes:
    """The framework of the worked example; SourceUnavailableError when it is not there."""
    try:
        return read_bytes(data_dir / "examples" / FILE)
    except ImportFormatError as error:
        raise SourceUnavailableError(
            f"The worked example cannot be read: {FILE} is missing.",
            hint="Install again, or set KEEL_DATA to the folder that holds it.",
            subject=FILE,
        ) from error
