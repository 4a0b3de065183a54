"""Rows that are pasted: with the header that they lack, and complaints that name the rows as they were pasted."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from keel.domain.issue import Finding
from keel.errors import InputError, KeelError

if TYPE_CHECKING:
    from collections.abc import Iterable

NAMES = ("symbol", "quantity", "cost", "account")
NUMBER = re.compile(r"[-+$€£]?[\d.,' ]*\d[\d.,' ]*")
_SEPARATORS = r"\t|;|,(?=\s*[-\d])| {2,}"
_BARE = re.compile(r"(\S+)\s+([-\d.,']+)(?:\s+([-\d.,']+))?(?:\s+(\S.*))?")
_ROW = re.compile(r"\brow (\d+)\b")


@dataclass(frozen=True, slots=True)
class Pasted:
    """Pasted rows as a file, and how many rows of it were not pasted."""

    data: bytes
    added: int

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"Pasted {sha256(self.data).hexdigest()[:6]}.csv"

    def refused(self, error: KeelError) -> InputError:
        """The complaint about the file with the rows as they were pasted."""
        return InputError(self._named(error.message), hint=error.hint, subject=error.subject)

    def complaints(self, found: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings with the rows as they were pasted."""
        return tuple(replace(f, subject=self._named(f.subject), message=self._named(f.message)) for f in found)

    def _named(self, text: str) -> str:
        return _ROW.sub(lambda match: f"row {int(match[1]) - self.added}", text)


def read_pasted(text: str) -> Pasted:
    """The rows as a file: of symbols and quantities with that header, of other rows without one with numbered columns.

    Blanks or signs may separate cells. What has a header of its own stays as it is.

    >>> read_pasted("VTI 10").data.decode().splitlines()
    ['symbol\\tquantity', 'VTI\\t10']
    >>> read_pasted("Fund A;IE00B3XXRP09;10").data.decode().splitlines()[0]
    'Column 1 (Fund A)\\tColumn 2 (IE00B3XXRP09)\\tColumn 3 (10)'
    >>> read_pasted("symbol,quantity\\nVTI,10").added
    0
    """
    rows = [_cells(line) for line in text.splitlines()]
    first = next((row for row in rows if row), [])
    if not any(map(NUMBER.fullmatch, first)):
        return Pasted(text.encode(), 0)
    known = 1 < len(first) <= len(NAMES) and NUMBER.fullmatch(first[1]) and not NUMBER.fullmatch(first[0])
    names = NAMES if known else tuple(f"Column {n} ({cell})" for n, cell in enumerate(first, 1))
    return Pasted("\n".join("\t".join(row) for row in (names[: len(first)], *rows)).encode(), 1)


def _cells(line: str) -> list[str]:
    """The cells of a line; empty for a blank one."""
    cells = [cell.strip() for cell in re.split(_SEPARATORS, line.strip())]
    bare = _BARE.fullmatch(line.strip()) if len(cells) == 1 else None
    return [cell for cell in bare.groups() if cell] if bare else cells if line.strip() else []
