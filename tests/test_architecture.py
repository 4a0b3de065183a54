"""The rules of the layout: who may import whom and what, how long things may be, and which names say nothing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "keel"
FILES = sorted([*SOURCE.rglob("*.py"), *(ROOT / "pages").glob("*.py"), ROOT / "app.py"])
FILES = [f for f in FILES if f.is_file()]

LAYERS = (
    ("errors",),
    ("units", "vocabulary", "journey", "settings"),
    ("domain",),
    ("backtest",),
    ("store", "sources", "audit"),
    ("services",),
    ("ui", "cli", "commands", "api", "notebook"),
    ("pages", "app"),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

# A package -> the parts of Keel that may import it.
HOMES = {
    "numba": {"backtest"},
    "duckdb": {"store"},
    "streamlit": {"ui", "pages", "app"},
    "plotly": {"ui", "pages", "app"},
    "fastapi": {"api"},
    "click": {"cli", "commands"},
    "vectorbt": {"audit"},
}
NETWORK = (
    "yfinance",
    "requests",
    "httpx",
    "urllib3",
    "curl_cffi",
    "aiohttp",
    "socket",
    "urllib.request",
    "http.client",
)
HOMES |= {package: {"sources"} for package in NETWORK}
HOMES["socket"] = {"sources", "commands"}  # serve asks whether its port is free
# Loaded by the command line or the server's start: imported where they are used, or nowhere.
HEAVY = ("numba", "pandas", "yfinance", "vectorbt", "scipy", "skfolio")
PANDAS_FREE = {"domain", "backtest", "errors", "units", "vocabulary", "journey", "settings"}
EMPTY_NAMES = re.compile(r"(^|_)(manager|helper|helpers|processor|handler|util|utils|info|data2)($|_)", re.I)
EMPTY_CLASS = re.compile(r"(Manager|Helper|Processor|Handler|Util|Utils|Info)$")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
LONG_FOR_A_REASON = {
    "kernel.py: simulate"
}  # one compiled loop over sessions: a call in it would cost more than it says


def part(path: Path) -> str:
    """The part of Keel a file belongs to: its folder or, at the top, its own name."""
    if path == ROOT / "app.py":
        return "app"
    if path.parent == ROOT / "pages":
        return "pages"
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


@cache
def imports(path: Path) -> tuple[tuple[str, int, bool], ...]:
    """Every imported module, its line, and whether it is at the top; imports for types only are left out."""
    return tuple(_imports(path, ast.parse(path.read_text(encoding="utf-8"))))


def _imports(path: Path, tree: ast.Module) -> Iterator[tuple[str, int, bool]]:
    typing_only = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for statement in node.body
        for child in ast.walk(statement)
    }
    inside = {
        child
        for node in ast.walk(tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
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


def place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT)}:{line}"


def is_of(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def test_imports_point_one_way() -> None:
    wrong = []
    for path in FILES:
        here = part(path)
        if here not in RANK:
            continue
        for module, line, _ in imports(path):
            if not is_of(module, "keel"):
                continue
            there = module.split(".")[1] if "." in module else "keel"
            if there in RANK and there != here and RANK[there] >= RANK[here]:
                wrong.append(f"{place(path, line)}: {here} imports {there}")
    wrong = [w for w in wrong if not w.endswith("cli imports commands")]
    assert not wrong, "\n".join(wrong)


def test_every_part_has_its_layer() -> None:
    unknown = {part(path) for path in FILES} - set(RANK) - {"__init__", "__main__", "server"}
    assert not unknown, f"no layer for {sorted(unknown)}"


def test_services_do_not_call_each_other() -> None:
    wrong = [
        f"{place(path, line)}: {module}"
        for path in FILES
        if part(path) == "services"
        for module, line, _ in imports(path)
        if is_of(module, "keel.services") and not path.name.startswith("__init__")
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_imports_pages_and_pages_see_services_ui_and_values() -> None:
    allowed = {"services", "ui", "domain", "errors", "units", "vocabulary", "journey", "settings"}
    wrong = []
    for path in FILES:
        for module, line, _ in imports(path):
            if is_of(module, "pages"):
                wrong.append(f"{place(path, line)}: imports pages")
            if part(path) == "pages" and is_of(module, "keel") and module.split(".")[1] not in allowed:
                wrong.append(f"{place(path, line)}: a page imports {module}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("package", HOMES)
def test_a_package_stays_in_its_home(package: str) -> None:
    wrong = [
        place(path, line)
        for path in FILES
        if part(path) not in HOMES[package]
        for module, line, _ in imports(path)
        if is_of(module, package)
    ]
    assert not wrong, f"{package} is imported outside {sorted(HOMES[package])}: {', '.join(wrong)}"


def test_pandas_stays_out_of_the_arithmetic() -> None:
    wrong = [
        place(path, line)
        for path in FILES
        if part(path) in PANDAS_FREE
        for module, line, _ in imports(path)
        if is_of(module, "pandas")
    ]
    assert not wrong, ", ".join(wrong)


def test_heavy_packages_are_imported_where_they_are_used() -> None:
    kernels = {SOURCE / "backtest" / "compiled.py"}  # compiled functions need their decorator at the top
    wrong = [
        f"{place(path, line)}: {module}"
        for path in FILES
        if part(path) not in {"pages"} and path not in kernels
        for module, line, top in imports(path)
        if top and any(is_of(module, heavy) for heavy in HEAVY)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_command_line_starts_without_heavy_packages() -> None:
    code = (
        f"import sys, keel, keel.cli; print([m for m in {[*HEAVY, 'numpy', 'duckdb', 'fastapi']} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT / "src")
    assert done.stdout.strip() == "[]"


def test_files_stay_short() -> None:
    long = {str(f.relative_to(ROOT)): n for f in FILES if (n := len(f.read_text("utf-8").splitlines())) > LONGEST_FILE}
    assert not long


def test_functions_stay_short() -> None:
    long = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > LONGEST_FUNCTION and f"{path.name}: {node.name}" not in LONG_FOR_A_REASON:
                    long.append(f"{place(path, node.lineno)}: {node.name} has {length} lines")
    assert not long, "\n".join(long)


def test_names_say_something() -> None:
    wrong = [str(p.relative_to(ROOT)) for p in FILES if EMPTY_NAMES.search(p.stem)]
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and EMPTY_CLASS.search(node.name):
                wrong.append(f"{place(path, node.lineno)}: class {node.name}")
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and EMPTY_NAMES.search(node.name):
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


def test_the_rule_would_notice_a_wrong_import(tmp_path: Path) -> None:
    tree = "from __future__ import annotations\nfrom keel.services import design\nif x:\n    import numba\n"
    found = [(m, line) for m, line, _ in imports_of(tree, tmp_path)]
    assert ("keel.services.design", 2) in found
    assert ("numba", 4) in found


def imports_of(text: str, folder: Path) -> list[tuple[str, int, bool]]:
    path = folder / "example.py"
    path.write_text(text, encoding="utf-8")
    return list(imports(path))
