"""Where Keel finds and keeps things, and its limits: read from the environment once, as one frozen record."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]
MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths and limits. ``data_dir`` holds templates, sample and universe; ``db_path`` is the one database file,
    ``app_path`` the server's script."""

    data_dir: Path
    db_path: Path
    pages_dir: Path
    app_path: Path
    port: int = 8501
    max_framework_bytes: int = 20 * MEGABYTE


def in_checkout() -> bool:
    """True when this code runs from a clone of the project, not from an installed wheel."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "data" / "templates").is_dir()


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from ``KEEL_DATA``, ``KEEL_DB`` and ``PORT``; without them, from the clone or the installed package.

    An installed package keeps its database in ``$XDG_DATA_HOME/keel`` (``~/.local/share/keel``).
    """
    root = CHECKOUT if in_checkout() else PACKAGE
    data_dir = Path(environ["KEEL_DATA"]) if environ.get("KEEL_DATA") else root / "data"
    home = data_dir if in_checkout() else _user_data(environ)
    db_path = Path(environ["KEEL_DB"]) if environ.get("KEEL_DB") else home / "keel.duckdb"
    port = environ.get("PORT", "")
    app_path = root / "app.py" if in_checkout() else root / "server" / "app.py"
    return Settings(data_dir, db_path, root / "pages", app_path, port=int(port) if port.isdigit() else 8501)


def _user_data(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "keel"
