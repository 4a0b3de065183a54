"""Cells to values: one number, one day, one word for each thing, whoever wrote the file."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.reading import values
from keel.domain.reading.day import read_day, read_moment
from keel.domain.reading.place import Place
from keel.domain.text import TEXT
from keel.errors import ImportFormatError

HERE = Place("a.csv", 3, "weight")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("60%", 0.6),
        ("33.3 %", 0.333),
        (" 0.4 ", 0.4),
        (".5", 0.5),
        ("5.", 5.0),
        ("+1e3", 1000.0),
        ("−4", -4.0),
        ("0.03%", 0.0003),
    ],
)
def test_a_number_is_read_as_it_is_written(text: str, number: float) -> None:
    assert values.parse_number(text) == number


@pytest.mark.parametrize("text", ["", "abc", "1_000", "1 000", "1,5", "nan", "inf", "60%%", "0x10", "1e99999", "--1"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert math.isnan(values.parse_number(text))


def test_a_comma_is_decimal_only_where_the_column_says_so() -> None:
    assert values.parse_number("60,5%", decimal_comma=True) == 0.605
    assert math.isnan(values.parse_number("1,234,5", decimal_comma=True))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_is_read_to_its_last_digit(number: float) -> None:
    assert values.parse_number(repr(number)) == number


@given(st.integers(-10_000_000, 10_000_000))
def test_percent_is_exact(hundredths: int) -> None:
    assert values.parse_number(f"{hundredths}%") == hundredths / 100


def test_words_are_on_one_line_and_paths_without_blanks() -> None:
    assert values.read_text(" US \n equity ", HERE) == "US equity"
    assert values.read_path(" A / B /", HERE) == "A/B"
    assert values.read_switch("Yes", HERE) is values.read_switch(True, HERE) is True
    assert values.read_switch("0", HERE) is False
    assert (values.read_list([1], HERE), values.read_object({"a": 1}, HERE)) == ([1], {"a": 1})
    assert (values.read_number(3, HERE), values.read_weight("35%", HERE)) == (3.0, 0.35)


@pytest.mark.parametrize(
    ("read", "value", "words"),
    [
        (values.read_number, "abc", '"abc" is not a number.'),
        (values.read_number, True, "must be a number such as 10, not true."),
        (values.read_number, float("inf"), "is not a finite number."),
        (values.read_number, 10**400, "is not a finite number."),
        (values.read_weight, None, "must be a number such as 60% or 0.6, not null."),
        (read_day, "soon", '"soon" is not a date.'),
        (read_day, "", "there is no date."),
        (read_day, None, "there is no date."),
        (read_moment, "yesterday", '"yesterday" is not a time such as 2025-01-31T14:02:00+00:00.'),
        (values.read_text, 5, "must be text, not a number."),
        (values.read_text, "x" * 1_001, "has 1,001 characters; at most 1,000 can be used."),
        (values.read_text, " " + "x" * 1_000, "has 1,001 characters; at most 1,000 can be used."),
        (values.read_text, "a\x00", '"a\\x00" holds a control character.'),
        (values.read_path, "", "the path is missing."),
        (values.read_switch, "maybe", 'must be true or false, not "maybe".'),
        (values.read_list, {}, "must be a list, not an object."),
        (values.read_object, [], "must be an object, not a list."),
    ],
)
def test_every_complaint_has_one_form_with_its_place(
    read: Callable[[object, Place], object], value: object, words: str
) -> None:
    with pytest.raises(ImportFormatError) as caught:
        read(value, HERE)
    assert caught.value.message == f"a.csv, row 3, column weight: {words}"
    assert (caught.value.row, caught.value.column, caught.value.subject) == (3, "weight", "a.csv")


def test_a_field_that_means_nothing_is_a_warning() -> None:
    (note,) = values.unknown_fields({"path": 1, "colour": 2}, ("path",), Place("a.json").field("buckets").item(0))
    assert (note.code, note.subject) == ("unknown_field", "buckets[0].colour")
    assert (note.message, note.fix) == ('The field "colour" is not known and was ignored.', "Known are path.")


def test_what_is_more_than_can_be_worked_with_is_refused() -> None:
    values.require_few(2, 2, "buckets", Place("a.json"))
    with pytest.raises(ImportFormatError, match=r"a\.json: it has more than 2 buckets, the most that can be used\."):
        values.require_few(3, 2, "buckets", Place("a.json"))


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_the_pattern_of_a_text_says_which_texts_are_read(text: str) -> None:
    if re.search(TEXT, text):
        values.read_text(text, HERE)
    else:
        with pytest.raises(ImportFormatError, match="control character"):
            values.read_text(text, HERE)
