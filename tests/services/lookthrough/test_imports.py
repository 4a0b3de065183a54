"""Files of what products hold: looked at, stored all or nothing, known by their content, and undone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from keel.errors import ImportFormatError, InputError
from keel.services.lookthrough import imports, xray
from keel.store.connection import Database

TODAY = date(2026, 1, 2)
TEXT = "symbol,holding,weight\nSPY,AAPL,60%\nSPY,MSFT,40.5%\nQQQ,AAPL,25%\nNONE,AAPL,1\n"


def write(folder: Path, text: str = TEXT) -> Path:
    path = folder / "e.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_looked_at_stored_once_and_undone(db: Database, tmp_path: Path) -> None:
    path = write(tmp_path)
    notes = (
        "Not known here and left out: NONE.",
        "SPY by company makes 100.50% and was scaled to 100%.",
        "QQQ by company makes 25.0%: the other 75.0% is not known.",
    )
    assert imports.preview(db, path, "e.csv").notes == notes
    assert imports.history(db) == ()
    made = imports.commit(db, path, "e.csv", TODAY)
    assert (made.symbols, made.rows, made.notes) == (("SPY", "QQQ"), 3, notes)
    assert xray.overlap(db, "SPY", "QQQ").least == 0.25
    again = imports.commit(db, path, "e.csv", TODAY)
    assert (again.id, len(imports.history(db))) == (made.id, 1)
    assert "nothing changed" in again.notes[0]
    assert imports.document(made)["import"] == made.id
    imports.undo(db, made.id)
    assert xray.overlap(db, "SPY", "QQQ").least is None
    assert imports.commit(db, path, "e.csv", TODAY).id != made.id


def test_what_cannot_be_used_changes_nothing(db: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing in it is known here \(NONE\)"):
        imports.commit(db, write(tmp_path, "symbol,holding,weight\nNONE,AAPL,1\n"), "e.csv", TODAY)
    with pytest.raises(ImportFormatError):
        imports.commit(db, write(tmp_path, "symbol,holding,weight\nSPY,AAPL,\n"), "e.csv", TODAY)
    assert imports.history(db) == ()
