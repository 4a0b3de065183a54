"""A file as its content shows it to be: rows of cells, JSON or XML; judged by size before any of it is unpacked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePath

from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.domain.reading.rows import MOST_CELLS, SEPARATORS, Record, records, require_narrow
from keel.domain.reading.text import decode
from keel.errors import ImportFormatError
from keel.sources.files.disk import STATEMENT_LIMIT, TABLE_LIMIT
from keel.sources.sheets.xlsx import ZIPPED, sheet_of

HEAD = 60  # lines that are looked at for what separates the cells
OLD_EXCEL = b"\xd0\xcf\x11\xe0"
PROTOBUF = b"PPPBV1"  # Portfolio Performance's own binary form


@dataclass(frozen=True, slots=True)
class Document:
    """A file: its ``records`` where it is a table, ``json`` where it is JSON, ``xml`` (its text) where it is XML.

    ``separated`` is what stands between the cells of a text, empty for a sheet; ``notes`` say what of it was not read.
    """

    place: Place
    records: tuple[Record, ...] = ()
    json: object = None
    xml: str = ""
    separated: str = ""
    notes: tuple[str, ...] = ()

    @property
    def stem(self) -> str:
        """The file's name without its ending and without the number of a second download."""
        return re.sub(r"\s*\(\d+\)$", "", PurePath(self.place.file).stem).strip()


def open_document(data: bytes, name: str) -> Document:
    """The document in a file's bytes. Raises ImportFormatError for what is none, is too large or breaks off."""
    place = Place(name)
    limit = STATEMENT_LIMIT if data[:HEAD].lstrip(b"\xef\xbb\xbf").lstrip().startswith(b"<") else TABLE_LIMIT
    if len(data) > limit:
        raise place.error(f"it is {len(data) / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that can be read.")
    if data.startswith(ZIPPED):
        sheet = sheet_of(data, place)
        return Document(place, _bounded(sheet.rows, place), notes=sheet.notes)
    if data.startswith((OLD_EXCEL, PROTOBUF)):
        raise place.error("this is a binary file.", "Save it as CSV, XLSX or XML first.")
    text = decode(data, place)
    start = text.lstrip()
    if start.startswith(("{", "[")):
        return Document(place, json=load_json(text, place))
    if start.startswith("<"):
        return Document(place, xml=text)
    return _table(text, place)


def _table(text: str, place: Place) -> Document:
    """The rows of a text, whatever stands above and below its tables."""
    said = re.match(r"\s*\"?sep=(.)\"?\s*\n", text)
    separated = said[1] if said and said[1] in SEPARATORS else widest(text)
    rows = _bounded(records(text, place, strict=True, delimiter=separated), place)
    _require_whole(text, rows, place)
    return Document(place, rows[1:] if said else rows, separated=separated)


def widest(text: str) -> str:
    """What separates the cells of a text: what stands most often outside quotes in its first lines.

    >>> widest("Positions as of today\\n\\nSymbol;Price\\nVTI;1,5\\nBND;2,5")
    ';'
    """
    head = "\n".join(text.split("\n", HEAD)[:HEAD])
    unquoted = re.sub(r'"[^"]*"', "", head)
    fractions = len(re.findall(r"\d,\d", unquoted))
    counts = {mark: unquoted.count(mark) - (fractions if mark == "," else 0) for mark in SEPARATORS}
    return max(SEPARATORS, key=lambda mark: counts[mark])


def _bounded(rows: Iterable[Record], place: Place) -> tuple[Record, ...]:
    """The rows that come in one by one. Raises for more columns or cells than can be used."""
    cells = 0
    seen: list[Record] = []
    for record in rows:
        require_narrow(record.cells, replace(place, row=record.line))
        cells += len(record.cells)
        if cells > MOST_CELLS:
            raise place.error(f"it has more than {MOST_CELLS:,} cells, the most that can be read.")
        seen.append(record)
    return tuple(seen)


def _require_whole(text: str, rows: tuple[Record, ...], place: Place) -> None:
    """Raise where the last line has fewer cells than the one above it and no end: the file was cut off there."""
    if text.endswith("\n") or len(rows) < 2:
        return
    last, above = rows[-1], rows[-2]
    remark = len(last.cells) == 1 and text[text.rstrip("\n").rfind("\n") + 1 :].startswith('"')
    if len(last.cells) < len(above.cells) - 1 and not remark:
        raise replace(place, row=last.line).error("the file breaks off in this row.", "Download it again.")


def foreign(place: Place) -> ImportFormatError:
    """The complaint about a file that no format knows."""
    return place.error("no known format has these columns.", "Say which column is what, or use another export.")
