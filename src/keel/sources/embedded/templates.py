"""The files of the templates."""

from __future__ import annotations

from pathlib import Path

from keel.sources.files.disk import read_bytes


def template_files(folder: Path) -> dict[str, bytes]:
    """The bytes of every template of a folder, by file name."""
    return {path.name: read_bytes(path) for path in sorted(folder.glob("*.toml"))}
