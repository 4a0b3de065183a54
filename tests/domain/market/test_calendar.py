from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.market.calendar import count_sessions, is_session, next_session, nth_session, sessions_between

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
ROOT = Path(__file__).resolve().parents[3]


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


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.integers(0, 1500))
def test_sessions_are_counted_by_years_as_one_by_one(after: date, days: int) -> None:
    until = after + timedelta(days=days)
    sessions = sessions_between(after + timedelta(days=1), until)
    assert count_sessions(after, until) == len(sessions)
    assert not sessions or nth_session(after, len(sessions)) == sessions[-1]


def test_beyond_the_calendar_there_is_no_session() -> None:
    assert nth_session(date(2024, 1, 1), 2_000_000).year == 9991
    with pytest.raises(OverflowError):
        nth_session(date(2024, 1, 1), 2_100_000)
