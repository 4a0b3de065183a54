"""A table as CSV text: what it rests on first, every text safe in a spreadsheet that splits at commas or semicolons."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from keel.domain.exchange.formula_guard import guarded

NOTICE = "notice"
_QUOTED = re.compile(r"[\",;\t\r\n]|^\s|\s$")
_CELL_IN_A_LINE = re.compile(r"(?<=[,;\t])(?=[\s'\"]*[=+\-@]|\")")


def csv_text(header: Sequence[str], rows: Iterable[Sequence[object]], facts: Mapping[str, str] | None = None) -> str:
    """CSV text, a line a row, ``None`` an empty cell; ``facts`` are lines ``# name: text`` at the top.

    The fact called ``notice`` needs no name: it is the first thing to read.

    >>> print(csv_text(["name", "x"], [["=1+1", 0.5], ["a;b", None]], {"notice": "Hypothetical."}), end="")
    # Hypothetical.
    name,x
    '=1+1,0.5
    "a;b",
    """
    head = [_comment(name, text) for name, text in (facts or {}).items()]
    lines = (",".join(map(_cell, row)) for row in chain([header], rows))
    return "\n".join([*head, *lines, ""])


def _comment(name: str, text: str) -> str:
    """A line that a reader who does not know comments takes for text: no cell of it is a formula or opens a quote."""
    line = " ".join((f"# {text}" if name == NOTICE else f"# {name}: {text}").split())
    return _CELL_IN_A_LINE.sub("'", line)


def _cell(cell: object) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else str(cell)
    text = str(guarded(cell))
    return '"' + text.replace('"', '""') + '"' if _QUOTED.search(text) else text
