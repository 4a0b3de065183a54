"""The source as text and trees: which files there are, what each imports, and what it defines."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "keel"
TESTS = ROOT / "tests"
MODULES = sorted(SOURCE.rglob("*.py"))
FILES = [*MODULES, *sorted((ROOT / "pages").glob("*.py")), ROOT / "app.py"]


def part(path: Path) -> str:
    """The part of Keel a file belongs to: its folder or, at the top, its own name."""
    if path == ROOT / "app.py":
        return "app"
    if path.parent == ROOT / "pages":
        return "pages"
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def module(path: Path) -> str:
    """The dotted name of a source file; a package's is its folder's."""
    names = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def place(path: Path, line: int) -> str:
    """File and line, to go there."""
    return f"{path.relative_to(ROOT)}:{line}"


def is_of(name: str, package: str) -> bool:
    """Whether a module is a package or lies in it."""
    return name == package or name.startswith(package + ".")


@cache
def tree(path: Path) -> ast.Module:
    """The file, parsed once."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of the file's tree, gone through once for all that ask."""
    return tuple(ast.walk(tree(path)))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a file, methods and inner ones too."""
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@cache
def imports(path: Path) -> tuple[tuple[str, int, bool], ...]:
    """Every imported module or name, its line, and whether it is at the top; imports for types only are left out."""
    return tuple(_imports(path, nodes(path)))


def _imports(path: Path, every: tuple[ast.AST, ...]) -> Iterator[tuple[str, int, bool]]:
    typing_only = {
        child
        for node in every
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for child in ast.walk(statement)
    }
    inside = {
        child for node in every if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) for child in ast.walk(node)
    }
    for node in every:
        if node in typing_only:
            continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, node not in inside
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = ".".join(["keel", *path.relative_to(SOURCE).parts[: -node.level], *([base] if base else [])])
            for alias in node.names:
                yield f"{base}.{alias.name}", node.lineno, node not in inside


def imports_of(text: str, folder: Path) -> list[tuple[str, int, bool]]:
    """The imports of a text written into a file of its own."""
    path = folder / "example.py"
    path.write_text(text, encoding="utf-8")
    return list(imports(path))


@cache
def known_modules() -> frozenset[str]:
    """The dotted names of all source files."""
    return frozenset(module(path) for path in MODULES)


def imported_modules(path: Path, *, at_the_top: bool = False) -> set[str]:
    """The modules of Keel that a file imports, whether as a module or for a name in it."""
    found = set()
    for name, _, top in imports(path):
        if is_of(name, "keel") and (top or not at_the_top):
            found.add(name if name in known_modules() else name.rpartition(".")[0])
    return found & known_modules()
