"""The terms on which somebody is let in: under what name, and until when."""

from __future__ import annotations

from datetime import datetime, timedelta

from keel.domain.text import has_controls, tidy
from keel.errors import InputError

LONGEST_NAME = 60
MOST_DAYS = 366
TOKEN_DAYS, LINK_DAYS = 90, 30  # where nobody says how many


def usable_name(name: str, says: str) -> str:
    """The name on one line; ``says`` is what it tells. Raises InputError for one that is too long or has controls.

    >>> usable_name(" The  Okafors ", "for whom it is")
    'The Okafors'
    """
    text = tidy(name)
    if len(text) > LONGEST_NAME or has_controls(text):
        hint = f"Say in up to {LONGEST_NAME} characters {says}."
        raise InputError("This name cannot be used.", hint=hint, subject="name")
    return text


def end_after(days: int, now: datetime) -> datetime:
    """When it is over. Raises InputError for less than a day, and for more days than there may be."""
    if not 1 <= days <= MOST_DAYS:
        hint = f"Give a number of days from 1 to {MOST_DAYS}."
        raise InputError("It has to end some day.", hint=hint, subject="days")
    return now + timedelta(days=days)
