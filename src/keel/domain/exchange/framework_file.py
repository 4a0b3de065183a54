"""Frameworks as files: JSON for the whole, CSV for the tree. Reading names the place of whatever is wrong."""

from __future__ import annotations

import math
from pathlib import PurePath

from keel.domain.exchange.framework_csv import read_csv
from keel.domain.exchange.framework_json import read_json
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding, Severity
from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.domain.text import plain, tidy

MAX_BYTES = 20_000_000
TREE, BESIDE = "Buckets", "Framework"  # the sheets of a workbook
MOST_UNKNOWN = 100  # fields that are named; of more, these and the count


def read_framework(data: bytes, name: str, limit: int = MAX_BYTES) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework in a file's bytes and what reading found: ``scaled``, ``unknown_field``, an unusable band.

    What begins like JSON is read as JSON, everything else as CSV unless ``name`` ends in ``.json``. The issues are
    those of reading; ``validation.check`` finds the framework's own. Raises ImportFormatError for what cannot be read.

    >>> made, issues = read_framework(b"path,target_weight\\nAssetClass/Equity,60%\\nAssetClass/Bonds,0.4", "mix.csv")
    >>> made.name, [(b.label, b.target_weight) for b in made.buckets], issues
    ('mix', [('Equity', 0.6), ('Bonds', 0.4)], ())
    """
    place = Place(name or "the file")
    require_bytes(data, place, limit)
    text = decode(data, place)
    if not text.strip():
        raise place.error("the file is empty.", "Give a framework as JSON or CSV.")
    title = title_of(name)
    is_json = text.lstrip()[0] in "{[" or name.lower().endswith(".json")
    framework, notes = read_json(text, place, title) if is_json else read_csv(text, place, title)
    return framework, _few(notes)


def title_of(name: str) -> str:
    """What a framework is called whose file does not say it.

    >>> title_of("C:\\\\mine\\\\Mix.csv"), title_of("")
    ('Mix', 'Imported')
    """
    return tidy(plain(PurePath(name.replace("\\", "/")).stem, 80)) or "Imported"


def require_bytes(data: bytes, place: Place, limit: int) -> None:
    """Raises ImportFormatError for a file that is too large to be a framework."""
    if len(data) > limit:
        sizes = f"{math.ceil(len(data) / 1e5) / 10:g} MB; a framework file may have at most {limit / 1e6:g} MB"
        raise place.error(f"it has {sizes}.", "Check that it is a framework.")


def _few(notes: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings, with a count in place of the fields that are not known beyond the first."""
    unknown = [note for note in notes if note.code == "unknown_field"]
    if len(unknown) <= MOST_UNKNOWN:
        return notes
    message = f"{len(unknown) - MOST_UNKNOWN:,} more fields are not known and were ignored."
    more = Finding("unknown_field", Severity.warning, "", message, "Check that it is the right file.")
    return (*unknown[:MOST_UNKNOWN], more, *(note for note in notes if note.code != "unknown_field"))
