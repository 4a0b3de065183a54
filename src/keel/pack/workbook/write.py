"""Sheets as an XLSX file: every word stays a word, every formula carries its value, the same bytes each time."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from importlib import import_module
from io import BytesIO
from typing import Any

from keel.domain.text import has_controls, plain
from keel.pack.workbook.cells import Cell, Formula, Line, Number, Sheet, column

LONGEST_TEXT = 30_000  # a cell takes 32,767
STAMP = (1980, 1, 1, 0, 0, 0)
INK = "FF0F1922"
_COMPUTED = re.compile(r'(<c r="([A-Z]+[0-9]+)"[^>]*><f>[^<]*</f>)<v\s*/?>(?:</v>)?')
_SAVED = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*(<)")


def workbook(sheets: Sequence[Sheet], title: str, made: date) -> bytes:
    """The sheets as a workbook of that title, its creation dated ``made``."""
    book: Any = import_module("openpyxl").Workbook()
    book.remove(book.active)
    book.properties.title = _text(title)
    book.properties.creator = "Keel"
    for sheet in sheets:
        _draw(book.create_sheet(sheet.name), sheet)
    out = BytesIO()
    book.save(out)
    stamp = datetime(made.year, made.month, made.day).strftime("%Y-%m-%dT00:00:00Z")
    return _repacked(out.getvalue(), {n: values(sheet) for n, sheet in enumerate(sheets, start=1)}, stamp)


def values(sheet: Sheet) -> Mapping[str, float]:
    """What each formula of a sheet comes to, by the name of its cell."""
    return {
        f"{column(x)}{y}": cell.value
        for y, line in enumerate(sheet.lines, start=1)
        for x, cell in enumerate(line.cells)
        if isinstance(cell, Formula)
    }


def _draw(page: Any, sheet: Sheet) -> None:
    """Fills an empty sheet."""
    for y, line in enumerate(sheet.lines, start=1):
        for x, cell in enumerate(line.cells, start=1):
            if cell not in (None, "") and not (isinstance(cell, Number) and cell.value is None):
                _put(page.cell(y, x), cell, line)
    for x, width in enumerate(sheet.widths):
        page.column_dimensions[column(x)].width = width
    if sheet.frozen:
        page.freeze_panes = f"A{sheet.frozen + 1}"
    page.sheet_view.showGridLines = False
    page.page_setup.orientation, page.page_setup.fitToHeight = "landscape", 0
    fitted = import_module("openpyxl.worksheet.properties").PageSetupProperties(fitToPage=True)
    page.sheet_properties.pageSetUpPr = fitted


def _put(place: Any, cell: Cell, line: Line) -> None:
    """Writes a cell: text is never a formula, whatever it begins with."""
    if isinstance(cell, Formula):
        place.value, place.number_format = f"={cell.formula}", cell.form
    elif isinstance(cell, Number):
        place.value, place.number_format = cell.value, cell.form
    elif cell is not None:
        place.value = _text(cell)
        place.data_type = "s"
        place.quotePrefix = cell[:1] in "=+-@"
    if line.strong or line.head:
        styles = import_module("openpyxl.styles")
        place.font = styles.Font(bold=True, color=INK)
        if line.head:
            place.border = styles.Border(bottom=styles.Side(style="thin", color=INK))


def _text(text: str) -> str:
    return plain(text, LONGEST_TEXT) if has_controls(text) else text[:LONGEST_TEXT]


def _repacked(data: bytes, computed: Mapping[int, Mapping[str, float]], stamp: str) -> bytes:
    """The file without the hour it was written, and with the value of each formula beside it.

    The library writes formulas without values; what only shows a file, as a phone does, would show nothing.
    """
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as book, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in book.namelist():
            text = book.read(name)
            place = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            if place is not None:
                text = _with_values(str(text, "utf-8"), computed[int(place[1])]).encode()
            elif name == "docProps/core.xml":
                text = _SAVED.sub(rf"\g<1>{stamp}\g<2>", str(text, "utf-8")).encode()
            again.writestr(zipfile.ZipInfo(name, STAMP), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _with_values(xml: str, computed: Mapping[str, float]) -> str:
    return _COMPUTED.sub(lambda found: f"{found[1]}<v>{computed[found[2]]!r}</v>", xml)
