"""Where Keel finds and keeps things, its limits and its port: read from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from keel.errors import InputError

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parents[1]
MEGABYTE = 1_000_000
FRAMEWORK_LIMIT = 20 * MEGABYTE
PORT = 8501


@dataclass(frozen=True, slots=True)
class Settings:
    """Paths and limits. ``data_dir`` holds templates, sample and universe; ``db_path`` is the one database file,
    ``app_path`` the server's script."""

    data_dir: Path
    db_path: Path
    pages_dir: Path
    app_path: Path
    max_framework_bytes: int = FRAMEWORK_LIMIT


@cache
def in_checkout() -> bool:
    """True when this code runs from a clone of the project, not from an installed wheel."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "data" / "templates").is_dir()


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from ``KEEL_DATA`` and ``KEEL_DB``; without them, from the clone or the installed package.

    An installed package keeps its database in ``$XDG_DATA_HOME/keel`` (``~/.local/share/keel``).
    """
    home = None if in_checkout() else _user_data(environ)
    return _placed(CHECKOUT if home is None else PACKAGE, home, environ.get("KEEL_DATA"), environ.get("KEEL_DB"))


@cache  # a page asks for every link it draws
def _placed(root: Path, home: Path | None, data: str | None, database: str | None) -> Settings:
    """Settings of the code at ``root``; ``home`` is where its database lies, None for beside the data of a clone."""
    data_dir = Path(data) if data else root / "data"
    db_path = Path(database) if database else (home or data_dir) / "keel.duckdb"
    app_path = root / "app.py" if home is None else root / "server" / "app.py"
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


def host(environ: Mapping[str, str] = os.environ) -> str:
    """The address that the server listens at: ``KEEL_HOST``, this machine alone without it."""
    return environ.get("KEEL_HOST", "").strip() or "localhost"


def require_login(address: str, has_login: bool) -> None:
    """Raises InputError for an address beyond this machine without a login: everybody who reaches it would be let in.

    >>> require_login("localhost", False), require_login("127.0.0.1", False), require_login("192.168.1.5", True)
    (None, None, None)
    """
    if not has_login and not is_here(address):
        hint = "Set up [auth] in .streamlit/secrets.toml as docs/access.md says, or serve at localhost."
        raise InputError(f"Serving at {address} would let in everybody who reaches it.", hint=hint, subject="host")


def is_here(address: str) -> bool:
    """Whether an address leads to this machine and no further.

    >>> [is_here(address) for address in ("localhost", "127.0.0.1", "::1", "192.168.1.5", "::", "example.org")]
    [True, True, True, False, False, False]
    """
    if address == "localhost":
        return True
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Model:
    """A model that may propose: the protocol it speaks, its name and address, and what one question may cost.

    ``url`` is empty for the maker's own address; the ``key`` is shown nowhere. ``tokens`` are all of a question's, both
    ways and with its second try.
    """

    protocol: str
    name: str
    url: str = ""
    key: str = field(default="", repr=False)
    seconds: float = 60.0
    tokens: int = 30_000


PROTOCOLS = ("openai", "anthropic")


def model(environ: Mapping[str, str] = os.environ) -> Model | None:
    """The model of ``KEEL_MODEL`` (``openai:NAME`` or ``anthropic:NAME``), None without it.

    Its address is ``KEEL_MODEL_URL``, its key ``KEEL_MODEL_KEY`` or the content of the file ``KEEL_MODEL_KEY_FILE``;
    ``KEEL_MODEL_SECONDS`` and ``KEEL_MODEL_TOKENS`` bound a question. Raises InputError for what cannot be used.

    >>> model({}), model({"KEEL_MODEL": "openai:llama", "KEEL_MODEL_URL": "http://localhost:1234/v1"})
    (None, Model(protocol='openai', name='llama', url='http://localhost:1234/v1', seconds=60.0, tokens=30000))
    """
    given = environ.get("KEEL_MODEL", "").strip()
    if not given:
        return None
    protocol, _, name = given.partition(":")
    if protocol not in PROTOCOLS or not name:
        hint = f"Write {' or '.join(f'{known}:NAME' for known in PROTOCOLS)}."
        raise InputError(f"KEEL_MODEL is {given[:60]!r}, which names no model.", hint=hint, subject="KEEL_MODEL")
    seconds, tokens = _number(environ, "KEEL_MODEL_SECONDS", 60), _number(environ, "KEEL_MODEL_TOKENS", 30_000)
    return Model(
        protocol,
        name,
        environ.get("KEEL_MODEL_URL", "").strip(),
        _secret(environ, "KEEL_MODEL_KEY"),
        seconds,
        int(tokens),
    )


@dataclass(frozen=True, slots=True)
class Notify:
    """Where alerts are told outside, as apprise writes addresses; they may hold passwords and are shown nowhere."""

    addresses: tuple[str, ...] = field(repr=False)


def notify(environ: Mapping[str, str] = os.environ) -> Notify | None:
    """The addresses of ``KEEL_NOTIFY`` or of the file ``KEEL_NOTIFY_FILE``, blanks between them; None without any.

    >>> notify({}), len(notify({"KEEL_NOTIFY": "json://localhost/hook mailto://ann:pw@example.org"}).addresses)
    (None, 2)
    """
    addresses = tuple(_secret(environ, "KEEL_NOTIFY").split())
    return Notify(addresses) if addresses else None


def watch_minutes(environ: Mapping[str, str] = os.environ) -> float:
    """How often the server looks at portfolios when nothing changes: ``KEEL_WATCH`` minutes, 15 without it, 0 never."""
    if environ.get("KEEL_WATCH", "").strip() == "0":
        return 0.0
    return _number(environ, "KEEL_WATCH", 15)


def _number(environ: Mapping[str, str], name: str, usual: float) -> float:
    given = environ.get(name, "").strip()
    if given and not (given.isascii() and given.isdigit() and 0 < int(given) <= 10_000_000):
        hint = "Set it to a whole number from 1, or leave it out."
        raise InputError(f"{name} is {given[:40]!r}, which is no such number.", hint=hint, subject=name)
    return float(given or usual)


def _secret(environ: Mapping[str, str], name: str) -> str:
    """What a name of the environment holds, or the file that the name with ``_FILE`` names."""
    path = environ.get(f"{name}_FILE", "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip() if path else environ.get(name, "").strip()
    except (OSError, UnicodeError):
        message = f"{name}_FILE names {path[:200]!r}, which cannot be read."
        raise InputError(message, hint="Name a file that holds the secret alone.", subject=f"{name}_FILE") from None


def _user_data(environ: Mapping[str, str]) -> Path:
    base = environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "keel"
