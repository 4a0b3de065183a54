"""Imports point one way, and a package stays in its home."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.architecture.source import (
    FILES,
    MODULES,
    ROOT,
    SOURCE,
    imported_modules,
    imports,
    imports_of,
    is_of,
    module,
    part,
    place,
)

LAYERS = (
    ("errors",),
    ("units", "vocabulary", "journey", "settings", "palette"),
    ("domain",),
    ("backtest",),
    ("store", "sources", "audit", "optimise", "pack"),
    ("services",),
    ("ui", "cli", "commands", "api", "notebook"),
    ("held", "guided", "studies", "stored"),
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
    "skfolio": {"optimise"},
    "scipy": {"optimise"},
    "typst": {"pack"},
    "openpyxl": {"pack", "sources"},
    "financedatabase": {"sources"},
    "pydantic_ai": {"sources"},
    "apprise": {"sources"},
    "icalendar": {"pack"},
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
HEAVY = ("numba", "pandas", "yfinance", "vectorbt", "scipy", "skfolio", "pydantic_ai", "apprise")
PANDAS_FREE = {"domain", "backtest", "errors", "units", "vocabulary", "journey", "settings"}


def test_imports_point_one_way() -> None:
    wrong = []
    for path in FILES:
        here = part(path)
        if here not in RANK:
            continue
        for name, line, _ in imports(path):
            if not is_of(name, "keel"):
                continue
            there = name.split(".")[1] if "." in name else "keel"
            if there in RANK and there != here and RANK[there] >= RANK[here]:
                wrong.append(f"{place(path, line)}: {here} imports {there}")
    wrong = [w for w in wrong if not w.endswith("cli imports commands")]
    assert not wrong, "\n".join(wrong)


def test_every_part_has_its_layer() -> None:
    unknown = {part(path) for path in FILES} - set(RANK) - {"__init__", "__main__", "server"}
    assert not unknown, f"no layer for {sorted(unknown)}"


SHARED = "keel.services.shared"


def test_services_do_not_call_each_other() -> None:
    """What several intentions need lies in ``services/shared``, which knows none of them."""
    wrong = [
        f"{place(path, line)}: {name}"
        for path in FILES
        if part(path) == "services"
        for name, line, _ in imports(path)
        if is_of(name, "keel.services") and not is_of(name, SHARED)
    ]
    assert not wrong, "\n".join(wrong)


def test_what_services_share_knows_no_service() -> None:
    shared = [path for path in MODULES if is_of(module(path), SHARED)]
    assert shared
    wrong = [
        f"{place(path, line)}: {name}"
        for path in shared
        for name, line, _ in imports(path)
        if is_of(name, "keel.services") and not is_of(name, SHARED)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_store_chooses_and_assembles_nothing() -> None:
    """Rows in, records out: which series fills what, and what stays in cash, is decided above it."""
    forbidden = (
        "keel.domain.market.prices.resolve",
        "keel.domain.market.prices.assemble",
        "keel.domain.portfolio.filling",
        "keel.domain.portfolio.book",
    )
    wrong = [
        f"{place(path, line)}: {name}"
        for path in FILES
        if part(path) == "store"
        for name, line, _ in imports(path)
        if any(is_of(name, banned) for banned in forbidden)
    ]
    assert not wrong, "\n".join(wrong)


def test_nothing_imports_pages_and_pages_see_services_ui_and_values() -> None:
    allowed = {"services", "ui", "domain", "errors", "units", "vocabulary", "journey", "settings"}
    wrong = []
    for path in FILES:
        for name, line, _ in imports(path):
            if is_of(name, "pages"):
                wrong.append(f"{place(path, line)}: imports pages")
            if part(path) == "pages" and is_of(name, "keel") and name.split(".")[1] not in allowed:
                wrong.append(f"{place(path, line)}: a page imports {name}")
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


def test_a_cluster_is_met_in_one_file() -> None:
    """``distributed`` is optional and found by name, so what is looked for is the name."""
    met = [str(path.relative_to(SOURCE)) for path in MODULES if '"distributed"' in path.read_text(encoding="utf-8")]
    assert met == ["backtest/sweep/cluster.py"]


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
    kernels = {SOURCE / "backtest" / "kernel" / "compiled.py"}  # compiled functions need their decorator at the top
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


def test_the_rule_would_notice_a_wrong_import(tmp_path: Path) -> None:
    tree = "from __future__ import annotations\nfrom keel.services import design\nif x:\n    import numba\n"
    found = [(m, line) for m, line, _ in imports_of(tree, tmp_path)]
    assert ("keel.services.design", 2) in found
    assert ("numba", 4) in found


# Inside ``domain`` a room imports those to its left and its own level, never right; no file circle anywhere.
ROOMS = (
    ("arrays", "frozen", "issue", "text", "picture", "brand"),
    ("market", "policy", "reading"),
    ("framework", "constraints"),
    ("exchange", "portfolio", "study", "lookthrough"),
    ("mapping", "drift", "plan", "profile", "workflow", "proposal", "watch", "access"),
)
LEVEL = {room: level for level, rooms in enumerate(ROOMS) for room in rooms}


def room(name: str) -> str:
    """The room of ``domain`` that a module lies in."""
    return name.split(".")[2]


def test_rooms_of_the_domain_import_to_the_left() -> None:
    wrong = []
    for path in MODULES:
        if part(path) != "domain" or module(path) == "keel.domain":
            continue
        here = room(module(path))
        for name, line, _ in imports(path):
            if is_of(name, "keel.domain") and LEVEL[room(name)] > LEVEL[here]:
                wrong.append(f"{place(path, line)}: {here} imports {room(name)}")
    assert not wrong, "\n".join(wrong)


def test_no_files_import_each_other_in_a_circle() -> None:
    ahead = {module(path): imported_modules(path, at_the_top=True) - {module(path)} for path in MODULES}
    done: set[str] = set()
    circles = [circle for name in sorted(ahead) if (circle := _circle(name, ahead, (), done))]
    assert not circles, "\n".join(" -> ".join(circle) for circle in circles)


def _circle(name: str, ahead: dict[str, set[str]], behind: tuple[str, ...], done: set[str]) -> tuple[str, ...]:
    if name in behind:
        return (*behind[behind.index(name) :], name)
    if name in done:
        return ()
    for other in sorted(ahead[name]):
        circle = _circle(other, ahead, (*behind, name), done)
        if circle:
            return circle
    done.add(name)
    return ()


def test_the_domain_touches_no_disk_clock_or_chance() -> None:
    forbidden = ("os", "pathlib.Path", "shutil", "tempfile", "time", "random", "subprocess", "threading")
    wrong = [
        f"{place(path, line)}: {name}"
        for path in MODULES
        if part(path) == "domain"
        for name, line, _ in imports(path)
        if any(is_of(name, package) for package in forbidden)
    ]
    assert not wrong, "\n".join(wrong)


# The way to the open database is the one thing a page takes from the store.
OPENS_THE_DATABASE = {"keel.store.connection.Database"}
# What a metric is called and how it reads: a list that computes nothing.
NAMES_THE_METRICS = {"keel.backtest.metrics.table"}


def _ui_imports_of_what_computes() -> Iterator[str]:
    for path in FILES:
        if part(path) in {"ui", "pages"}:
            for name, line, _ in imports(path):
                if is_of(name, "keel.backtest") or is_of(name, "keel.store"):
                    yield f"{place(path, line)}: {name}"


def test_views_judge_nothing() -> None:
    """Pages and views import the engine and the store for types only."""
    wrong = [
        line
        for line in _ui_imports_of_what_computes()
        if line.split(": ")[1] not in OPENS_THE_DATABASE | NAMES_THE_METRICS
    ]
    assert not wrong, "\n".join(wrong)
