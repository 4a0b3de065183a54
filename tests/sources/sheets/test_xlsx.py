"""Spreadsheets: read right, or refused in one sentence before they are unpacked."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from keel.domain.reading.place import Place
from keel.errors import ImportFormatError
from keel.sources.sheets import xlsx
from keel.sources.sheets.xlsx import sheet_of

FILE = Place("p.xlsx")
HEADER = ["date", "A", "B"]


def book(*rows: list[Any], sheets: tuple[str, ...] = ()) -> bytes:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.worksheets[0].append(row)
    for title in sheets:
        workbook.create_sheet(title)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def changed(data: bytes, part: str, old: str, new: str) -> bytes:
    """The spreadsheet with one thing in one of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            text = before.read(name)
            after.writestr(name, re.sub(old.encode(), new.encode(), text, count=1) if name == part else text)
    return out.getvalue()


def refused(data: bytes, words: str) -> None:
    with pytest.raises(ImportFormatError, match=words):
        list(sheet_of(data, FILE).rows)


def test_cells_are_what_a_csv_file_would_have() -> None:
    data = book(HEADER, [datetime(2026, 6, 30), 101.25, None], [], [date(2026, 7, 31), 7, " x "], sheets=("Notes",))
    sheet = sheet_of(data, FILE)
    assert [(row.line, row.cells) for row in sheet.rows] == [
        (1, HEADER), (2, ["2026-06-30", "101.25"]), (4, ["2026-07-31", "7", "x"]),
    ]  # fmt: skip
    assert sheet.notes == ("Read was the sheet Sheet; 1 more in the file were not.",)


def test_a_formula_stands_for_its_value_and_is_refused_without_one() -> None:
    data = book(HEADER, [date(2026, 6, 30), "=1+1", 2])
    refused(data, r"p\.xlsx, row 2, column B: the formula has no value in the file")
    valued = changed(data, "xl/worksheets/sheet1.xml", "<v ?/>|<v></v>", "<v>2.5</v>")
    assert [row.cells for row in sheet_of(valued, FILE).rows][1] == ["2026-06-30", "2.5", "2"]


def test_what_would_unpack_to_too_much_is_refused_before_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(xlsx.BOOK, "w") as part:
        for _ in range(310):
            part.write(bytes(1_000_000))
    assert len(out.getvalue()) < 400_000
    refused(out.getvalue(), "it holds 310 MB in 1 parts once unpacked, more than the 300 MB")
    monkeypatch.setattr(xlsx, "HELD_LIMIT", 1_000)
    refused(book(HEADER), "a part of it holds 0 MB once unpacked")
    monkeypatch.setattr(xlsx, "HELD_LIMIT", 100_000)
    monkeypatch.setattr(xlsx, "MOST_CELLS", 5)
    refused(book(HEADER, [1, 2, 3]), "more than 5 cells")


@pytest.mark.parametrize("place", ["A9999999", "XFE2", "A0", "?"])
def test_a_cell_at_an_impossible_place_ends_in_one_sentence(place: str) -> None:
    data = changed(book(HEADER, [1, 2, 3]), "xl/worksheets/sheet1.xml", 'r="A2"', f'r="{place}"')
    complaint = ""
    try:
        assert len(list(sheet_of(data, FILE).rows)) <= 2
    except ImportFormatError as error:
        complaint = str(error)
    assert "\n" not in complaint


def test_entities_and_other_archives_are_refused() -> None:
    declared = changed(
        book(HEADER), "xl/worksheets/sheet1.xml", "<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet'
    )
    refused(declared, "it declares entities")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    refused(out.getvalue(), "this is an archive, not a spreadsheet")
    refused(b"PK\x03\x04xlsx", "this is not a readable spreadsheet")
