"""Price files too large to be held in memory: what they are, told from their beginning."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from keel.domain.reading.place import Place
from keel.domain.reading.rows import Record, records, separator
from keel.domain.reading.text import decode
from keel.errors import ImportFormatError
from keel.sources.files.columns import Columns, find_columns, symbol_of
from keel.sources.files.disk import require_size
from keel.sources.files.matrix import require_symbols
from keel.sources.files.parquet import MAGIC
from keel.sources.files.prices import header_of
from keel.sources.sheets.xlsx import ZIPPED

LARGE = 16_000_000  # bytes of text from which a file is streamed: once prices it takes ten times that
LARGEST = 8_000_000_000
HEAD = 1_000_000  # bytes, more than the longest header


@dataclass(frozen=True, slots=True)
class LargeFile:
    """A CSV file and how its rows are read: ``above`` lines come before them, ``names`` are the columns'.

    ``symbols`` are those of the columns of a wide file, the one of a file of a single instrument, or none.
    """

    path: Path
    place: Place
    separator: str
    above: int
    names: tuple[str, ...]
    columns: Columns | None
    symbols: tuple[str, ...]
    first_date: str


def find_large(path: Path, name: str, least: int = LARGE) -> LargeFile | None:
    """The file where it is a CSV file in UTF-8 of at least so many bytes; None for what is read whole.

    Raises ImportFormatError for a header that cannot be used and for a file larger than can be read at all.
    """
    if not path.is_file() or path.stat().st_size < least:
        return None
    require_size(path, name, LARGEST)
    place = Place(name)
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    if head.startswith((MAGIC, ZIPPED)):
        return None
    whole = head[: head.rfind(b"\n") + 1] or head
    try:
        text = decode(whole, place)
    except ImportFormatError:
        return None  # reading it whole says what it is
    if text.encode() != whole.removeprefix(b"\xef\xbb\xbf"):
        return None  # another encoding
    return _described(path, text, place)


def _described(path: Path, text: str, place: Place) -> LargeFile:
    rows = list(islice(records(text, place), 2))
    first = rows[0] if rows else Record(1, [])
    at = replace(place, row=first.line)
    header = header_of(first.cells, at)
    columns = find_columns(header)
    symbols = require_symbols(header, at) if columns is None else ()
    if columns is not None and columns.symbol is None:
        symbols = (symbol_of(place.file),)
    filled = rows[1].cells if len(rows) > 1 else []
    date = 0 if columns is None else columns.date
    example = filled[date] if date < len(filled) else ""
    return LargeFile(path, place, separator(text), first.line, tuple(first.cells), columns, symbols, example)
