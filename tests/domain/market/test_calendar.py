from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.market.calendar import is_session, next_session, sessions_between
from keel.domain.policy.kinds import Absolute, Trigger
from keel.domain.policy.looks import next_look, period
from keel.domain.policy.records import Cadence, EverySessions, Policy

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
ROOT = Path(__file__).resolve().parents[3]


def calendar_policy(look: Cadence | EverySessions, offset: int = 0) -> Policy:
    return Policy(trigger=Trigger.calendar, look=look, offset=offset)


def test_every_session_of_the_daily_sample_and_no_other() -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    for name, first in (("stocks_daily", date(1990, 1, 2)), ("etf_daily", date(2008, 1, 2))):
        days = pq.read_table(ROOT / "data" / "sample" / f"{name}.parquet", columns=["date"]).column("date").to_pylist()
        days = [day if type(day) is date else day.date() for day in days]
        assert days[0] >= first
        assert tuple(days) == sessions_between(days[0], days[-1])


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2021, 12, 31), True),  # 1 January 2022 is a Saturday: the old year still ends with a session
        (date(2022, 6, 20), False),  # Juneteenth on a Sunday
        (date(2021, 6, 18), True),  # before it was a holiday
        (date(2026, 7, 3), False),  # 4 July on a Saturday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2025, 1, 9), False),  # mourning
        (date(2024, 11, 29), True),  # a half day is a session
        (date(1997, 1, 20), True),  # Martin Luther King day, a year before the exchange kept it
    ],
)
def test_known_days(day: date, open_: bool) -> None:
    assert is_session(day) is open_


@given(DAYS)
def test_the_next_session_is_the_first_open_day_after(day: date) -> None:
    found = next_session(day)
    assert found > day
    assert is_session(found)
    assert not any(is_session(day + timedelta(days=n)) for n in range(1, (found - day).days))


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
