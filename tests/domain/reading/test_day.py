"""Days as a file or a field writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.reading.day import DayForm, day_form, order_of, parse_day, read_day, read_days, read_moment
from keel.domain.reading.place import Place
from keel.errors import AmbiguousDatesError, ImportFormatError

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


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (["2026-06-30", "2026-07-01"], DayForm.year_first),
        (["01/02/2026", "28/02/2026"], DayForm.day_first),
        (["01/02/2026 16:00", "02/28/2026 16:00"], DayForm.month_first),
        (["1-2-2026", "28-2-2026"], DayForm.day_first),
        (["01.02.2026", "02.02.2026"], DayForm.day_first),
        (["46203", "46204.5"], DayForm.serial),
        ([], DayForm.year_first),
    ],
)
def test_a_column_of_days_has_one_form(texts: list[str], form: DayForm) -> None:
    assert day_form(texts, HERE) is form


def test_days_that_may_be_months_are_refused_in_one_sentence() -> None:
    with pytest.raises(ImportFormatError, match='dates such as "01/02/2026" may begin with the day or with the month'):
        day_form(["01/02/2026", "03/04/2026"], HERE)
    assert order_of("01/02/2026", 1, 13, HERE) is DayForm.month_first


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_a_day_is_the_same_in_every_form(day: date) -> None:
    serial = str((day - date(1899, 12, 30)).days)
    for text, form in ((f"{day:%d/%m/%Y}", DayForm.day_first), (f"{day:%m/%d/%Y}", DayForm.month_first)):
        assert parse_day(text, form) == day
    assert parse_day(serial, DayForm.serial) == day


def test_a_day_in_another_form_than_the_first_names_its_row() -> None:
    assert read_days({"30/6/2026": 2, "1/7/2026": 3}, HERE) == [date(2026, 6, 30), date(2026, 7, 1)]
    with pytest.raises(ImportFormatError, match='row 4, column day: "2026-07-02" is not a date'):
        read_days({"30/6/2026": 2, "1/7/2026": 3, "2026-07-02": 4}, HERE)
    assert read_days({}, HERE) == []


def test_what_was_said_decides_only_where_nothing_else_tells() -> None:
    either, told = {"03/04/2020": 2}, {"03/04/2020": 2, "13/04/2020": 3}
    assert read_days(either, Place("p"), DayForm.month_first) == [date(2020, 3, 4)]
    assert read_days(either, Place("p"), DayForm.day_first) == [date(2020, 4, 3)]
    assert read_days(told, Place("p"), DayForm.month_first)[0] == date(2020, 4, 3)
    with pytest.raises(AmbiguousDatesError, match="p, row 2"):
        read_days(either, Place("p"))
