"""How long things may be, how many modules a room may have, and which names say nothing."""

from __future__ import annotations

import ast
import re
from collections import Counter

from tests.architecture.source import FILES, MODULES, ROOT, functions, nodes, place

EMPTY_NAMES = re.compile(r"(^|_)(manager|helper|helpers|processor|handler|util|utils|info|data2)($|_)", re.I)
EMPTY_CLASS = re.compile(r"(Manager|Helper|Processor|Handler|Util|Utils|Info)$")
IMPOSED = {"get_route_handler"}  # FastAPI's name of what is overridden
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONG_FOR_A_REASON = {
    "simulate.py: simulate"
}  # one compiled loop over sessions: a call in it would cost more than it says
MOST_MODULES = 14
MOST_PARAMETERS = 8


def test_files_stay_short() -> None:
    long = {str(f.relative_to(ROOT)): n for f in FILES if (n := len(f.read_text("utf-8").splitlines())) > LONGEST_FILE}
    assert not long


def test_functions_stay_short() -> None:
    long = []
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION and f"{path.name}: {node.name}" not in LONG_FOR_A_REASON:
                    long.append(f"{place(path, node.lineno)}: {node.name} has {length} lines")
    assert not long, "\n".join(long)


def test_names_say_something() -> None:
    wrong = [str(p.relative_to(ROOT)) for p in FILES if EMPTY_NAMES.search(p.stem)]
    for path in FILES:
        for node in nodes(path):
            if isinstance(node, ast.ClassDef) and EMPTY_CLASS.search(node.name):
                wrong.append(f"{place(path, node.lineno)}: class {node.name}")
            if (
                isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
                and EMPTY_NAMES.search(node.name)
                and node.name not in IMPOSED
            ):
                wrong.append(f"{place(path, node.lineno)}: def {node.name}")
    assert not wrong, "\n".join(wrong)


def test_nothing_is_left_unfinished() -> None:
    words = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    wrong = [
        f"{place(path, number)}: {line.strip()}"
        for path in FILES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_room_has_more_than_fourteen_modules() -> None:
    modules = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    rooms = {str(folder.relative_to(ROOT)): n for folder, n in modules.items() if n > MOST_MODULES}
    assert not rooms


def test_functions_take_at_most_eight_parameters() -> None:
    wrong = []
    for path in FILES:
        for node in functions(path):
            a = node.args
            count = len([*a.posonlyargs, *a.args, *a.kwonlyargs]) - (bool(a.args) and a.args[0].arg in ("self", "cls"))
            clicked = any("click." in ast.unparse(d) for d in node.decorator_list)
            if count > MOST_PARAMETERS and not clicked:
                wrong.append(f"{place(path, node.lineno)}: {node.name} takes {count}")
    assert not wrong, "\n".join(wrong)


def test_a_procedure_says_what_it_does() -> None:
    wrong = [
        f"{place(path, node.lineno)}: {node.name}"
        for path in FILES
        for node in functions(path)
        if (ast.get_docstring(node) or "").startswith("Nothing")
    ]
    assert not wrong, "\n".join(wrong)


def test_a_name_lives_in_one_place() -> None:
    """No ``x as x``: a re-export makes "where is it?" a question of two steps. The face of the package is excepted."""
    wrong = [
        f"{place(path, node.lineno)}: {alias.name}"
        for path in FILES
        if path != ROOT / "src" / "keel" / "__init__.py"
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.asname == alias.name
    ]
    assert not wrong, "\n".join(wrong)
