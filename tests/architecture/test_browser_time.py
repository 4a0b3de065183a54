"""Browser tests stay cheap: what opens pages anew or waits for a while stands in one place, not in the tests."""

from __future__ import annotations

import ast
import re
from pathlib import Path

BROWSER = Path(__file__).resolve().parents[1] / "browser"
UI = Path(__file__).resolve().parents[2] / "src" / "keel" / "ui"
EVERY_LOOK = {"tree.css"}  # shown at each width in each theme
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


def test_a_width_alone_colours_nothing_but_what_is_shown_in_every_look() -> None:
    styles = {
        path.name: path.read_text(encoding="utf-8") for kind in ("css", "js", "py") for path in UI.rglob(f"*.{kind}")
    }
    blocks = {name: re.findall(r"@media [^{]*width[^{]*\{.*?\n\}", text, re.DOTALL) for name, text in styles.items()}
    assert {name for name, found in blocks.items() if found} == EVERY_LOOK | {"manners.js"}
    assert not [block for name in blocks.keys() - EVERY_LOOK for block in blocks[name] if "color" in block]
