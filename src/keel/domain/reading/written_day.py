"""Days as brokers write them, with times, month names and short years, brought into the forms of ``day``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from keel.domain.reading.day import DayForm, parse_day

_MONTHS = {
    word: month
    for month, words in enumerate(
        (
            "jan january januar jän jänner janv janvier",
            "feb february februar févr février",
            "mar march mär märz mrz mars",
            "apr april avr avril",
            "may mai",
            "jun june juni juin",
            "jul july juli juil juillet",
            "aug august août",
            "sep sept september septembre",
            "oct october okt oktober octobre",
            "nov november novembre",
            "dec december dez dezember déc décembre",
        ),
        start=1,
    )
    for word in words.split()
}
_NAME = r"(?P<month>[^\W\d_]{3,9})"
_NAMED = re.compile(
    rf"(?P<day>\d{{1,2}})[.\s-]+{_NAME}[.,\s-]+(?P<year>\d{{4}}|\d{{2}})(?!\d)"
    rf"|{_NAME.replace('month', 'first')}[.\s-]+(?P<second>\d{{1,2}})(?:st|nd|rd|th)?[,\s-]+(?P<last>\d{{4}})(?!\d)"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_ANY = re.compile(
    rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}(?!\d)|{_NAMED.pattern}|\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d{{2}})(?!\d)"
)
CENTURY = 2000  # of two digits: no account that is exported is older


def plain_day(text: str) -> str:
    """The day at the beginning of a text without what follows it; the text itself where it begins with none.

    >>> plain_day("20241231;153000"), plain_day("Nov-21-2026"), plain_day("12/31/24 as of 12/30/24")
    ('20241231', '2026-11-21', '12/31/2024')
    >>> plain_day("1. März 2024"), plain_day("2024-3-1, 10:30:00"), plain_day("soon")
    ('2024-03-01', '2024-03-01', 'soon')
    """
    text = text.strip()
    if found := _YEAR_FIRST.match(text):
        return f"{found[1]}-{int(found[3]):02}-{int(found[4]):02}"
    if found := _TOGETHER.match(text):
        return found[0]
    if found := _YEAR_LAST.match(text):
        return f"{found[1]}{found[2]}{found[3]}{found[2]}{_year(found[4])}"
    if (found := _NAMED.match(text)) and (day := _named(found)):
        return day.isoformat()
    return text


def days_in(text: str, form: DayForm) -> Iterator[date]:
    """The days that a line of prose names, in its order; ``form`` is that of numbers with the year last.

    >>> [*days_in("January 1, 2024 - December 31, 2024", DayForm.month_first)]
    [datetime.date(2024, 1, 1), datetime.date(2024, 12, 31)]
    """
    for found in _ANY.finditer(text):
        plain = plain_day(found[0])
        day = parse_day(plain) or parse_day(plain, form)
        if day:
            yield day


def month_ends(text: str) -> Iterator[date]:
    """The last days of the months that a line names without a day.

    >>> [*month_ends("February 2024")], [*month_ends("February 1, 2024")]
    ([datetime.date(2024, 2, 29)], [])
    """
    for found in re.finditer(rf"{_NAME}\s+(?P<year>\d{{4}})(?!\d)", text):
        month = _MONTHS.get(found["month"].lower())
        if month:
            year = int(found["year"])
            yield date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else CENTURY + int(digits)


def _named(found: re.Match[str]) -> date | None:
    """The day of a match with a month's name, None where the word is no month or the month has no such day."""
    month = _MONTHS.get((found["month"] or found["first"]).lower())
    try:
        return date(_year(found["year"] or found["last"]), month or 0, int(found["day"] or found["second"]))
    except ValueError:
        return None
