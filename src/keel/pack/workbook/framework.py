"""A framework as a workbook that can be read again: the tree in one sheet, all else in another."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from keel.domain.exchange.framework_csv import framework_table
from keel.domain.exchange.framework_file import BESIDE, TREE
from keel.domain.exchange.framework_json import framework_json
from keel.domain.framework.records import Framework
from keel.pack.workbook.cells import FINE, Cell, Line, Number, Sheet
from keel.pack.workbook.write import workbook

WIDTHS = {"path": 44.0, "label": 28.0, "rules": 60.0, "holdings": 36.0, "band": 30.0}


def framework_workbook(framework: Framework, made: date) -> bytes:
    """The framework as XLSX; ``read_framework_file`` reads it back equal but for id, version and times."""
    return workbook((_tree(framework), _beside(framework)), framework.name, made)


def _tree(framework: Framework) -> Sheet:
    columns, rows = framework_table(framework)
    lines = tuple(Line(tuple(map(_cell, row))) for row in rows)
    return Sheet(TREE, (Line(tuple(columns), head=True), *lines), tuple(WIDTHS.get(name, 14.0) for name in columns), 1)


def _cell(value: object) -> Cell:
    return Number(float(value), FINE) if isinstance(value, (int, float)) else str(value)


def _beside(framework: Framework) -> Sheet:
    """Every field but the tree and what a store gives."""
    document: dict[str, Any] = json.loads(framework_json(framework))
    own = ("buckets", "id", "version", "created_at", "updated_at")
    fields = [(name, value) for name, value in document.items() if name not in own and value not in (None, "")]
    return Sheet(BESIDE, tuple(Line((name, _text(value))) for name, value in fields), (24.0, 100.0))


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
