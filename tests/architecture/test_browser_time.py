"""Browser tests stay cheap: what opens pages anew or waits for a while stands in one place, not in the tests."""

from __future__ import annotations

import ast
from pathlib import Path

BROWSER = Path(__file__).resolve().parents[1] / "browser"
DEAR = {
    "new_context": "reads the whole application again; `visit` opens a fresh session in the worker's profile",
    "new_page": "is not watched for errors; `visit` opens it",
    "reload": "loads the page again; `at_each_width` shows it at another width",
    "wait_for_timeout": "waits whether it must or not; `settle` and `expect` wait for facts",
    "sleep": "waits whether it must or not; `settle` and `expect` wait for facts",
}


def test_browser_tests_open_pages_by_a_visit_and_wait_for_facts() -> None:
    found = [
        f"{path.name}:{node.lineno}: {node.func.attr} {DEAR[node.func.attr]}"
        for path in sorted(BROWSER.glob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in DEAR
    ]
    assert not found, "\n".join(found)
