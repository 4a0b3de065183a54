"""The files of the templates, and only those."""

from __future__ import annotations

from pathlib import Path

from keel.sources.embedded.templates import template_files


def test_every_toml_file_of_the_folder_is_read(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_bytes(b"id = 'b'")
    (tmp_path / "a.toml").write_bytes(b"id = 'a'")
    (tmp_path / "notes.txt").write_bytes(b"not a template")
    assert template_files(tmp_path) == {"a.toml": b"id = 'a'", "b.toml": b"id = 'b'"}
