"""The table of a sweep as a file; both say that the results are hypothetical."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from typing import Any

from keel.services.export import sheet
from keel.vocabulary import HYPOTHETICAL


def as_csv(table: Any) -> str:
    """An Arrow table as CSV text, one row a policy; the first line is the notice."""
    columns = [column.to_pylist() for column in table.columns]
    return sheet(table.column_names, zip(*columns, strict=True))


def as_parquet(table: Any) -> bytes:
    """An Arrow table as a parquet file with the notice in its metadata."""
    parquet = import_module("pyarrow.parquet")
    out = BytesIO()
    known = table.schema.metadata or {}
    parquet.write_table(table.replace_schema_metadata({**known, b"notice": HYPOTHETICAL.encode()}), out)
    return out.getvalue()
