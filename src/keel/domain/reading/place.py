"""Where in a file something stands, and THE form of a complaint about it.

A place is a row and a column of a CSV file, or a field path of a JSON file; the same readers serve both.
"""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.issue import Finding, Severity
from keel.domain.text import plain
from keel.errors import ImportFormatError


@dataclass(frozen=True, slots=True)
class Place:
    """A file and a spot in it; ``row`` 1 is the first line, ``column`` a column's name or a field path."""

    file: str
    row: int | None = None
    column: str = ""

    def field(self, name: str) -> Place:
        """The place of a field of the object that stands here."""
        return Place(self.file, self.row, f"{self.column}.{name}" if self.column else name)

    def item(self, n: int) -> Place:
        """The place of an item of the list that stands here."""
        return Place(self.file, self.row, f"{self.column}[{n}]")

    def __str__(self) -> str:
        """The place in words."""
        if self.row is None:
            return f"{plain(self.file, 200)}, field {plain(self.column, 120)}" if self.column else plain(self.file, 200)
        column = f", column {plain(self.column, 120)}" if self.column else ""
        return f"{plain(self.file, 200)}, row {self.row}{column}"

    def error(self, message: str, hint: str = "") -> ImportFormatError:
        """The complaint about what stands here, to be raised."""
        column = plain(self.column, 120) or None
        return ImportFormatError(f"{self}: {message}", row=self.row, column=column, hint=hint, subject=self.file)

    def warning(self, code: str, message: str, fix: str = "") -> Finding:
        """A warning about what stands here."""
        row = "" if self.row is None else f"row {self.row}"
        subject = ", ".join(part for part in (row, plain(self.column, 120)) if part)
        return Finding(code, Severity.warning, subject, message, fix)
