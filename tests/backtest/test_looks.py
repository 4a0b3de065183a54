"""When a policy may act."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.domain.policy.test_as_json import LOOKS
from tests.oracles import look_sessions

from keel.backtest.looks import look_mask, next_weekday, period_ends, period_length
from keel.domain.policy.records import Cadence, EverySessions, Look


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def sessions(dates: np.ndarray, look: Look, offset: int = 0) -> list[int]:
    return np.flatnonzero(look_mask(dates, look, offset)).tolist()


@given(
    st.dates(date(1995, 1, 1), date(2030, 1, 1)),
    st.lists(st.integers(1, 40), min_size=1, max_size=60),
    LOOKS,
    st.integers(0, 12),
)
def test_looks_are_those_counted_by_hand(first: date, gaps: list[int], look: Look, offset: int) -> None:
    calendar = [first + timedelta(days=sum(gaps[:i])) for i in range(len(gaps) + 1)]
    found = sessions(np.array(calendar, dtype="datetime64[D]"), look, offset)
    assert found == sorted(look_sessions(calendar, look, offset))


def test_daily_with_an_offset_skips_the_first_sessions() -> None:
    week = days("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04")
    assert sessions(week, Cadence.daily) == [1, 2, 3]
    assert sessions(week, Cadence.daily, 2) == [2, 3]


def test_a_period_that_ends_on_session_0_is_looked_at_offset_later() -> None:
    around = days("2024-01-31", "2024-02-01", "2024-02-02")
    assert sessions(around, Cadence.monthly) == []
    assert sessions(around, Cadence.monthly, 2) == [2]


def test_counted_looks_start_after_their_offset() -> None:
    many = np.datetime64("2024-01-01", "D") + np.arange(12)
    assert sessions(many, EverySessions(3)) == [3, 6, 9]
    assert sessions(many, EverySessions(3), 1) == [4, 7, 10]


@pytest.mark.parametrize(
    ("last", "look", "ends"),
    [
        ("2024-03-28", Cadence.monthly, False),  # Good Friday follows, a weekday of the same month
        ("2024-03-29", Cadence.monthly, True),  # the next weekday is 1 April
        ("2022-12-30", Cadence.annual, True),
        ("2024-06-28", Cadence.semiannual, True),
        ("2024-06-28", Cadence.quarterly, True),
        ("2024-06-27", Cadence.quarterly, False),
        ("2024-06-27", Cadence.weekly, False),
        ("2024-06-28", Cadence.weekly, True),
    ],
)
def test_the_last_session_ends_its_period_when_the_next_weekday_lies_in_another(
    last: str, look: Cadence, ends: bool
) -> None:
    assert bool(period_ends(days("2020-01-01", last), look)[-1]) is ends


def test_next_weekday_skips_the_weekend() -> None:
    found = [str(next_weekday(np.datetime64(f"2024-01-{d:02d}", "D"))) for d in range(1, 8)]
    assert found == [f"2024-01-{d:02d}" for d in (2, 3, 4, 5, 8, 8, 8)]


def test_iso_weeks_cross_the_year() -> None:
    assert sessions(days("2024-12-27", "2024-12-30", "2025-01-02", "2025-01-06"), Cadence.weekly) == [2]


def test_the_length_of_a_period_is_the_median_of_the_whole_ones() -> None:
    year = np.busday_offset(np.datetime64("2024-01-01", "D"), np.arange(260), roll="forward")
    assert period_length(year, Cadence.monthly) == 21.5
    assert period_length(year, Cadence.weekly) == 5
    assert period_length(year, EverySessions(10)) == 10
    assert period_length(year, Cadence.annual) == 260
