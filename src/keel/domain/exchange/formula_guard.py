"""Cells of a CSV file that no spreadsheet runs as a formula; numbers stay numbers."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"[\s'\"]*[=+\-@]")
_BREAK = re.compile(r"([;\r\n])")  # where a reader that splits at semicolons begins a cell or a row


def guarded(cell: object) -> object:
    """The cell, with an apostrophe before text that could be run as a formula, after blanks and quotes too.

    A reader that splits at semicolons sees several cells: each gets its own apostrophe.

    >>> guarded("=1+1"), guarded(' "@SUM(A1)'), guarded("a;=1+1"), guarded("Equity"), guarded(-0.5)
    ("'=1+1", '\\' "@SUM(A1)', "a;'=1+1", 'Equity', -0.5)
    """
    if not isinstance(cell, str):
        return cell
    text = "".join(["'" + part if i and _needs_guard(part) else part for i, part in enumerate(_BREAK.split(cell))])
    return "'" + text if _begins_badly(text) else text


def unguarded(cell: str) -> str:
    """The cell without those apostrophes.

    >>> unguarded("'=1+1"), unguarded("=1+1"), unguarded("'tis"), unguarded("a;'=1+1")
    ('=1+1', '=1+1', "'tis", 'a;=1+1')
    """
    text = cell[1:] if cell.startswith("'") and _begins_badly(cell[1:]) else cell
    parts = enumerate(_BREAK.split(text))
    return "".join([part[1:] if i and part.startswith("'") and _needs_guard(part[1:]) else part for i, part in parts])


def _begins_badly(text: str) -> bool:
    """Whether a whole cell needs a guard: a tab or a new line at its start is none of a plain cell either."""
    return text[:1] in ("\t", "\r", "\n") or _needs_guard(text)


def _needs_guard(text: str) -> bool:
    """An apostrophe at the start is guarded too, so that taking the guard away gives back what was there."""
    return text.startswith("'") or _FORMULA.match(text) is not None
