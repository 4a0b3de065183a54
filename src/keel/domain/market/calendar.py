"""The sessions of the New York Stock Exchange.

The holidays are rules, not a table: they hold for any later year. Days of mourning, storms and attacks cannot be
computed and are listed. Valid from 1990; checked against every session of the embedded sample.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Iterator
from datetime import MAXYEAR, date, timedelta
from functools import cache

CLOSED_ONCE = frozenset(
    {
        date(1994, 4, 27),  # mourning for President Nixon
        date(2001, 9, 11),
        date(2001, 9, 12),
        date(2001, 9, 13),
        date(2001, 9, 14),
        date(2004, 6, 11),  # mourning for President Reagan
        date(2007, 1, 2),  # mourning for President Ford
        date(2012, 10, 29),  # hurricane Sandy
        date(2012, 10, 30),
        date(2018, 12, 5),  # mourning for President G. H. W. Bush
        date(2025, 1, 9),  # mourning for President Carter
    }
)

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
ONE_DAY = timedelta(days=1)


def is_session(day: date) -> bool:
    """Whether the exchange opens on ``day``.

    >>> is_session(date(2026, 7, 3)), is_session(date(2026, 7, 6))
    (False, True)
    """
    return day.weekday() < SATURDAY and day not in holidays(day.year) and day not in CLOSED_ONCE


def next_session(day: date) -> date:
    """The first session after ``day``.

    >>> next_session(date(2024, 3, 28))  # Good Friday and a weekend follow
    datetime.date(2024, 4, 1)
    """
    return next(sessions_after(day))


def sessions_after(day: date) -> Iterator[date]:
    """Every session after ``day``, without end."""
    while True:
        day += ONE_DAY
        if is_session(day):
            yield day


def sessions_between(first: date, last: date) -> tuple[date, ...]:
    """The sessions from ``first`` to ``last``, both included.

    >>> len(sessions_between(date(2024, 1, 1), date(2024, 12, 31)))
    252
    """
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return tuple(day for day in days if is_session(day))


def count_sessions(after: date, until: date) -> int:
    """How many sessions lie after one day and up to another, that one included; by years where they are far apart.

    >>> count_sessions(date(2023, 12, 31), date(2024, 12, 31)), count_sessions(date(2020, 1, 1), date(2019, 1, 1))
    (252, 0)
    """
    if after.year >= until.year:
        return len(sessions_between(after + ONE_DAY, until))
    between = sum(_sessions_in(year) for year in range(after.year + 1, until.year))
    return len(_rest_of_year(after)) + between + len(sessions_between(date(until.year, 1, 1), until))


def nth_session(after: date, n: int) -> date:
    """The ``n``-th session after a day, n ≥ 1. Raises OverflowError beyond the year 9999.

    >>> nth_session(date(2023, 12, 31), 1), nth_session(date(2023, 12, 31), 252)
    (datetime.date(2024, 1, 2), datetime.date(2024, 12, 31))
    """
    days = _rest_of_year(after)
    if n <= len(days):
        return days[n - 1]
    n -= len(days)
    for year in range(after.year + 1, MAXYEAR + 1):
        if n <= _sessions_in(year):
            return sessions_between(date(year, 1, 1), date(year, 12, 31))[n - 1]
        n -= _sessions_in(year)
    raise OverflowError("There is no calendar beyond the year 9999.")


def _rest_of_year(day: date) -> tuple[date, ...]:
    return sessions_between(day, date(day.year, 12, 31))[is_session(day) :]


@cache
def _sessions_in(year: int) -> int:
    """How many sessions a year has: 52 weeks of five weekdays and what follows them, less those closed."""
    last = (date(year, 12, 31) - timedelta(days=n) for n in range(1 + isleap(year)))
    closed = {day for day in holidays(year) | CLOSED_ONCE if day.year == year and day.weekday() < SATURDAY}
    return 52 * 5 + sum(day.weekday() < SATURDAY for day in last) - len(closed)


@cache
def holidays(year: int) -> frozenset[date]:
    """The regular holidays of a year, moved off weekends as the exchange does."""
    days = {
        _nth(year, 2, MONDAY, 3),
        _easter(year) - timedelta(days=2),
        _last_monday_of_may(year),
        _observed(date(year, 7, 4)),
        _nth(year, 9, MONDAY, 1),
        _nth(year, 11, THURSDAY, 4),
        _observed(date(year, 12, 25)),
    }
    new_year = date(year, 1, 1)
    if new_year.weekday() != SATURDAY:  # never moved back into the old year, where it would close a year's last session
        days.add(_observed(new_year))
    if year >= 1998:
        days.add(_nth(year, 1, MONDAY, 3))
    if year >= 2022:
        days.add(_observed(date(year, 6, 19)))
    return frozenset(days)


def _nth(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th given weekday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def _last_monday_of_may(year: int) -> date:
    """Memorial Day."""
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _observed(day: date) -> date:
    """A Saturday holiday moves to Friday, a Sunday one to Monday."""
    if day.weekday() == SATURDAY:
        return day - ONE_DAY
    return day + ONE_DAY if day.weekday() == SUNDAY else day


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (a + 11 * h) // 319
    n = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + n + 90) // 25
    return date(year, month, (h - m + n + month + 19) % 32)
