"""Days as a file or a field writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.reading.day import parse_day, read_day, read_moment
from keel.domain.reading.place import Place

HERE = Place("a.csv", 3, "day")


@pytest.mark.parametrize("text", ["2026-06-30", "2026/06/30", "2026.06.30", "20260630"])
def test_a_day_is_written_year_first(text: str) -> None:
    assert parse_day(text) == date(2026, 6, 30)


@pytest.mark.parametrize(
    "text", ["", "30.06.2026", "2026-6-30", "2026-06/30", "2026-02-30", "2026-06-30T00:00", "soon"]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_day(text) is None


@given(st.dates())
def test_every_day_is_read_again_with_or_without_a_time(day: date) -> None:
    assert parse_day(day.isoformat()) == day
    for time in ("", "T14:02:00+00:00", " 00:00:00"):
        assert read_day(day.isoformat() + time, HERE) == day


def test_a_moment_is_a_day_with_its_time() -> None:
    assert read_moment("2025-01-31T14:02:00+00:00", HERE) == datetime(2025, 1, 31, 14, 2, tzinfo=UTC)
