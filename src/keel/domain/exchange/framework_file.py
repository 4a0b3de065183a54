"""Frameworks as files: JSON for the whole, CSV for the tree. Reading names the place of whatever is wrong."""

from __future__ import annotations

import math
from pathlib import PurePath

from keel.domain.exchange.framework_csv import read_csv
from keel.domain.exchange.framework_json import read_json
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding
from keel.domain.reading.place import Place
from keel.domain.reading.text import decode
from keel.domain.text import plain, tidy

MAX_BYTES = 20_000_000


def read_framework(data: bytes, name: str, limit: int = MAX_BYTES) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework in a file's bytes and what reading found: ``scaled``, ``unknown_field``, an unusable band.

    What begins like JSON is read as JSON, everything else as CSV unless ``name`` ends in ``.json``. The issues are
    those of reading; ``validation.check`` finds the framework's own. Raises ImportFormatError for what cannot be read.

    >>> made, issues = read_framework(b"path,target_weight\\nAssetClass/Equity,60%\\nAssetClass/Bonds,0.4", "mix.csv")
    >>> made.name, [(b.label, b.target_weight) for b in made.buckets], issues
    ('mix', [('Equity', 0.6), ('Bonds', 0.4)], ())
    """
    place = Place(name or "the file")
    if len(data) > limit:
        sizes = f"{math.ceil(len(data) / 1e5) / 10:g} MB; a framework file may have at most {limit / 1e6:g} MB"
        raise place.error(f"it has {sizes}.", "Check that it is a framework.")
    text = decode(data, place)
    if not text.strip():
        raise place.error("the file is empty.", "Give a framework as JSON or CSV.")
    title = tidy(plain(PurePath(name.replace("\\", "/")).stem, 80)) or "Imported"
    is_json = text.lstrip()[0] in "{[" or name.lower().endswith(".json")
    return read_json(text, place, title) if is_json else read_csv(text, place, title)
