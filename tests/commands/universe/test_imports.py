"""``keel universe import`` and ``undo``: what is stored and taken out again, as JSON and as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused
from tests.sources.catalogue.test_finance_database import ROWS, stand_in

import keel as notebook


def written(folder: Path, text: str = "symbol,region\nNEWF,US\n") -> Path:
    path = folder / "u.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_imported_once_and_undone(keel: Keel, tmp_path: Path) -> None:
    done = keel("universe", "import", written(tmp_path), "--json")
    assert done.code == 0, done.err
    assert list(done.data) == ["import", "file", "products", "new", "facts", "notes"]
    assert [done.data[name] for name in ("file", "products", "new", "facts")] == ["u.csv", 1, 1, 4]
    assert notebook.import_universe(written(tmp_path))["import"] == done.data["import"]
    assert "NEWF" in keel("universe", "import", written(tmp_path, "symbol,region\nNEWF,Emerging\n")).out
    status = keel("universe", "status", "--json").data
    assert [one["products"] for one in status["imports"]] == [1, 1]
    assert "u.csv, 1 product" in keel("universe", "status").out
    refused(keel("universe", "undo", done.data["import"]), "was followed by")


def test_a_file_that_cannot_be_used_is_refused_in_one_line(keel: Keel, tmp_path: Path) -> None:
    refused(keel("universe", "import", written(tmp_path, "symbol,type\nA,Boat\n")), "u.csv, row 2, column type")
    refused(keel("universe", "import", tmp_path / "gone.csv"), "gone.csv was not found")
    refused(keel("universe", "undo", "imp_none"), "There is no import imp_none")


def test_a_catalogue_is_fetched_where_its_package_is(keel: Keel, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in(monkeypatch, ROWS)
    assert "5 products, 2 of them new" in keel("universe", "fetch").out
    stand_in(monkeypatch, None)
    refused(keel("universe", "fetch"), "FinanceDatabase is not installed")
