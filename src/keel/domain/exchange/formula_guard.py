"""Cells of a CSV file that no spreadsheet runs as a formula; numbers stay numbers."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[\t\r\n]|[\s'\"]*[=+\-@]")


def guarded(cell: object) -> object:
    """The cell, with an apostrophe before text that could be run as a formula, after blanks and quotes too.

    >>> guarded("=1+1"), guarded(' "@SUM(A1)'), guarded("Equity"), guarded(-0.5)
    ("'=1+1", '\\' "@SUM(A1)', 'Equity', -0.5)
    """
    return "'" + cell if isinstance(cell, str) and _needs_guard(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without that apostrophe.

    >>> unguarded("'=1+1"), unguarded("=1+1"), unguarded("'tis")
    ('=1+1', '=1+1', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _needs_guard(cell[1:]) else cell


def _needs_guard(text: str) -> bool:
    """An apostrophe at the start is guarded too, so that taking the guard away gives back what was there."""
    return text.startswith("'") or _FORMULA.match(text) is not None
