"""The database a command works on: what cannot be one, and one that is in use."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused


def test_a_file_that_is_no_database_is_named(keel: Keel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k.duckdb"
    path.write_bytes(b"not a database" * 100)
    monkeypatch.setenv("KEEL_DB", str(path))
    refused(keel("init"), str(path))
    monkeypatch.setenv("KEEL_DB", str(tmp_path))
    refused(keel("init"), str(tmp_path))


def test_a_database_in_use_is_said(keel: Keel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k.duckdb"
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    holder = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        holder.stdout.readline()
        monkeypatch.setenv("KEEL_DB", str(path))
        refused(keel("init"), str(path), str(holder.pid))
    finally:
        holder.communicate()


def test_a_folder_for_a_database_is_called_one(keel: Keel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEL_DB", str(tmp_path))
    refused(keel("export", "framework", "x"), "is a folder", "Name a file in it")
