"""Crises worth looking at: named windows, offered only where the prices cover them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Crisis:
    """A named window; ``start`` is the close before the fall, so that the first return shown belongs to it."""

    name: str
    start: date
    end: date


CRISES = (
    Crisis("Dot-com bust", date(2000, 3, 31), date(2002, 10, 31)),
    Crisis("Global financial crisis", date(2007, 10, 31), date(2009, 3, 31)),
    Crisis("Financial crisis and recovery", date(2007, 10, 31), date(2009, 12, 31)),
    Crisis("Euro debt", date(2011, 4, 29), date(2011, 10, 31)),
    Crisis("Taper tantrum", date(2013, 4, 30), date(2013, 12, 31)),
    Crisis("Covid", date(2019, 12, 31), date(2020, 12, 31)),
    Crisis("Inflation and rates", date(2021, 12, 31), date(2022, 12, 31)),
)
SLACK_DAYS = 5  # a series may end on the last session before a month's end


def during(moment: date) -> Crisis | None:
    """The first crisis that a day lies in, None on a calm one.

    >>> during(date(2008, 9, 29)).name, during(date(2006, 5, 1))
    ('Global financial crisis', None)
    """
    return next((crisis for crisis in CRISES if crisis.start < moment <= crisis.end), None)


def covered(first: date, last: date) -> tuple[Crisis, ...]:
    """The crises that lie within a series of those dates, oldest first.

    >>> [crisis.name for crisis in covered(date(2008, 1, 2), date(2016, 7, 1))]
    ['Euro debt', 'Taper tantrum']
    """
    return tuple(c for c in CRISES if first <= c.start and (c.end - last).days <= SLACK_DAYS)
