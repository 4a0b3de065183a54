"""The looks of a policy on the exchange's calendar: the dates on which it may act."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import assert_never

from keel.domain.market.calendar import (
    ONE_DAY,
    count_sessions,
    is_session,
    next_session,
    nth_session,
    sessions_after,
)
from keel.domain.policy.kinds import TRIGGERS
from keel.domain.policy.records import (
    Cadence,
    EverySessions,
    Look,
    Policy,
)

_FURTHER = (6, 40, 400, 800)  # days: a look of each cadence lies in one of them, offsets of a year included


def next_look(
    policy: Policy, after: date, *, started: date | None = None, last_fill: date | None = None
) -> date | None:
    """The first session after ``after`` on which the policy may act; None for ``never``, and beyond the year 9999.

    ``started`` is session 0 for looks that count sessions (without it they are counted from the last rebalance, else
    from ``after``). A cooldown counted from ``last_fill`` puts the look off.
    """
    if not TRIGGERS[policy.trigger].looks:
        return None
    try:
        return _next_look(policy, after, started, last_fill)
    except OverflowError:
        return None


def last_look(policy: Policy, until: date, *, started: date | None = None) -> date | None:
    """The last session at or before ``until`` on which the policy looked; None for ``never``.

    Looks that count sessions need ``started``, their session 0, and have none before it.

    >>> from keel.domain.policy.presets import PRESETS
    >>> last_look(PRESETS["annual"], date(2016, 7, 1)), last_look(PRESETS["never"], date(2016, 7, 1))
    (datetime.date(2015, 12, 31), None)
    """
    counted = isinstance(policy.look, EverySessions)
    if counted and started is None:
        return None
    for back in _FURTHER:
        if back >= until.toordinal():  # before the calendar began
            return None
        last = _latest(policy, until - timedelta(days=back), until, started)
        if last is not None:
            return last
    return None


def _latest(policy: Policy, after: date, until: date, started: date | None) -> date | None:
    """The last look after one day and until another."""
    last, found = None, next_look(policy, after, started=started)
    while found is not None and found <= until:
        last, found = found, next_look(policy, found, started=started)
    return last


def _next_look(policy: Policy, after: date, started: date | None, last_fill: date | None) -> date:
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
    past = max(count_sessions(zero, after) - offset, 0) // every  # looks of those that lie behind
    return nth_session(zero, offset + every * (past + 1))


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
