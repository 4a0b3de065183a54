"""A table of facts out of a file: CSV, parquet or the first sheet of an XLSX file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from keel.domain.reading.place import Place
from keel.domain.reading.rows import Table, read_table, table_of
from keel.domain.reading.text import decode
from keel.sources.files.disk import KINDS, read_bytes
from keel.sources.files.parquet import MAGIC, parquet_rows
from keel.sources.sheets.xlsx import ZIPPED, sheet_of


@dataclass(frozen=True, slots=True)
class TableFile:
    """The table of a file, its kind, and sentences on how it was read."""

    table: Table
    format: str
    notes: tuple[str, ...] = ()


def read_table_file(path: Path, name: str) -> TableFile:
    """The table in the file at ``path``, called ``name``. Raises ImportFormatError with row and column."""
    data, place = read_bytes(path), Place(name)
    if data.startswith(MAGIC):
        return TableFile(table_of(parquet_rows(data, place), place), "parquet")
    if data.startswith(ZIPPED):
        sheet = sheet_of(data, place)
        return TableFile(table_of(sheet.rows, place), "xlsx", sheet.notes)
    return TableFile(read_table(decode(data, place, KINDS), place), "csv")
