"""Which column of a table is what, as a person said it: remembered for every file with the same header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from keel.domain.reading.day import DayForm
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_object, read_text
from keel.domain.text import named
from keel.errors import KeelError
from keel.sources.brokers import detect
from keel.sources.brokers.columns import Columns, Header
from keel.store.connection import Database
from keel.store.work import drafts
from keel.store.work.drafts import Draft

NOUN = "columns"
THINGS = tuple(field.name for field in fields(Columns))


def header_of(data: bytes, name: str) -> Header | None:
    """The header of a table whose columns a person can say; None for anything else."""
    try:
        return detect.header_of(data, name)
    except KeelError:
        return None


def remembered(db: Database, data: bytes, name: str) -> Columns | None:
    """What was said of the columns of a file like this one; None where nothing was."""
    header = header_of(data, name)
    known = drafts.find(db, NOUN, header.fingerprint) if header else None
    return None if known is None else read_columns(known.content, Place(name))


def remember(db: Database, data: bytes, name: str, said: Columns) -> None:
    """Writes what was said of the columns of a file."""
    header = header_of(data, name)
    if header is not None:
        told = {thing: value for thing, value in asdict(said).items() if value}
        drafts.save(db, Draft(NOUN, header.fingerprint, told))


def read_columns(value: object, place: Place) -> Columns:
    """The columns of a JSON object: what each holds → its name in the file. Raises ImportFormatError with the field.

    >>> read_columns({"symbol": "Ticker", "quantity": "Units"}, Place("--columns")).quantity
    'Units'
    """
    given: Mapping[str, object] = read_object(value, place)
    strange = next((name for name in given if name not in THINGS), None)
    if strange is not None:
        raise place.field(strange).error("is nothing that a column can hold.", f"There are {', '.join(THINGS)}.")
    told: dict[str, Any] = {thing: read_text(name, place.field(thing)) for thing, name in given.items()}
    if "dates" in told:
        if told["dates"] not in list(DayForm):
            raise place.field("dates").error(f"{named(told['dates'])} is none of {', '.join(DayForm)}.")
        told["dates"] = DayForm(told["dates"])
    return Columns(**told)
