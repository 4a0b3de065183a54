"""The commands that work on the database: init and export; and what serve would run."""

from __future__ import annotations

import csv
import io
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused

from keel import settings
from keel.commands import serve
from keel.domain.policy.records import PRESETS, RunSettings
from keel.domain.study.question import Question
from keel.errors import InputError
from keel.services import design, example, study
from keel.store.connection import Database


@pytest.fixture
def database(db: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The sample's database, which the commands will open; close it before."""
    monkeypatch.setenv("KEEL_DB", db.path)
    return db


def test_init_builds_the_sample_once(keel: Keel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "folder" / "k.duckdb"
    monkeypatch.setenv("KEEL_DB", str(path))
    first = keel("init", "--json")
    assert first.code == 0, first.err
    assert first.data["database"] == str(path)
    assert min(first.data["instruments"], first.data["series"]) > 50
    assert keel("init", "--json").data == first.data
    assert str(path) in keel("init").out


def test_a_file_that_is_no_database_is_named(keel: Keel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k.duckdb"
    path.write_bytes(b"not a database" * 100)
    monkeypatch.setenv("KEEL_DB", str(path))
    refused(keel("init"), str(path))
    monkeypatch.setenv("KEEL_DB", str(tmp_path))
    refused(keel("init"), str(tmp_path))


def test_an_exported_framework_reads_back(keel: Keel, database: Database, tmp_path: Path) -> None:
    made = design.adopt_template(database, settings.load(), "balanced", "Mine")
    database.close()
    out = tmp_path / "mine.json"
    assert keel("export", "framework", made.id, "--out", out).code == 0
    assert keel("validate", out).code == 0
    assert keel("export", "framework", made.id, "--json").data["name"] == "Mine"
    rows = list(csv.DictReader(io.StringIO(keel("export", "framework", made.id, "--format", "csv").out)))
    assert [row["path"] for row in rows] == [bucket.path for bucket in made.buckets]
    refused(keel("export", "framework", made.id, "--version", 9), "9")
    refused(keel("export", "framework", "none"), "none")
    refused(keel("export", "framework", made.id, "--out", tmp_path / "no" / "f.json"), "f.json")


def test_an_exported_run_is_a_table_or_json(keel: Keel, database: Database) -> None:
    portfolio = example.open_example(database)
    done = study.run_backtest(database, Question(portfolio.id, {"annual": PRESETS["annual"]}, RunSettings()))
    database.close()
    shown = keel("export", "run", done.run_id)
    assert shown.code == 0, shown.err
    assert "annual" in shown.out
    assert "ypothetical" in shown.out
    data = keel("export", "run", done.run_id, "--json").data
    assert data["runs"][0]["metrics"]["cagr"] == done.results[0].metrics["cagr"]
    for table in ("metrics", "trades"):
        assert "ypothetical" in keel("export", "run", done.run_id, "--table", table).out
    refused(keel("export", "run", "none"), "none")


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


def test_serve_says_what_is_in_its_way(keel: Keel, ran: list[str], tmp_path: Path) -> None:
    refused(keel("serve", "--port", "99999999"), "--port")
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


def test_what_is_not_there_is_said_without_a_list_that_the_command_line_has_not(keel: Keel, database: Database) -> None:
    database.close()
    for kind in ("framework", "run"):
        done = keel("export", kind, "nope")
        refused(done, "nope", "Check the id")
    refused(keel("export", "framework", "nope", "--version", "abc"), "'abc' is not a valid whole number")


def test_a_folder_for_a_database_is_called_one(keel: Keel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEL_DB", str(tmp_path))
    refused(keel("export", "framework", "x"), "is a folder", "Name a file in it")
