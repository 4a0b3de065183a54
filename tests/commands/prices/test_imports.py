"""``keel prices import`` and ``undo``: what is stored and taken out again, as JSON and as text."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.commands.conftest import Keel, refused

import keel as notebook


def written(folder: Path, text: str = "date,NEW\n2020-01-31,1.5\n2020-02-28,1.6\n") -> Path:
    path = folder / "p.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_imported_once_and_undone(keel: Keel, tmp_path: Path) -> None:
    done = keel("prices", "import", written(tmp_path), "--dataset", "Own", "--json")
    assert done.code == 0, done.err
    assert list(done.data) == ["import", "dataset", "symbols", "rows", "first", "last", "notes"]
    assert [done.data[name] for name in ("dataset", "symbols", "rows", "first", "last")] == [
        "Own", ["NEW"], 2, "2020-01-31", "2020-02-28",
    ]  # fmt: skip
    again = keel("prices", "import", written(tmp_path), "--dataset", "Own", "--json").data
    assert again["import"] == done.data["import"]
    assert "nothing changed" in again["notes"][0]
    assert "is undone: 2 prices are out of Own again" in keel("prices", "undo", done.data["import"]).out
    assert "2 prices of 1 symbol in My prices" in keel("prices", "import", written(tmp_path)).out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("date,A\n2020-01-31,=1+1\n", 'p.csv, row 2, column A: "=1+1" is not a price'),
        ("date,A,A\n2020-01-31,1,1\n", "row 1, column A: the column is there twice"),
        ("date,A\n01/02/2020,1\n", "may begin with the day or with the month"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_one_line(keel: Keel, tmp_path: Path, text: str, words: str) -> None:
    refused(keel("prices", "import", written(tmp_path, text)), words)
    refused(keel("prices", "import", tmp_path / "gone.csv"), "gone.csv was not found")
    refused(keel("prices", "import", tmp_path), "it is a folder")
    refused(keel("prices", "undo", "imp_none"), "There is no import imp_none")


def test_dates_that_may_be_either_can_be_told(keel: Keel, tmp_path: Path) -> None:
    file = written(tmp_path, "date,NEW\n03/04/2020,1\n03/05/2020,2\n")
    assert keel("prices", "import", file, "--dates", "day-first", "--json").data["first"] == "2020-04-03"


def test_a_notebook_imports_as_the_command_line_does(keel: Keel, tmp_path: Path) -> None:
    made = notebook.import_prices(written(tmp_path))
    assert keel("prices", "import", written(tmp_path), "--json").data["import"] == made["import"]
