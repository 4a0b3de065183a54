"""What products hold, from a file: looked at, stored, and taken out again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from keel.domain.lookthrough.members import TITLES
from keel.domain.text import plain
from keel.errors import InputError
from keel.sources.files.disk import content_sha256
from keel.sources.files.exposures import Parts, read_exposures
from keel.store import instruments
from keel.store.connection import Database
from keel.store.market import exposures
from keel.store.market.exposures import ExposureImport, Holds
from keel.units import WEIGHT_TOLERANCE, pct

NAMED = 6  # symbols in a sentence


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file says of products that are known here, and what is to be said of it."""

    name: str
    parts: tuple[Parts, ...]
    notes: tuple[str, ...]


def preview(db: Database, path: Path, name: str) -> Preview:
    """What the file at ``path``, called ``name``, says. Raises ImportFormatError, InputError where it is of nothing
    that is known.
    """
    read = read_exposures(path)
    known = {i.symbol for i in instruments.find_many(db, [parts.symbol for parts in read])}
    parts = tuple(part for part in read if part.symbol in known)
    unknown = sorted({part.symbol for part in read} - known)
    if not parts:
        message = f"{plain(name)}: nothing in it is known here ({_names(unknown)})."
        raise InputError(message, hint="Import their prices first.", subject=name)
    return Preview(name, parts, tuple(_notes(parts, unknown)))


def commit(db: Database, path: Path, name: str, today: date) -> ExposureImport:
    """The import of a file; what it does not date is of ``today``. The same content again changes nothing, and says so.

    Raises ImportFormatError, InputError.
    """
    sha = content_sha256(path)
    same = next((made for made in exposures.active(db) if made.content_sha256 == sha), None)
    if same is not None:
        note = f"The same content was imported before, as {same.id}; nothing changed."
        return ExposureImport(same.name, sha, same.symbols, same.rows, (note,), same.id, same.created_at)
    seen = preview(db, path, name)
    holds = [Holds(p.symbol, p.dimension, p.weights, p.as_of or today) for p in seen.parts]
    symbols = tuple(dict.fromkeys(p.symbol for p in seen.parts))
    rows = sum(len(p.weights) for p in seen.parts)
    return exposures.add(db, holds, ExposureImport(plain(name), sha, symbols, rows, seen.notes))


def undo(db: Database, id: str) -> ExposureImport:
    """The import, undone: what was said before counts again. Raises ImportNotFoundError."""
    return exposures.undo(db, id)


def history(db: Database) -> tuple[ExposureImport, ...]:
    """The imports that hold, the newest first."""
    return exposures.active(db)


def document(made: ExposureImport) -> dict[str, object]:
    """An import as the command line prints it and REST answers it."""
    return {
        "import": made.id,
        "file": made.name,
        "symbols": list(made.symbols),
        "rows": made.rows,
        "notes": list(made.notes),
    }


def _notes(parts: Sequence[Parts], unknown: Sequence[str]) -> Iterator[str]:
    if unknown:
        yield f"Not known here and left out: {_names(unknown)}."
    for part in parts:
        what = f"{plain(part.symbol)} by {TITLES[part.dimension].lower()}"
        if abs(part.total - 1) > 1e-6 and part.total >= 0.99:
            yield f"{what} makes {pct(part.total, 2)} and was scaled to 100%."
        elif part.total < 1 - WEIGHT_TOLERANCE and part.total < 0.99:
            yield f"{what} makes {pct(part.total)}: the other {pct(1 - part.total)} is not known."


def _names(symbols: Sequence[str]) -> str:
    rest = f" and {len(symbols) - NAMED} more" if len(symbols) > NAMED else ""
    return ", ".join(plain(symbol) for symbol in symbols[:NAMED]) + rest
