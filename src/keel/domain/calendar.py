"""The sessions of the New York Stock Exchange and the looks of a policy on them.

The holidays are rules, not a table: they hold for any later year. Days of mourning, storms and attacks cannot be
computed and are listed. Valid from 1990; checked against every session of the embedded sample.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import assert_never

from keel.domain.policy import Cadence, EverySessions, Look, Policy, Trigger

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


def next_look(
    policy: Policy, after: date, *, started: date | None = None, last_fill: date | None = None
) -> date | None:
    """The first session after ``after`` on which the policy may act; None for ``never``.

    ``started`` is session 0 for looks that count sessions (without it they are counted from the last rebalance, else
    from ``after``). A cooldown counted from ``last_fill`` puts the look off.
    """
    if policy.trigger is Trigger.never:
        return None
    earliest = after
    if last_fill is not None and policy.cooldown_days > 0:
        earliest = max(after, last_fill + timedelta(days=policy.cooldown_days) - ONE_DAY)
    if isinstance(policy.look, EverySessions):
        return _counted(policy.look.every_sessions, policy.offset, started or last_fill or after, earliest)
    if policy.look is Cadence.daily:
        return next_session(earliest)
    return _period_look(policy.look, policy.offset, earliest)


def period(look: Look, day: date) -> tuple[int, int]:
    """The period a day lies in: two days share one exactly when these are equal.

    >>> period(Cadence.quarterly, date(2024, 5, 31)) == period(Cadence.quarterly, date(2024, 4, 1))
    True
    """
    if isinstance(look, EverySessions):
        return (day.toordinal(), 0)
    match look:
        case Cadence.daily:
            return (day.toordinal(), 0)
        case Cadence.weekly:
            iso = day.isocalendar()
            return (iso.year, iso.week)
        case Cadence.monthly:
            return (day.year, day.month)
        case Cadence.quarterly:
            return (day.year, (day.month - 1) // 3)
        case Cadence.semiannual:
            return (day.year, (day.month - 1) // 6)
        case Cadence.annual:
            return (day.year, 0)
    assert_never(look)


def _period_look(look: Look, offset: int, after: date) -> date:
    """The first period end, moved ``offset`` sessions later, that lies after ``after``."""
    start = _back(after, offset)
    for ending, following in _pairs(start):
        if period(look, ending) == period(look, following):
            continue
        moved = _forward(ending, offset)
        if moved > after:
            return moved
    raise AssertionError("sessions never end")  # pragma: no cover


def _pairs(start: date) -> Iterator[tuple[date, date]]:
    """Each session from ``start`` on with the one that follows it."""
    ahead = sessions_after(start - ONE_DAY)
    ending = next(ahead)
    for following in ahead:
        yield ending, following
        ending = following


def _counted(every: int, offset: int, start: date, after: date) -> date:
    """The first session numbered offset + every·j, j ≥ 1, counted from ``start`` = 0, that lies after ``after``."""
    zero = start if is_session(start) else next_session(start)
    numbered = enumerate(sessions_after(zero), start=1)
    return next(day for n, day in numbered if day > after and n > offset and (n - offset) % every == 0)


def _forward(day: date, count: int) -> date:
    """The session ``count`` sessions after ``day``, or ``day`` itself for 0."""
    ahead = sessions_after(day)
    for _ in range(count):
        day = next(ahead)
    return day


def _back(day: date, count: int) -> date:
    """A day at least ``count`` sessions before ``day``."""
    for _ in range(count):
        day -= ONE_DAY
        while not is_session(day):
            day -= ONE_DAY
    return day


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
