"""The rows of a spreadsheet's first sheet, as text cells: what it would become is judged before any is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from keel.domain.reading.place import Place
from keel.domain.reading.rows import MOST_COLUMNS, Record
from keel.domain.text import plain
from keel.errors import ImportFormatError
from keel.sources.files.cells import as_text

ZIPPED = b"PK\x03\x04"
UNPACKED_LIMIT = 300_000_000  # bytes; a sheet of a million rows of five columns has 200 MB
HELD_LIMIT = 40_000_000  # bytes of any part but a sheet, such as its texts: those are held at once
MOST_CELLS = 10_000_000
MOST_MEMBERS = 2_000
BOOK = "xl/workbook.xml"
SHEETS = "xl/worksheets/"
LOOK = 4_096  # bytes of a part in which a declaration would stand


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a sheet, read as they are asked for, and sentences on what was left out."""

    rows: Iterator[Record]
    notes: tuple[str, ...] = ()


def sheet_of(data: bytes, place: Place, name: str = "") -> Sheet:
    """The first sheet of an XLSX file, or the one of that name; one that is not there has no rows.

    A formula stands for the value it had when the file was saved; one that was saved without raises
    ImportFormatError with its row and column, and so do a file that would unpack to more than can be read, one with a
    password, and what is no spreadsheet.
    """
    try:
        _require_bearable(data, place)
        has_formulas = _require_plain(data, place)
        return _sheet(data, has_formulas, place, name)
    except ImportFormatError:
        raise
    except Exception as error:  # the library raises whatever its parser meets
        raise _unreadable(place) from error


def _unreadable(place: Place) -> ImportFormatError:
    return place.error("this is not a readable spreadsheet.", "Save it as XLSX or CSV again.")


def _require_bearable(data: bytes, place: Place) -> None:
    """Raise for a file that would become too large: no part can unpack to more than the archive says of it."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
    if BOOK not in {part.filename for part in parts}:
        raise place.error("this is an archive, not a spreadsheet.", "Give a CSV, parquet or XLSX file.")
    size = sum(part.file_size for part in parts)
    if size > UNPACKED_LIMIT or len(parts) > MOST_MEMBERS:
        most = f"more than the {UNPACKED_LIMIT / 1e6:,.0f} MB that can be read"
        raise place.error(f"it holds {size / 1e6:,.0f} MB in {len(parts):,} parts once unpacked, {most}.")
    held = max((part.file_size for part in parts if not part.filename.startswith(SHEETS)), default=0)
    if held > HELD_LIMIT:
        what = f"a part of it holds {held / 1e6:,.0f} MB once unpacked"
        raise place.error(f"{what}, more than the {HELD_LIMIT / 1e6:,.0f} MB that can be read beside a sheet.")


def _require_plain(data: bytes, place: Place) -> bool:
    """Whether a sheet has formulas; raises for a part that declares entities, which could grow without end."""
    formulas = False
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if not part.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(part) as stream:
                head = stream.read(LOOK)
                if b"<!DOCTYPE" in head.upper().replace(b"\0", b""):
                    raise place.error("it declares entities, which no spreadsheet needs.")
                if part.filename.startswith(SHEETS):
                    formulas = formulas or _holds(stream, b"<f", head)
    return formulas


def _holds(stream: Any, word: bytes, head: bytes) -> bool:
    """Whether a stream that begins with ``head`` holds a word."""
    window = head
    while window:
        if word in window:
            return True
        chunk = stream.read(1 << 20)
        window = window[-len(word) :] + chunk if chunk else b""
    return False


def _sheet(data: bytes, has_formulas: bool, place: Place, name: str) -> Sheet:
    load: Any = import_module("openpyxl").load_workbook
    book = load(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    sheets = list(book.worksheets)
    if not sheets:
        raise place.error("the spreadsheet has no sheet of cells.")
    at = next((n for n, sheet in enumerate(sheets) if sheet.title == name), None) if name else 0
    if at is None:
        return Sheet(iter(()))
    formulas = load(io.BytesIO(data), read_only=True, keep_links=False).worksheets[at] if has_formulas else None
    others = 0 if name else len(sheets) - 1
    note = f"Read was the sheet {plain(sheets[at].title)}; {others} more in the file were not." if others else ""
    return Sheet(_records(sheets[at], formulas, place), (note,) if note else ())


def _records(sheet: Any, formulas: Any, place: Place) -> Iterator[Record]:
    """The rows that are not blank; the size a sheet claims to have is not believed."""
    seen = 0
    for line, row in enumerate(_rows(sheet, place), start=1):
        seen += len(row) + 1
        if seen > MOST_CELLS:
            raise place.error(f"its sheet has more than {MOST_CELLS:,} cells, the most that can be read.")
        if len(row) > MOST_COLUMNS:
            raise place.error(f"there are more than {MOST_COLUMNS:,} columns, the most that can be read.")
        cells = [as_text(cell.value) for cell in row]
        if any(cells):
            yield Record(line, cells)
    if formulas is not None:
        _require_values(sheet, formulas, place)


def _rows(sheet: Any, place: Place) -> Iterator[Any]:
    sheet.reset_dimensions()
    try:
        yield from sheet.iter_rows()
    except ImportFormatError:
        raise
    except Exception as error:  # damaged further down
        raise _unreadable(place) from error


def _require_values(sheet: Any, formulas: Any, place: Place) -> None:
    """Raise for a formula that was saved without its value."""
    for line, (row, asked) in enumerate(zip(_rows(sheet, place), _rows(formulas, place), strict=False), start=1):
        for cell, formula in zip(row, asked, strict=False):
            if cell.value is None and formula.data_type == "f":
                what = "the formula has no value in the file."
                raise Place(place.file, line, formula.column_letter).error(what, "Save the sheet with its values.")
