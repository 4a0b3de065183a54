"""When a policy may act next: the first look after a date."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.market.calendar import is_session, next_session, sessions_between
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.looks import last_look, next_look, period
from keel.domain.policy.presets import PRESETS
from keel.domain.policy.records import Cadence, EverySessions, Policy

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


def calendar_policy(look: Cadence | EverySessions, offset: int = 0) -> Policy:
    return Policy(trigger=Trigger.calendar, look=look, offset=offset)


@pytest.mark.parametrize(
    ("look", "offset", "after", "expected"),
    [
        (Cadence.daily, 0, date(2026, 7, 2), date(2026, 7, 6)),
        (Cadence.weekly, 0, date(2026, 3, 30), date(2026, 4, 2)),  # Good Friday ends the week on Thursday
        (Cadence.monthly, 0, date(2026, 1, 29), date(2026, 1, 30)),
        (Cadence.monthly, 0, date(2026, 1, 30), date(2026, 2, 27)),
        (Cadence.monthly, 2, date(2026, 1, 30), date(2026, 2, 3)),
        (Cadence.quarterly, 0, date(2026, 1, 2), date(2026, 3, 31)),
        (Cadence.semiannual, 0, date(2026, 1, 2), date(2026, 6, 30)),
        (Cadence.annual, 0, date(2026, 12, 31), date(2027, 12, 31)),
        (Cadence.annual, 3, date(2026, 12, 31), date(2027, 1, 6)),
    ],
)
def test_the_first_look_after_a_date(look: Cadence, offset: int, after: date, expected: date) -> None:
    assert next_look(calendar_policy(look, offset), after) == expected


@given(DAYS, st.sampled_from([c for c in Cadence if c is not Cadence.daily]))
def test_a_period_look_is_the_last_session_of_its_period(day: date, look: Cadence) -> None:
    found = next_look(calendar_policy(look), day)
    assert found is not None
    assert is_session(found)
    assert found > day
    assert period(look, next_session(found)) != period(look, found)


def test_counted_looks_are_numbered_from_the_start() -> None:
    start = date(2026, 1, 2)  # session 0; sessions 10 and 20 follow
    numbered = sessions_between(start, date(2026, 3, 31))
    policy = calendar_policy(EverySessions(10))
    assert next_look(policy, start, started=start) == numbered[10]
    assert next_look(policy, numbered[10], started=start) == numbered[20]
    assert next_look(calendar_policy(EverySessions(10), 3), start, started=start) == numbered[13]


def test_a_cooldown_puts_the_look_off() -> None:
    policy = Policy(trigger=Trigger.band, band=Absolute(), look=Cadence.daily, cooldown_days=30)
    assert next_look(policy, date(2026, 1, 5), last_fill=date(2026, 1, 5)) == date(2026, 2, 4)
    assert next_look(policy, date(2026, 6, 1), last_fill=date(2026, 1, 5)) == date(2026, 6, 2)


def test_never_has_no_look() -> None:
    assert next_look(Policy(trigger=Trigger.never), date(2026, 1, 5)) is None


@pytest.mark.parametrize("look", [*Cadence, EverySessions(10**6)])
def test_there_is_no_look_beyond_the_calendar(look: Cadence | EverySessions) -> None:
    policy = Policy(Trigger.calendar, look, offset=0 if look is Cadence.daily else 1)
    assert next_look(policy, date(9999, 12, 31)) is None


@given(DAYS, st.sampled_from([Cadence.daily, Cadence.weekly, Cadence.monthly, Cadence.quarterly]), st.integers(0, 3))
def test_between_the_last_look_and_the_next_lies_none(day: date, look: Cadence, offset: int) -> None:
    policy = calendar_policy(look, offset)
    last = last_look(policy, day)
    assert last is not None
    assert last <= day
    assert next_look(policy, last) == next_look(policy, day)


def test_looks_that_count_sessions_have_one_before_only_after_they_began() -> None:
    policy = calendar_policy(EverySessions(10))
    began = date(2026, 1, 2)
    first = next_look(policy, began, started=began)
    assert first is not None
    assert (last_look(policy, first, started=began), last_look(policy, began, started=began)) == (first, None)
    assert last_look(policy, first) is None
    assert last_look(calendar_policy(Cadence.annual), date(2026, 6, 1)) == date(2025, 12, 31)


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_before_the_calendar_began_nobody_looked(name: str) -> None:
    assert last_look(PRESETS[name], date.min) is None
