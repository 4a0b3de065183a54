"""What serve would run, and what is in its way."""

from __future__ import annotations

import os
import shutil
import socket
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused

from keel import settings
from keel.commands import serve
from keel.errors import InputError


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch, sample_file: Path, tmp_path: Path) -> list[str]:
    """The folder and the script that serve would have run, and a database that is ready."""
    shutil.copy(sample_file, tmp_path / "k.duckdb")
    monkeypatch.setenv("KEEL_DB", os.path.relpath(tmp_path / "k.duckdb"))
    monkeypatch.setenv("KEEL_DATA", str(settings.load().data_dir))
    monkeypatch.setenv("PORT", "8677")
    done: list[str] = []
    monkeypatch.setattr(serve.runpy, "run_path", lambda script, **_: done.append(script))
    monkeypatch.setattr(serve.os, "chdir", lambda folder: done.append(str(folder)))
    return done


def test_serve_runs_the_servers_script_on_the_asked_port(keel: Keel, ran: list[str]) -> None:
    done = keel("serve", "--json")
    assert done.data == {"url": "http://localhost:8677"}
    script = settings.load().app_path
    assert ran == [str(script.parent), str(script)]
    assert Path(os.environ["KEEL_DB"]).is_absolute()
    assert os.environ["PORT"] == "8677"
    assert "http://localhost:9001" in keel("serve", "--port", "9001").out
    assert os.environ["PORT"] == "9001"


def test_serve_says_what_is_in_its_way(
    keel: Keel, ran: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused(keel("serve", "--port", "99999999"), "--port")
    for port in ("99999", "x"):
        with monkeypatch.context() as patch:
            patch.setenv("PORT", port)
            refused(keel("serve"), f"PORT is '{port}'")
    with socket.socket() as taken:
        taken.bind(("localhost", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused(keel("serve", "--port", port), str(port), "in use")
    (tmp_path / "k.duckdb").write_bytes(b"something else" * 100)
    refused(keel("serve"), "k.duckdb")
    with pytest.raises(InputError, match=r"app\.py"):
        serve.require_script(tmp_path / "app.py")
    assert ran == []
