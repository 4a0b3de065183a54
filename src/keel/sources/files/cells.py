"""Cells of a table: values of any kind as text, and text as facts; what is empty is not known."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, datetime

from keel.domain.reading.day import read_day
from keel.domain.reading.rows import Row, Table
from keel.domain.reading.values import read_number
from keel.domain.text import shown
from keel.sources.files.decimals import Decimals


def require_columns(table: Table, *columns: str) -> None:
    """Raise when the table lacks one of the columns."""
    for column in columns:
        if column not in table.columns:
            raise replace(table.place, row=1, column=column).error("there is no column of that name.")


def as_text(value: object) -> str:
    """A value as a CSV file would have it, empty for none.

    >>> as_text(3.0), as_text(None), as_text(date(2026, 6, 30)), as_text(" a ")
    ('3', '', '2026-06-30', 'a')
    """
    if value is None:
        return ""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip()


def number(
    row: Row, column: str, low: float = -math.inf, high: float = math.inf, decimals: Decimals | None = None
) -> float | None:
    """The number in a column from ``low`` to ``high``, None where there is none; ``0.03%`` reads as 0.0003.

    A comma is decimal where ``decimals`` leave it free to be.
    """
    cell = row.cells.get(column, "")
    if not cell:
        return None
    place = row.at(column)
    value = read_number(cell, place, decimal_comma=decimals is not None and decimals.comma)
    if decimals is not None:
        decimals.see(cell.rstrip("% "), place)
    if not low <= value <= high:
        bound = f"below {low:g}" if value < low else f"above {high:g}"
        raise row.at(column).error(f"{shown(cell)} is {bound}.")
    return value


def day(row: Row, *columns: str) -> date | None:
    """The day in the first of ``columns`` that is filled, None when none is."""
    column = row.first(*columns)
    return read_day(row.cells[column], row.at(column)) if column else None
