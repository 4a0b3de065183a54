"""What is somebody's is read and changed as theirs: no statement on such a table leaves the owner out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source import MODULES, SOURCE, nodes, place

from keel.store.connection import Database

# Whose a file's rows are is no matter when it is brought up to date, or looked over for rows that belong to nothing.
OF_THE_FILE = {SOURCE / "store" / "migrations.py", SOURCE / "store" / "integrity.py"}
SAID = re.compile(r"getvariable\('owner'\)|\bowner = |owner_kind = 'sample'|/\* of all owners \*/")
SHARED = {"instrument_names"}  # a symbol names an instrument for everybody; the statements on other names say whose


def _texts(path: Path) -> Iterator[tuple[str, int]]:
    """The texts of a file with their lines, an f-string whole."""
    inside = {id(part) for node in nodes(path) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in nodes(path):
        if isinstance(node, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values), node.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value, node.lineno


def test_no_statement_on_what_is_somebodys_leaves_the_owner_out() -> None:
    db = Database(":memory:")
    for script in sorted((SOURCE / "store" / "schema").glob("*.sql")):
        with db.write() as cursor:
            cursor.execute(script.read_text(encoding="utf-8"))
    with db.cursor() as cursor:
        asked = "select table_name from information_schema.columns where column_name = 'owner' order by 1"
        owned = {name for (name,) in cursor.execute(asked).fetchall()} - SHARED
    db.close()
    assert {
        "allocation_frameworks",
        "portfolios",
        "runs",
        "jobs",
        "imports",
        "plans",
        "api_tokens",
        "price_sources",
    } <= owned
    names = re.compile(rf"\b(?:from|join|update|into)\s+(?:{'|'.join(owned)})\b")
    bare = [
        place(path, line)
        for path in MODULES
        if path not in OF_THE_FILE
        for text, line in _texts(path)
        if names.search(text) and not SAID.search(text)
    ]
    assert not bare, "\n".join(bare)
