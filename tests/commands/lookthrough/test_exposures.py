"""``keel exposures``: imported, compared and undone."""

from __future__ import annotations

from pathlib import Path

from tests.commands.conftest import Keel, refused

TEXT = "symbol,holding,weight\nSPY,AAPL,100%\nQQQ,AAPL,25%\n"


def test_a_file_is_imported_once_compared_and_undone(keel: Keel, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text(TEXT, encoding="utf-8")
    made = keel("exposures", "import", path, "--json")
    assert made.code == 0, made.err
    assert list(made.data) == ["import", "file", "symbols", "rows", "notes"]
    assert "nothing changed" in keel("exposures", "import", path).out
    words = "SPY and QQQ have at least 25.0% in common: 100.0% and 25.0% of what they hold is known."
    assert keel("exposures", "overlap", "SPY", "QQQ").out.strip() == words
    assert keel("exposures", "overlap", "SPY", "QQQ", "--json").data["overlap"] == 0.25
    shown = keel("exposures", "show", "QQQ").out
    assert "company: e.csv, " in shown
    assert keel("exposures", "show", "QQQ", "--json").data["dimensions"][-1]["unknown"] == 0.75
    assert "is undone" in keel("exposures", "undo", made.data["import"]).out
    assert keel("exposures", "overlap", "SPY", "QQQ").out.strip() == "What SPY and QQQ hold is not known."


def test_what_cannot_be_used_is_refused_in_one_line(keel: Keel, tmp_path: Path) -> None:
    path = tmp_path / "e.csv"
    path.write_text("symbol,holding,weight\nSPY,AAPL,much\n", encoding="utf-8")
    refused(keel("exposures", "import", path), "e.csv, row 2, column weight")
    refused(keel("exposures", "import", tmp_path / "gone.csv"), "gone.csv")
    refused(keel("exposures", "undo", "imp_none"), "There is no import imp_none")
    refused(keel("exposures", "overlap", "SPY", "NONE"), "NONE")
