"""A compiled twin bears the file name of what it mirrors in ``domain``, and its functions the names of theirs."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import ROOT, SOURCE, tree

KERNEL = SOURCE / "backtest" / "kernel"
# A twin in the kernel -> the plain form that tests prove it equal to.
TWINS = {
    "band.py": "policy/band.py",
    "destination.py": "policy/destination.py",
    "tracking.py": "policy/tracking.py",
    "waterfill.py": "plan/waterfill.py",
}
# What has no plain form in the domain, and what it is.
OWN = {
    "compiled.py": "how functions are compiled",
    "orders.py": "orders and their cost; the plain form is in tests/oracles.py",
    "records.py": "what goes in and comes out",
    "simulate.py": "the loop over sessions; the plain form is in tests/oracles.py",
}
# A twin's public function without a namesake, and why.
BESIDE = {
    "any_breached": "the plain form asks an array",
    "place_flow": "changes holdings in place; the plain form returns trades",
}


def _public(path: Path) -> set[str]:
    """The names of a file's public functions."""
    return {node.name for node in tree(path).body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"}


def test_a_twin_bears_the_file_name_of_what_it_mirrors() -> None:
    files = {path.name for path in KERNEL.glob("*.py")} - {"__init__.py"}
    assert files == set(TWINS) | set(OWN)
    assert [name for name, plain in TWINS.items() if not plain.endswith(f"/{name}")] == []


def test_a_twins_functions_bear_the_names_of_what_they_mirror() -> None:
    wrong = [
        f"{name}: {function}"
        for name, plain in TWINS.items()
        for function in sorted(_public(KERNEL / name) - _public(SOURCE / "domain" / plain) - set(BESIDE))
    ]
    assert not wrong, "\n".join(wrong)


def test_every_twin_is_compared_with_its_plain_form() -> None:
    for name, plain in TWINS.items():
        test = (ROOT / "tests" / "backtest" / "kernel" / f"test_{name}").read_text(encoding="utf-8")
        assert "keel.domain." + plain.removesuffix(".py").replace("/", ".") in test, name
