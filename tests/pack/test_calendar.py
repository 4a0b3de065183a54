"""The calendar of next looks, as other programs read it."""

from __future__ import annotations

from datetime import UTC, date, datetime

from icalendar import Calendar

from keel.domain.watch.looks import Look
from keel.pack.calendar import calendar

NOW = datetime(2026, 1, 6, tzinfo=UTC)


def test_each_look_is_an_event_of_a_whole_day_that_keeps_its_id() -> None:
    looks = [Look("pf_1", "Ann; Bob, \\ and\nmore", date(2026, 12, 31), "Every year, back to target")]
    made = calendar(looks, NOW)
    (event,) = Calendar.from_ical(made).walk("VEVENT")
    assert (event["uid"], event.decoded("dtstart"), event.decoded("dtend")) == (
        "pf_1-2026-12-31@keel", date(2026, 12, 31), date(2027, 1, 1),
    )  # fmt: skip
    assert str(event["summary"]) == "Look at Ann; Bob, \\ and\nmore"
    assert calendar(looks, NOW) == made
    assert Calendar.from_ical(calendar([], NOW)).walk("VEVENT") == []
