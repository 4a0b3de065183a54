"""Text out of files of unknown make: any of the usual encodings and separators, refused in one sentence otherwise."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from keel.errors import ImportFormatError

PRICES_LIMIT = 200_000_000  # bytes; the widest file we were shown had 60 MB
TABLE_LIMIT = 20_000_000

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the UTF-16 mark: looked for first
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_bytes(path: Path, limit: int = TABLE_LIMIT) -> bytes:
    """The file's bytes; a file that is missing, unreadable or larger than ``limit`` raises ImportFormatError."""
    name = path.name
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "it is a folder")
        size = path.stat().st_size
        if size <= limit:
            return path.read_bytes()
    except FileNotFoundError:
        raise ImportFormatError(f"{name} was not found.", subject=name, hint="Check the path.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the path cannot be used"
        raise ImportFormatError(f"{name} cannot be read: {reason}.", subject=name) from error
    message = f"{name} is {size / 1e6:,.0f} MB, more than the {limit / 1e6:,.0f} MB that can be read."
    raise ImportFormatError(message, subject=name)


def decode(data: bytes, name: str) -> str:
    """The text in UTF-8, UTF-16 or UTF-32, or in Windows-1252 when it is none of these; binary data raises."""
    if not data.strip():
        raise ImportFormatError(f"{name} is empty.", subject=name)
    encoding = next((codec for mark, codec in BOMS if data.startswith(mark)), "") or _unmarked(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise ImportFormatError(f"{name} is not text: it cannot be read as {encoding}.", subject=name) from None
    if "\0" in text or any(ord(c) < 32 and c not in "\t\n\r\f" for c in text[:10_000]):
        raise ImportFormatError(f"{name} is a binary file, not a table of text.", subject=name)
    if not text.strip():
        raise ImportFormatError(f"{name} is empty.", subject=name)
    return text


def _unmarked(data: bytes) -> str:
    head = data[:4000]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 4:
        return "utf-16-be"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def read_text(path: Path, limit: int = TABLE_LIMIT) -> str:
    """The decoded text of a file of at most ``limit`` bytes."""
    return decode(read_bytes(path, limit), path.name)


def separator(text: str) -> str:
    """The separator of a table: the one that splits its first line most often, a comma when none does.

    >>> separator("date;SPY;TLT")
    ';'
    """
    first = re.search(r"^.*\S.*$", text, re.MULTILINE)
    unquoted = re.sub(r'"[^"]*"', "", first[0]) if first else ""
    return max((",", ";", "\t", "|"), key=unquoted.count)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: its number in the file (1 = the first line) and its cells by column name."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A parsed table with lower-cased column names, in file order."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path, limit: int = TABLE_LIMIT) -> Table:
    """The table in a CSV file; blank lines are skipped, names and cells are stripped."""
    text = read_text(path, limit)
    return parse_table(text, path.name)


def parse_table(text: str, name: str) -> Table:
    """The table in a text; a column named twice, or a row longer than the header, raises with its place."""
    lines = _lines(text, name)
    _, header = next(lines, (0, []))
    columns = tuple(column.lower() for column in header)
    for index, column in enumerate(columns):
        if column and column in columns[:index]:
            raise ImportFormatError(
                f"{name} has the column {column} twice.", row=1, column=column, subject=name, hint="Rename one of them."
            )
    rows = []
    for number, cells in lines:
        if any(cells[len(columns) :]):
            message = f"{name}, row {number}, has {len(cells)} cells, more than the {len(columns)} columns."
            raise ImportFormatError(message, row=number, subject=name)
        rows.append(Row(number, dict(zip(columns, cells, strict=False))))
    return Table(name, columns, tuple(rows))


def _lines(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator(text))
    try:
        for cells in reader:
            stripped = [" ".join(cell.split()) for cell in cells]  # a quoted cell may hold line breaks
            if any(stripped):
                yield reader.line_num, stripped
    except csv.Error as error:
        message = f"{name}, row {reader.line_num}, cannot be read as CSV: {error}."
        raise ImportFormatError(message, row=reader.line_num, subject=name) from error
