"""The error tree: what its docstring draws is what exists, every class is raised, and REST knows each."""

from __future__ import annotations

import ast
import inspect
import re
from functools import cache
from pathlib import Path

import pytest
from tests.architecture.source import nodes

from keel import errors
from keel.api.problem import STATUS

SOURCE = Path(errors.__file__).parent
CLASSES = [c for _, c in inspect.getmembers(errors, inspect.isclass) if issubclass(c, Exception)]

# The parents of the tree, which stand for their children, and the classes whose step is not built yet.
ABSTRACT = {"AccessError", "KeelError", "NotFoundError", "MarketDataError", "BacktestError"}
LATER = {
    "PricesStaleError": "live prices",
}


@cache
def raised_names() -> set[str]:
    """Every class named in a ``raise`` of the source, or called to make an error that is raised later."""
    names: set[str] = set()
    for path in SOURCE.rglob("*.py"):
        if path.name == "errors.py":
            continue
        for node in nodes(path):
            if isinstance(node, ast.Call):
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                names.add(name)
    return names


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
def test_every_error_derives_from_keel_error(cls: type[Exception]) -> None:
    assert issubclass(cls, errors.KeelError)
    assert cls.__doc__


def test_every_error_is_raised_or_listed_for_later() -> None:
    raised = raised_names()
    silent = {c.__name__ for c in CLASSES} - raised - ABSTRACT - set(LATER)
    assert not silent, f"never raised: {sorted(silent)}"


def test_the_list_for_later_shrinks_when_a_class_is_raised() -> None:
    done = sorted(set(LATER) & raised_names())
    assert not done, "take these out of LATER"


def test_the_tree_in_the_docstring_is_the_real_tree() -> None:
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if match := re.match(r"^([│├└─ ]*)(\w+Error)\b", line):
            drawn.append((len(match.group(1)), match.group(2)))
    parents: dict[str, str] = {}
    stack: list[tuple[int, str]] = []
    for depth, name in drawn:
        while stack and stack[-1][0] >= depth:
            stack.pop()
        parents[name] = stack[-1][1] if stack else "Exception"
        stack.append((depth, name))
    real = {c.__name__: next(b.__name__ for b in c.__bases__ if issubclass(b, Exception)) for c in CLASSES}
    assert parents == real


def test_input_and_not_found_are_also_the_built_in_kinds() -> None:
    assert issubclass(errors.InputError, ValueError)
    assert issubclass(errors.NotFoundError, LookupError)


def test_rest_has_a_status_for_every_error() -> None:
    assert set(STATUS) == set(CLASSES)
    assert all(400 <= status <= 599 for status in STATUS.values())


def test_an_error_says_its_message() -> None:
    error = errors.ImportFormatError("'x' is no weight.", row=3, column="target_weight", hint="Write 60%.")
    assert (str(error), error.row, error.column, error.hint) == (error.message, 3, "target_weight", "Write 60%.")
