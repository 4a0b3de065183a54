"""Text to rows: the cells of a CSV file, each row with the number of its line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from keel.domain.reading.place import Place
from keel.domain.text import plain, tidy

SEPARATORS = (",", ";", "\t", "|")
MOST_COLUMNS = 20_000  # the widest price file we were shown had 500
MOST_CELLS = 5_000_000  # of a table of facts: 0.5 GB once they are cells


class Record(NamedTuple):
    """A row that is not blank: the number of its first line (1 = the first of the file) and its stripped cells."""

    line: int
    cells: list[str]


@dataclass(frozen=True, slots=True)
class Row:
    """A row by column name: where it stands, and its cells."""

    place: Place
    cells: Mapping[str, str]

    def at(self, column: str) -> Place:
        """The place of one of its cells."""
        return Place(self.place.file, self.place.row, column)

    def first(self, *columns: str) -> str:
        """The name of the first of these columns that is filled, empty when none is."""
        for column in columns:
            if self.cells.get(column):
                return column
        return ""

    def cell(self, *columns: str) -> str:
        """The cell of the first of these columns that is filled, empty when none is."""
        return self.cells.get(self.first(*columns), "")


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table: its column names in lower case, in file order, and its rows.

    ``decimal_comma``: what separates its cells leaves a comma free to be a decimal one.
    """

    place: Place
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    decimal_comma: bool = False


def separator(text: str) -> str:
    """The separator of a table: the one that splits its first line most often, a comma when none does.

    >>> separator("date;SPY;TLT")
    ';'
    """
    first = re.search(r"^(?!# ).*\S.*$", text, re.MULTILINE)
    unquoted = re.sub(r'"[^"]*"', "", first[0]) if first else ""
    return max(SEPARATORS, key=unquoted.count)


def records(text: str, place: Place, *, strict: bool = False, delimiter: str = "") -> Iterator[Record]:
    """The rows of a CSV text in its order; a quoted cell may go over several lines.

    Lines above the table that begin with ``# `` are remarks. ``strict`` refuses quotes that are left open or stand
    inside a cell, which are otherwise read as well as they can be. ``delimiter`` is what separates the cells where the
    first line does not show it. Raises ImportFormatError with the line for what cannot be split into cells.

    >>> [*records('path;weight\\n\\n"A\\nB"; 60%', Place("a.csv"))]
    [Record(line=1, cells=['path', 'weight']), Record(line=3, cells=['A\\nB', '60%'])]
    """
    lines = io.StringIO(text, newline="")
    above = _remarks(lines)
    reader = csv.reader(lines, delimiter=delimiter or separator(text), strict=strict)
    line = above + 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                yield Record(line, stripped)
            line = above + reader.line_num + 1
    except csv.Error as error:
        what = f"the row cannot be split into cells ({plain(str(error))})."
        raise replace(place, row=line).error(what) from None


def _remarks(lines: io.StringIO) -> int:
    """How many lines at the top begin with ``# ``, as in a table that Keel has written; what follows is read next."""
    count, at = 0, lines.tell()
    while lines.readline().startswith("# "):
        count, at = count + 1, lines.tell()
    lines.seek(at)
    return count


def repeated(columns: Sequence[str]) -> str:
    """The first name that two columns have, empty when none is there twice; columns without a name do not count.

    >>> repeated(["date", "SPY", "", "", "SPY"])
    'SPY'
    """
    seen: set[str] = {""}
    for column in columns:
        if column and column in seen:
            return column
        seen.add(column)
    return ""


def require_narrow(columns: Sequence[str], place: Place) -> None:
    """Raise when a table has more columns than can be read; ``place`` is the header's."""
    if len(columns) > MOST_COLUMNS:
        raise place.error(f"there are {len(columns):,} columns, more than the {MOST_COLUMNS:,} that can be read.")


def require_distinct(columns: Sequence[str], place: Place) -> None:
    """Raise when two columns have one name; ``place`` is the header's."""
    twice = repeated(columns)
    if twice:
        raise replace(place, column=twice).error("the column is there twice.", "Keep or rename one of them.")


def fitted(record: Record, width: int, place: Place) -> list[str]:
    """Exactly ``width`` cells: missing ones are empty, blank ones too many are dropped, others raise."""
    cells = record.cells
    if len(cells) == width:
        return cells
    if any(cells[width:]):
        message = f"there are {len(cells)} cells for {width} columns."
        raise replace(place, row=record.line).error(message, "Put a cell that holds a comma in double quotes.")
    return cells[:width] + [""] * (width - len(cells))


def read_table(text: str, place: Place) -> Table:
    """The table of a CSV text; cells are on one line. A column twice or a row longer than the header raises."""
    return table_of(records(text, place), place, decimal_comma=separator(text) != ",")


def table_of(lines: Iterator[Record], place: Place, *, decimal_comma: bool = False) -> Table:
    """The table of rows that come in one by one, the header first. Raises as ``read_table``."""
    header = next(lines, Record(1, []))
    require_narrow(header.cells, replace(place, row=header.line))
    columns = tuple(tidy(name).lower() for name in header.cells)
    require_distinct(columns, replace(place, row=header.line))
    rows: list[Row] = []
    for record in lines:
        if len(rows) * len(columns) > MOST_CELLS:  # a short row becomes a full one: the file may be small
            raise place.error(f"it has more than {MOST_CELLS:,} cells, the most that can be read.")
        cells = map(tidy, fitted(record, len(columns), place))
        rows.append(Row(Place(place.file, record.line, place.column), dict(zip(columns, cells, strict=True))))
    return Table(place, columns, tuple(rows), decimal_comma)
