"""Days with times, month names and short years."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.reading.day import DayForm, parse_day
from keel.domain.reading.written_day import days_in, month_ends, plain_day


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("2024-12-31T10:00:00.000Z", "2024-12-31"),
        ("2024-03-01, 10:30:00", "2024-03-01"),
        ("2024/3/1", "2024-03-01"),
        ("20241231;153000", "20241231"),
        ("12/31/2024 as of 12/30/2024", "12/31/2024"),
        ("12/31/24", "12/31/2024"),
        ("31.12.2024 15:30", "31.12.2024"),
        (" 05/18/2026", "05/18/2026"),
        ("Nov-21-2026", "2026-11-21"),
        ("November 21, 2026", "2026-11-21"),
        ("21 Nov 2026", "2026-11-21"),
        ("15-Jan-24", "2024-01-15"),
        ("1. März 2024", "2024-03-01"),
        ("Processing", "Processing"),
        ("February 30, 2026", "February 30, 2026"),
        ("5 apples 2026", "5 apples 2026"),
        ("", ""),
    ],
)
def test_a_day_is_brought_into_a_known_form(text: str, plain: str) -> None:
    assert plain_day(text) == plain


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_in_every_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%B %d, %Y", "%d %b %Y", "%b-%d-%Y"):
        assert parse_day(plain_day(day.strftime(form))) == day
    assert parse_day(plain_day(day.strftime("%m/%d/%y")), DayForm.month_first) == day


def test_the_days_in_prose_are_found() -> None:
    english = DayForm.month_first
    assert [*days_in("as of 06:04 PM ET, 11/15/2020", english)] == [date(2020, 11, 15)]
    assert [*days_in("Date downloaded Feb-18-2026 at 7:04 p.m ET", english)] == [date(2026, 2, 18)]
    assert [*days_in("January 1, 2024 - December 31, 2024", english)] == [date(2024, 1, 1), date(2024, 12, 31)]
    assert [*days_in("nothing of 99/99/9999", english)] == []


def test_a_month_without_a_day_ends_with_its_last() -> None:
    assert [*month_ends("December 2025 and February 2024")] == [date(2025, 12, 31), date(2024, 2, 29)]
    assert [*month_ends("Something 2024")] == []
