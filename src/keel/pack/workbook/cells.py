"""A workbook as plain values: text, numbers, and formulas with what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

PERCENT, FINE, POINTS, WHOLE, MONEY, PLAIN, DAY = (
    "0.0%",
    "0.00%",
    "+0.0%;-0.0%;0.0%",
    "#,##0",
    "#,##0.00",
    "General",
    "yyyy-mm-dd",
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number or a day in a form; None is an empty cell."""

    value: float | date | None
    form: str = PLAIN


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula that Keel wrote, without its equals sign, what it comes to, and its form."""

    formula: str
    value: float
    form: str = PLAIN


Cell = str | Number | Formula | None


@dataclass(frozen=True, slots=True)
class Line:
    """A row of cells; ``head`` names the columns below it, ``strong`` is a sum."""

    cells: tuple[Cell, ...]
    head: bool = False
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its lines from row 1, the widths of its columns, and how many lines stay in sight."""

    name: str
    lines: tuple[Line, ...]
    widths: tuple[float, ...]
    frozen: int = 0


def column(place: int) -> str:
    """The letters of a column, counted from 0.

    >>> column(0), column(25), column(26), column(701)
    ('A', 'Z', 'AA', 'ZZ')
    """
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def total(letter: str, rows: Sequence[int]) -> str:
    """The formula of a sum over rows of a column: a range where they follow one another.

    >>> total("C", [3, 4, 5]), total("C", [3, 5]), total("C", [])
    ('SUM(C3:C5)', 'SUM(C3,C5)', '0')
    """
    if not rows:
        return "0"
    if len(rows) == rows[-1] - rows[0] + 1:
        return f"SUM({letter}{rows[0]}:{letter}{rows[-1]})"
    return f"SUM({','.join(f'{letter}{row}' for row in rows)})"
