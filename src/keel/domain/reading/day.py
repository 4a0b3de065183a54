"""Days as a file or a field writes them."""

from __future__ import annotations

import re
from datetime import date, datetime

from keel.domain.reading.place import Place
from keel.domain.reading.values import read_text
from keel.domain.text import shown

_DAY = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})", re.ASCII)


def parse_day(text: str) -> date | None:
    """The day a text holds, year first; None when it holds none.

    >>> parse_day("2026-06-30"), parse_day("20260630"), parse_day("2026-02-30"), parse_day("6/30/2026")
    (datetime.date(2026, 6, 30), datetime.date(2026, 6, 30), None, None)
    """
    match = _DAY.fullmatch(text)
    try:
        return date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None


def read_day(value: object, place: Place) -> date:
    """A day; a time after it is dropped."""
    text = value if isinstance(value, str) else ""
    day = parse_day(text.replace("T", " ", 1).partition(" ")[0])
    if day is None:
        what = f"{shown(text)} is not a date." if text else "there is no date."
        raise place.error(what, "Write it as 2026-06-30.")
    return day


def read_moment(value: object, place: Place) -> datetime:
    """A day and a time, as ISO 8601 writes them."""
    text = read_text(value, place)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise place.error(f"{shown(text)} is not a time such as 2025-01-31T14:02:00+00:00.") from None
