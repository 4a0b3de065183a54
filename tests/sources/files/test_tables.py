"""One table, whatever it was saved as."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from keel.errors import ImportFormatError
from keel.sources.files.tables import read_table_file

FRAME = pd.DataFrame({"Symbol": ["A", "B"], "Fee": [0.5, None], "Begun": [date(2020, 1, 31), None], "N": [3, 4]})
CSV = "Symbol,Fee,Begun,N\nA,0.5,2020-01-31,3\nB,,,4\n"


def saved(folder: Path, kind: str) -> Path:
    path = folder / f"t.{kind}"
    match kind:
        case "csv":
            path.write_text(CSV)
        case "parquet":
            FRAME.to_parquet(path)
        case _:
            FRAME.to_excel(path, index=False)
    return path


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx"])
def test_a_table_is_the_same_from_every_kind_of_file(tmp_path: Path, kind: str) -> None:
    file = read_table_file(saved(tmp_path, kind), "t")
    assert (file.format, file.table.columns) == (kind, ("symbol", "fee", "begun", "n"))
    assert [list(row.cells.values()) for row in file.table.rows] == [
        ["A", "0.5", "2020-01-31", "3"],
        ["B", "", "", "4"],
    ]


def test_a_semicolon_leaves_the_comma_to_the_decimals(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a;b\n1,5;2\n")
    assert read_table_file(path, "t").table.decimal_comma


def test_damage_is_one_sentence(tmp_path: Path) -> None:
    for data, words in (
        (b"PAR1rubbish", "not a readable parquet file"),
        (b"PK\x03\x04x", "not a readable spreadsheet"),
    ):
        path = tmp_path / "t"
        path.write_bytes(data)
        with pytest.raises(ImportFormatError, match=words):
            read_table_file(path, "t")
