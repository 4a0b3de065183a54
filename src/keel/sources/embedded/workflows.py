"""The files of the workflows."""

from __future__ import annotations

from pathlib import Path

from keel.sources.files.disk import read_bytes


def workflow_files(folder: Path) -> dict[str, bytes]:
    """The bytes of every workflow of a folder, by file name."""
    return {path.name: read_bytes(path) for path in sorted(folder.glob("*.json"))}
