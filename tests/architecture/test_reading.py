"""What people bring is read in one way: one decoder, one CSV reader, one parser of days, one form of complaint."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import MODULES, SOURCE, nodes, place

READING = SOURCE / "domain" / "reading"
HOME = {
    "decode": READING / "text.py",
    "reader": READING / "rows.py",
    "fromisoformat": READING / "day.py",
}
ELSEWHERE = ("DictReader", "strptime", "fromtimestamp")


def _calls(path: Path) -> list[tuple[str, int]]:
    """The methods a file calls and their lines; what ``encode`` gave is no foreign text."""
    return [
        (node.func.attr, node.lineno)
        for node in nodes(path)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if not (
            isinstance(node.func.value, ast.Call) and ast.unparse(node.func.value).rpartition(".")[2][:6] == "encode"
        )
    ]


def test_what_reads_foreign_text_is_written_once() -> None:
    homes: dict[str, list[str]] = {name: [] for name in HOME}
    wrong = []
    for path in MODULES:
        for name, line in _calls(path):
            if name in HOME:
                homes[name].append(place(path, line))
                if path != HOME[name]:
                    wrong.append(f"{place(path, line)}: {name} belongs into {HOME[name].relative_to(SOURCE)}")
            if name in ELSEWHERE:
                wrong.append(f"{place(path, line)}: {name}; use domain/reading")
    assert not wrong, "\n".join(wrong)
    assert {name: len(places) for name, places in homes.items()} == dict.fromkeys(HOME, 1)


def test_a_complaint_about_a_file_is_made_by_its_place() -> None:
    """Only the place composes one; what is about a file or body as a whole has no place in it."""
    disk, body = SOURCE / "sources" / "files" / "disk.py", SOURCE / "api" / "request.py"
    allowed = {READING / "place.py", READING / "load_json.py", disk, body}
    wrong = [
        place(path, node.lineno)
        for path in MODULES
        if path not in allowed
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ImportFormatError")
    ]
    assert not wrong, "\n".join(wrong)
