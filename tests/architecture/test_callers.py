"""What is public has a caller in the source: what nobody calls gets one or goes."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

from tests.architecture.source import FILES, MODULES, ROOT, SOURCE, nodes, place, tree

# Public without a caller in src, each with its reason.
WITHOUT_A_CALLER: dict[str, str] = {
    "store/integrity.py: integrity": "what the tests of every store ask after a migration and after a crash",
    "store/migrations.py: schema_version": "how far a file is, as the tests of upgrades ask it",
    "ui/charts/tokens.py: paint": "a picture outside the browser, as the tests of what can be told apart look at it",
    "ui/frame/root.py: using": "tests put a database of their own in the place of the server's",
}


def _definitions(path: Path) -> list[tuple[str, int]]:
    """The public functions and classes of a file that nothing but a name leads to, and their lines."""
    return [
        (node.name, node.lineno)
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and (isinstance(node, ast.ClassDef) or not _registered(node))
    ]


def _registered(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a decorator hands the function to a framework, which calls it: a route, a command, a fixture."""
    return any(
        ("." in ast.unparse(d) and "(" in ast.unparse(d)) or "click" in ast.unparse(d) for d in node.decorator_list
    )


def _mentions() -> Counter[str]:
    """How often each name is read anywhere in the source, pages and the server script."""
    seen: Counter[str] = Counter()
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                seen[node.id] += 1
            elif isinstance(node, ast.Attribute):
                seen[node.attr] += 1
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                seen[node.value] += 1  # an annotation in quotes, a name looked up
    seen.update(re.findall(r'"(\w+)"', (SOURCE / "__init__.py").read_text(encoding="utf-8")))
    return seen


def test_what_is_public_has_a_caller() -> None:
    seen = _mentions()
    idle = {
        f"{path.relative_to(SOURCE)}: {name}": line
        for path in MODULES
        if path.name != "__main__.py"
        for name, line in _definitions(path)
        if not seen[name]
    }
    new = [name for name in idle if name not in WITHOUT_A_CALLER]
    assert not new, "\n".join(new)
    gone = [name for name in WITHOUT_A_CALLER if name not in idle]
    assert not gone, f"these have a caller now, or are gone: {gone}"


def test_the_rule_would_notice_an_idle_function() -> None:
    assert _mentions()["a_function_that_nobody_calls" + "_"] == 0
    assert place(ROOT / "app.py", 1) == "app.py:1"


# What keeps the last answers, and what works in the background: each is said once, whoever needs it asks there.
ONCE = {
    "OrderedDict": {"store/memory.py"},
    "WeakKeyDictionary": {"store/memory.py"},
    "Thread": {
        "services/shared/jobs.py",
        "ui/frame/root.py",  # loads ahead: nobody waits for it
        "commands/output.py",  # turns a spinner
    },
}


def test_there_is_one_memory_and_one_way_to_work_in_the_background() -> None:
    used: dict[str, set[str]] = {name: set() for name in ONCE}
    for path in MODULES:
        for node in nodes(path):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            if name in ONCE:
                used[name].add(str(path.relative_to(SOURCE)))
    assert used == ONCE
