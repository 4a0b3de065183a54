"""A stored framework or run as a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused

from keel import settings
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import RunSettings
from keel.domain.study.question import Question
from keel.services import design, example, study
from keel.store.connection import Database


@pytest.fixture
def database(db: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The sample's database, which the commands will open; close it before."""
    monkeypatch.setenv("KEEL_DB", db.path)
    return db


def test_an_exported_framework_reads_back(keel: Keel, database: Database, tmp_path: Path) -> None:
    made = design.adopt_template(database, settings.load(), "balanced", "Mine")
    database.close()
    out = tmp_path / "mine.json"
    assert keel("export", "framework", made.id, "--out", out).code == 0
    assert keel("validate", out).code == 0
    assert keel("export", "framework", made.id, "--json").data["name"] == "Mine"
    rows = list(csv.DictReader(io.StringIO(keel("export", "framework", made.id, "--format", "csv").out)))
    assert [row["path"] for row in rows] == [bucket.path for bucket in made.buckets]
    book = tmp_path / "mine.xlsx"
    assert keel("export", "framework", made.id, "--format", "xlsx", "--out", book).code == 0
    assert keel("validate", book, "--json").data["valid"]
    refused(keel("export", "framework", made.id, "--format", "xlsx"), "--out")
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


def test_what_is_not_there_is_said_without_a_list_that_the_command_line_has_not(keel: Keel, database: Database) -> None:
    database.close()
    for kind in ("framework", "run"):
        done = keel("export", kind, "nope")
        refused(done, "nope", "Check the id")
    refused(keel("export", "framework", "nope", "--version", "abc"), "'abc' is not a valid whole number")


def test_the_database_that_is_read_is_never_written_over(keel: Keel, database: Database) -> None:
    portfolio = example.open_example(database)
    done = study.run_backtest(database, Question(portfolio.id, {"annual": PRESETS["annual"]}, RunSettings()))
    database.close()
    before = Path(database.path).read_bytes()
    for target in (database.path, f"{database.path}.wal"):
        refused(keel("export", "run", done.run_id, "--out", target), "--out", "belongs to Keel's database")
        refused(keel("export", "framework", "x", "--out", target), "--out", "belongs to Keel's database")
    assert Path(database.path).read_bytes() == before


def test_a_client_pack_is_a_paper_with_the_date_it_was_given(keel: Keel, database: Database, tmp_path: Path) -> None:
    portfolio = example.open_example(database)
    done = study.run_backtest(database, Question(portfolio.id, {"annual": PRESETS["annual"]}, RunSettings()))
    database.close()
    logo, out = tmp_path / "logo.svg", tmp_path / "pack.pdf"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>')
    written = keel("export", "pack", done.run_id, "--out", out, "--date", "2026-11-21", "--firm", "Us", "--logo", logo)
    assert written.out == f"Written to {out}.\n"
    assert b"D:20261121" in out.read_bytes()
    refused(keel("export", "pack", done.run_id, "--out", tmp_path / "pack.doc"), "--out", "must end in .pdf")
    assert keel("export", "pack", done.run_id, "--out", tmp_path / "pack.xlsx").code == 0
    assert (tmp_path / "pack.xlsx").read_bytes().startswith(b"PK")
    assert keel("export", "pack", portfolio.id, "--out", tmp_path / "its.xlsx").code == 0
    bundle = tmp_path / "pack.keel.zip"
    assert keel("export", "pack", done.run_id, "--out", bundle, "--json").data == {"out": str(bundle)}
    assert keel("replay", bundle).out.endswith("all the same to 1e-9.\n")
    refused(keel("export", "pack", done.run_id, "--out", out, "--logo", out), "--out", "is an input")
    logo.write_text("<html/>")
    refused(keel("export", "pack", done.run_id, "--out", out, "--logo", logo), "logo.svg", "PNG")
    refused(keel("export", "pack", "none", "--out", out), "none")
