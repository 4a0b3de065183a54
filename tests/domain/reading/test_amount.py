"""Amounts in every form: which mark is decimal, which signs make them negative, and what is no amount."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.reading.amount import Mark, Money, is_nothing, mark_of, parse_money, read_money, told
from keel.domain.reading.place import Place
from keel.errors import ImportFormatError

HERE = Place("a.csv", 3, "Amount")


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("$1,234.56", 1234.56, ""),
        ("-$5", -5.0, ""),
        ("$-5.00", -5.0, ""),
        ("($123.45)", -123.45, ""),
        ("$(7822.71)", -7822.71, ""),
        ("123.45-", -123.45, ""),
        ("+$117.70", 117.7, ""),
        ("−3", -3.0, ""),
        ("1'234.5", 1234.5, ""),
        ("1’234’567.5", 1234567.5, ""),
        ("12\u202f345.6", 12345.6, ""),
        ("€ 5", 5.0, "EUR"),
        ("5.00 EUR", 5.0, "EUR"),
        ("USD 1,000.00", 1000.0, "USD"),
        ("CA$12", 12.0, "CAD"),
        ("-2.637591265E-4", -0.0002637591265, ""),
        (".5", 0.5, ""),
        ("(0)", 0.0, ""),
    ],
)
def test_an_amount_is_read_as_it_is_written(text: str, value: float, currency: str) -> None:
    assert parse_money(text) == Money(value, currency)


@pytest.mark.parametrize("text", ["", "abc", "12/3", "1.2.3", "5%", "--5", "(5", "XYZ 5", "12,34", "$5€", "1" * 80])
def test_what_is_no_amount_is_nan(text: str) -> None:
    assert math.isnan(parse_money(text).value)


def test_a_comma_is_decimal_where_it_is_said() -> None:
    assert parse_money("1.234,56", Mark.comma).value == 1234.56
    assert parse_money("12 345,6", Mark.comma).value == 12345.6
    assert math.isnan(parse_money("1,234.56", Mark.comma).value)


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)), st.sampled_from(Mark))
def test_what_is_written_with_thousands_is_read_again(value: float, mark: Mark) -> None:
    text = f"{value:,.2f}"
    written = text if mark is Mark.point else text.translate(str.maketrans(",.", ".,"))
    assert parse_money(written, mark).value == value
    assert told(written) in (mark, None)


def test_the_numbers_of_a_file_tell_its_mark_together() -> None:
    assert mark_of([("1,234", HERE), ("1.5", HERE)]) is Mark.point
    assert mark_of([("1.234", HERE), ("0,5", HERE)]) is Mark.comma
    assert mark_of([("1,234", HERE), ("12", HERE)]) is None
    with pytest.raises(ImportFormatError, match="row 3, column Amount: some numbers have a decimal comma"):
        mark_of([("1,5", HERE), ("1.5", HERE)])


def test_what_may_be_a_thousand_is_refused_where_nothing_tells() -> None:
    for text in ("1,234", "1.234"):
        with pytest.raises(ImportFormatError, match="may be a thousand and more"):
            read_money(text, HERE, None)
    assert read_money("1,234", HERE, Mark.point).value == 1234.0
    assert read_money("1234", HERE, None).value == 1234.0


def test_what_cannot_be_a_number_is_refused_with_its_place() -> None:
    with pytest.raises(ImportFormatError, match=r'a\.csv, row 3, column Amount: "ten" is not a number') as caught:
        read_money("ten", HERE, Mark.point)
    assert (caught.value.row, caught.value.column) == (3, "Amount")
    with pytest.raises(ImportFormatError, match="larger than any number"):
        read_money("1e99", HERE, Mark.point)


def test_a_dash_is_no_number() -> None:
    assert all(map(is_nothing, ("", " ", "--", "N/A", "—")))
    assert not is_nothing("-5")
