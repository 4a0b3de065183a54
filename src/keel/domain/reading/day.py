"""Days as a file or a field writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from keel.domain.reading.place import Place
from keel.domain.reading.values import read_text
from keel.domain.text import shown
from keel.errors import AmbiguousDatesError

_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})", re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})", re.ASCII)
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?", re.ASCII)
_BEFORE_SERIALS = date(1899, 12, 30)  # day 0 of a spreadsheet; its 60 is a day that never was
TWELVE = 12


class DayForm(StrEnum):
    """How a file writes its days; ``serial`` is a spreadsheet's number of days."""

    year_first = "year first"
    day_first = "day first"
    month_first = "month first"
    serial = "as day numbers"


def parse_day(text: str, form: DayForm = DayForm.year_first) -> date | None:
    """The day a text holds in a form, year first where nothing else is said; None when it holds none.

    >>> parse_day("2026-06-30"), parse_day("20260630"), parse_day("2026-02-30"), parse_day("6/30/2026")
    (datetime.date(2026, 6, 30), datetime.date(2026, 6, 30), None, None)
    >>> parse_day("30.6.2026", DayForm.day_first), parse_day("46203", DayForm.serial)
    (datetime.date(2026, 6, 30), datetime.date(2026, 6, 30))
    """
    try:
        match form:
            case DayForm.year_first:
                found = _YEAR_FIRST.fullmatch(text)
                return date(int(found[1]), int(found[3]), int(found[4])) if found else None
            case DayForm.serial:
                found = _SERIAL.fullmatch(text)
                return _BEFORE_SERIALS + timedelta(days=int(found[1])) if found else None
            case DayForm.day_first | DayForm.month_first:
                found = _YEAR_LAST.fullmatch(text)
                day, month = (1, 3) if form is DayForm.day_first else (3, 1)
                return date(int(found[4]), int(found[month]), int(found[day])) if found else None
    except ValueError:
        return None


def day_form(texts: Iterable[str], place: Place, said: DayForm | None = None) -> DayForm:
    """The form that the days of one column are written in: the first one's; what is above 12 tells day from month.

    Days with points are day first, as nobody writes them otherwise. Where nothing tells, it is what was ``said``, and
    AmbiguousDatesError is raised where nothing was.

    >>> day_form(["01/02/2026", "13/02/2026"], Place("p.csv"))
    <DayForm.day_first: 'day first'>
    """
    days = [_date_part(text) for text in texts]
    first = days[0] if days else ""
    if _SERIAL.fullmatch(first):
        return DayForm.serial
    if not _YEAR_LAST.fullmatch(first):
        return DayForm.year_first
    matches = [found for day in days if (found := _YEAR_LAST.fullmatch(day))]
    return order_of(first, max(int(m[1]) for m in matches), max(int(m[3]) for m in matches), place, said)


def order_of(example: str, first: int, second: int, place: Place, said: DayForm | None = None) -> DayForm:
    """The form of days like ``example`` whose first and second numbers go up to these, else what was ``said``.

    Raises AmbiguousDatesError.
    """
    if second > TWELVE:
        return DayForm.month_first
    if first > TWELVE or "." in example:
        return DayForm.day_first
    if said is not None:
        return said
    complaint = place.error(f"dates such as {shown(example)} may begin with the day or with the month.")
    hint = "Say which, or write them as 2026-06-30."
    raise AmbiguousDatesError(
        complaint.message, row=complaint.row, column=complaint.column, hint=hint, subject=complaint.subject
    )


def read_day(value: object, place: Place, form: DayForm = DayForm.year_first) -> date:
    """A day; a time after it is dropped."""
    text = value if isinstance(value, str) else ""
    day = parse_day(_date_part(text), form)
    if day is None:
        what = f"{shown(text)} is not a date." if text else "there is no date."
        hint = "Write it as 2026-06-30." if form is DayForm.year_first else f"The dates above it are {form.value}."
        raise place.error(what, hint)
    return day


def read_days(rows: Mapping[str, int], place: Place, said: DayForm | None = None) -> list[date]:
    """The days of a column's different texts, all in one form; ``rows`` has for each the row where it first stands."""
    form = day_form(rows, Place(place.file, next(iter(rows.values()), None), place.column), said)
    return [read_day(text, Place(place.file, row, place.column), form) for text, row in rows.items()]


def _date_part(text: str) -> str:
    """What stands before a time."""
    return text.replace("T", " ", 1).partition(" ")[0]


def read_moment(value: object, place: Place) -> datetime:
    """A day and a time, as ISO 8601 writes them."""
    text = read_text(value, place)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise place.error(f"{shown(text)} is not a time such as 2025-01-31T14:02:00+00:00.") from None
