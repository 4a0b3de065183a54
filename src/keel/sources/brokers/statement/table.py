"""Tables in a document: found by their headers, read by column, whatever stands above, between and below them."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from keel.domain.reading.amount import Mark, Money, is_nothing, mark_of, read_money
from keel.domain.reading.day import DayForm, day_form, parse_day
from keel.domain.reading.place import Place
from keel.domain.reading.rows import Record
from keel.domain.reading.values import read_text
from keel.domain.reading.written_day import plain_day
from keel.domain.text import shown

_UNIT = re.compile(r"\s*\([^()]{1,3}\)$")
_AS_TEXT = re.compile(r'="(.*)"')
_SPELLED_OUT = re.compile(r"^.+\((.{4,})\)$")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a table's cells are to be read: which columns hold numbers and days, and how they are where nothing tells.

    Columns are named by ``word``. ``days_first`` is the order of 01/02/2026 where no day of a column is above 12.
    """

    numbers: frozenset[str]
    days: frozenset[str]
    mark: Mark | None = None
    days_first: DayForm | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table by the words of its columns; ``names`` are the columns as the file writes them."""

    place: Place
    cells: Mapping[str, str]
    names: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, Mark | None] = field(default_factory=dict)
    forms: Mapping[str, DayForm] = field(default_factory=dict)

    def first(self, *columns: str) -> str:
        """The first of these columns that is filled, else the first that the table has, else the first."""
        if len(columns) == 1:
            return columns[0]
        filled = (column for column in columns if not is_nothing(self.cells.get(column, "")))
        there = (column for column in columns if column in self.cells)
        return next(filled, next(there, columns[0]))

    def at(self, *columns: str) -> Place:
        """The place of the first of these columns that is filled."""
        column = self.first(*columns)
        return Place(self.place.file, self.place.row, self.names.get(column, column))

    def text(self, *columns: str) -> str:
        """The text in the first of these columns that is filled, on one line; empty where none is."""
        cell = self.cells.get(self.first(*columns), "")
        return "" if is_nothing(cell) else read_text(cell, self.at(*columns))

    def money(self, *columns: str) -> Money | None:
        """The number in the first of these columns that is filled, and its currency; None where none is."""
        column = self.first(*columns)
        cell = self.cells.get(column, "")
        return None if is_nothing(cell) else read_money(cell, self.at(column), self.marks.get(column))

    def number(self, *columns: str) -> float | None:
        """The number in the first of these columns that is filled, None where none is."""
        money = self.money(*columns)
        return None if money is None else money.value

    def day(self, *columns: str) -> date:
        """The day in the first of these columns that is filled. Raises ImportFormatError where none is."""
        column = self.first(*columns)
        cell = plain_day(self.cells.get(column, ""))
        day = parse_day(cell) or parse_day(cell, self.forms.get(column, DayForm.year_first))
        if day is None:
            what = "there is no date." if is_nothing(cell) else f"{shown(cell)} is not a date."
            raise self.at(*columns).error(what, "Write it as 2026-06-30.")
        return day


@dataclass(frozen=True, slots=True)
class Table:
    """A header, what stood above it since the table before, and the rows up to the next header."""

    above: tuple[Record, ...]
    columns: tuple[str, ...]
    names: tuple[str, ...]
    rows: tuple[Record, ...]

    def has(self, columns: frozenset[str]) -> bool:
        """Whether it has all these columns."""
        return columns.issubset(self.columns)


def word(name: str) -> str:
    """A column's name in lower case, without a unit in brackets; what spells it out in brackets is the name.

    >>> word("Price ($)"), word("Qty (Quantity)"), word("Price Chng $ (Price Change $)"), word("_Net Amount")
    ('price', 'quantity', 'price change $', 'net amount')
    """
    short = _UNIT.sub("", name.strip())
    spelled = _SPELLED_OUT.match(short)
    same = spelled is not None and spelled[1][:1].lower() == short[:1].lower()
    return " ".join(re.sub(r"[_*]", " ", (spelled[1] if spelled and same else short).lower()).split())


def words(record: Record) -> frozenset[str]:
    """The words of a row's cells."""
    return frozenset(word(cell) for cell in record.cells if cell)


def tables(records: Iterable[Record], is_header: Callable[[frozenset[str]], bool]) -> tuple[Table, ...]:
    """The tables whose headers a format knows; rows above the first belong to it as what stands above.

    A remark between two tables stands above the second.
    """
    found: list[Table] = []
    waiting: list[Record] = []
    for record in records:
        if _may_be_header(record) and is_header(words(record)):
            above = tuple(waiting) if not found else _trailing_remarks(waiting)
            if found:
                found[-1] = replace(found[-1], rows=tuple(waiting[: len(waiting) - len(above)]))
            found.append(Table(above, tuple(map(word, record.cells)), tuple(record.cells), ()))
            waiting = []
        else:
            waiting.append(record)
    if found:
        found[-1] = replace(found[-1], rows=tuple(waiting))
    return tuple(found)


def _may_be_header(record: Record) -> bool:
    """Whether a row has several cells and none that begins as a number or an amount does: told in little time."""
    filled = [cell for cell in record.cells if cell]
    return len(filled) > 1 and not any(cell[0] in "0123456789$€£(+-" for cell in filled[:4])


def _trailing_remarks(rows: Sequence[Record]) -> tuple[Record, ...]:
    """The rows of a single cell at the end: the title of what follows."""
    start = len(rows)
    while start and sum(map(bool, rows[start - 1].cells)) == 1:
        start -= 1
    return tuple(rows[start:])


def is_remark(record: Record) -> bool:
    """Whether a row is prose: one cell of three words or more, as a disclaimer or a title has."""
    filled = [cell for cell in record.cells if cell]
    return len(filled) == 1 and len(filled[0].split()) >= 3


def lines(table: Table, place: Place, layout: Layout) -> tuple[Line, ...]:
    """The rows of a table that are no remarks.

    Raises ImportFormatError for a cell beyond the last column, for a column of numbers in two forms and for days that
    may be months.
    """
    _require_nothing_above(table, place)
    names = dict(zip(table.columns, table.names, strict=True))
    rows = [record for record in table.rows if not is_remark(record)]
    cells = [(record.line, _cells(record, table.columns, place)) for record in rows]
    marks = _marks([(line, row) for line, row in cells], names, place, layout)
    written = _order(marks, layout)
    forms = {
        column: _form([(line, row[column]) for line, row in cells], Place(place.file, column=names[column]), written)
        for column in table.columns
        if column in layout.days
    }
    return tuple(Line(Place(place.file, line), row, names, marks, forms) for line, row in cells)


def _marks(
    cells: Sequence[tuple[int, Mapping[str, str]]], names: Mapping[str, str], place: Place, layout: Layout
) -> dict[str, Mark | None]:
    """What is decimal in each column of numbers: what its own numbers tell, else those of the others together."""
    told: dict[str, Mark | None] = {}
    for column in layout.numbers.intersection(names):
        texts = ((row[column], Place(place.file, line, names[column])) for line, row in cells if row[column])
        told[column] = mark_of((text, where) for text, where in texts if not is_nothing(text))
    known = {mark for mark in told.values() if mark is not None}
    common = known.pop() if len(known) == 1 else layout.mark
    return {column: mark or common for column, mark in told.items()}


def _cells(record: Record, columns: Collection[str], place: Place) -> dict[str, str]:
    """The cells of a row by column; the first of two columns of one name counts where it is filled."""
    extra = record.cells[len(columns) :]
    if any(extra):
        what = f"there are {len(record.cells)} cells for {len(columns)} columns."
        raise replace(place, row=record.line).error(what, "Put a cell that holds a comma in double quotes.")
    row = dict.fromkeys(columns, "")
    for column, cell in zip(columns, record.cells, strict=False):
        row[column] = row[column] or _plain(cell)
    return row


def _plain(cell: str) -> str:
    """A cell without what a spreadsheet writes around a text that is no formula."""
    if cell[:1] == "=" and (found := _AS_TEXT.fullmatch(cell)):
        return found[1]
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _require_nothing_above(table: Table, place: Place) -> None:
    """Raise where a row as full as those of the table stands above its header."""
    for record in table.above:
        if sum(map(bool, record.cells)) >= max(4, len(table.columns) // 2):
            raise replace(place, row=record.line).error("the row stands above the header.", "Put the header first.")


def _order(marks: Mapping[str, Mark | None], layout: Layout) -> DayForm | None:
    """What comes first in 01/02/2026 where no day tells: days, where a sheet was saved with decimal commas."""
    commas = layout.mark is Mark.point and Mark.comma in marks.values()
    return DayForm.day_first if commas and layout.days_first is DayForm.month_first else layout.days_first


def _form(cells: Iterable[tuple[int, str]], place: Place, said: DayForm | None) -> DayForm:
    """The form of the days of a column that do not begin with the year."""
    days = [(line, plain_day(cell)) for line, cell in cells]
    others = [(line, day) for line, day in days if day[:1].isdigit() and parse_day(day) is None]
    if not others:
        return DayForm.year_first
    first = replace(place, row=others[0][0])
    return day_form([day for _, day in others], first, said)
