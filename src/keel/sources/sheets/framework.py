"""Frameworks in files of any kind: JSON, CSV, and a workbook with the tree and all beside it."""

from __future__ import annotations

import json

from keel.domain.exchange.framework_csv import read_rows
from keel.domain.exchange.framework_file import BESIDE, MAX_BYTES, TREE, read_framework, require_bytes, title_of
from keel.domain.exchange.framework_json import framework_json, read_json
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding
from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.sources.sheets.xlsx import ZIPPED, sheet_of

_JSON = frozenset("[{0123456789")  # what begins so is no text; the format's number is one


def read_framework_file(data: bytes, name: str, limit: int = MAX_BYTES) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework in a file's bytes and what reading found, as ``read_framework``; a workbook is read too.

    Its sheet Buckets has the columns of a CSV file (any workbook's first sheet may), its sheet Framework the other
    fields, a row each, what is no text as JSON. Raises ImportFormatError for what cannot be read.
    """
    if not data.startswith(ZIPPED):
        return read_framework(data, name, limit)
    place = Place(name or "the file")
    require_bytes(data, place, limit)
    title = title_of(name)
    rows = sheet_of(data, place, BESIDE).rows
    beside = {row.cells[0]: row.cells[1] for row in rows if len(row.cells) > 1}
    tree, notes = read_rows(sheet_of(data, place, TREE if beside else "").rows, place, title)
    if not beside:
        return tree, notes
    at = place.field(BESIDE)
    whole = {field: load_json(text, at) if text[:1] in _JSON else text for field, text in beside.items() if text}
    buckets = json.loads(framework_json(tree))["buckets"]
    framework, more = read_json(json.dumps(whole | {"buckets": buckets}), place, title)
    return framework, (*notes, *more)
