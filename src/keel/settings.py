"""Where Keel finds and keeps things, its limits and its port: read from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from keel.errors import InputError

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]
MEGABYTE = 1_000_000
PORT = 8501


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths and limits. ``data_dir`` holds templates, sample and universe; ``db_path`` is the one database file,
    ``app_path`` the server's script."""

    data_dir: Path
    db_path: Path
    pages_dir: Path
    app_path: Path
    max_framework_bytes: int = 20 * MEGABYTE


def in_checkout() -> bool:
    """True when this code runs from a clone of the project, not from an installed wheel."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "data" / "templates").is_dir()


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from ``KEEL_DATA`` and ``KEEL_DB``; without them, from the clone or the installed package.

    An installed package keeps its database in ``$XDG_DATA_HOME/keel`` (``~/.local/share/keel``).
    """
    root = CHECKOUT if in_checkout() else PACKAGE
    data_dir = Path(environ["KEEL_DATA"]) if environ.get("KEEL_DATA") else root / "data"
    home = data_dir if in_checkout() else _user_data(environ)
    db_path = Path(environ["KEEL_DB"]) if environ.get("KEEL_DB") else home / "keel.duckdb"
    app_path = root / "app.py" if in_checkout() else root / "server" / "app.py"
    return Settings(data_dir, db_path, root / "pages", app_path)


def port(environ: Mapping[str, str] = os.environ) -> int:
    """The port of the server: ``PORT``, 8501 without it. Raises InputError for what is none.

    >>> port({}), port({"PORT": "8600"})
    (8501, 8600)
    """
    given = environ.get("PORT", "").strip()
    if not given:
        return PORT
    if not (given.isascii() and given.isdigit() and len(given) <= 5 and 1 <= int(given) <= 65535):
        hint = "Set it to a whole number from 1 to 65535, or leave it out."
        raise InputError(f"PORT is {given[:40]!r}, which is not a port.", hint=hint, subject="PORT")
    return int(given)


def _user_data(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "keel"
