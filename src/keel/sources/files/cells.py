"""Cells of a table as facts: what is empty is not known."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from keel.domain.reading.day import read_day
from keel.domain.reading.rows import Row, Table
from keel.domain.reading.values import read_number
from keel.domain.text import shown


def require_columns(table: Table, *columns: str) -> None:
    """Raise when the table lacks one of the columns."""
    for column in columns:
        if column not in table.columns:
            raise replace(table.place, row=1, column=column).error("there is no column of that name.")


def number(row: Row, column: str, low: float = -math.inf, high: float = math.inf) -> float | None:
    """The number in a column from ``low`` to ``high``, None where there is none; ``0.03%`` reads as 0.0003."""
    cell = row.cells.get(column, "")
    if not cell:
        return None
    value = read_number(cell, row.at(column))
    if not low <= value <= high:
        bound = f"below {low:g}" if value < low else f"above {high:g}"
        raise row.at(column).error(f"{shown(cell)} is {bound}.")
    return value


def day(row: Row, *columns: str) -> date | None:
    """The day in the first of ``columns`` that is filled, None when none is."""
    column = row.first(*columns)
    return read_day(row.cells[column], row.at(column)) if column else None
