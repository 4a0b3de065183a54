"""Days as a calendar that other programs subscribe to (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from keel.domain.watch.looks import Look


def calendar(looks: Sequence[Look], made: datetime) -> bytes:
    """A calendar with an event of a whole day for each look, which keeps its id from one reading to the next."""
    from icalendar import Calendar, Event

    days = Calendar()
    days.add("prodid", "-//Keel//Next looks//EN")
    days.add("version", "2.0")
    days.add("x-wr-calname", "Keel: next looks")
    for look in looks:
        event = Event()
        event.add("uid", f"{look.portfolio_id}-{look.day.isoformat()}@keel")
        event.add("summary", f"Look at {look.name}")
        event.add("description", look.policy)
        event.add("dtstart", look.day)
        event.add("dtend", look.day + timedelta(days=1))
        event.add("dtstamp", made)
        event.add("transp", "TRANSPARENT")
        days.add_component(event)
    return bytes(days.to_ical())
