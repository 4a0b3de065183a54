"""Numbers and dates on screen."""

from __future__ import annotations

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel import units
from keel.errors import InputError

FINITE = st.floats(-1e6, 1e6, allow_nan=False)


@given(FINITE)
def test_no_number_on_screen_carries_a_hyphen_for_a_minus(x: float) -> None:
    for text in (units.pct(x), units.pp(x), units.money(x), units.number(x), units.times(x), units.bps(x)):
        assert "-" not in text


@given(FINITE)
def test_what_rounds_to_zero_has_no_sign(x: float) -> None:
    tiny = x * 1e-12
    assert units.pct(tiny) == "0.0%"
    assert units.pp(tiny) == "0.0\u00a0pp"


@pytest.mark.parametrize("missing", [None, math.nan, math.inf])
def test_a_missing_number_is_a_dash(missing: float | None) -> None:
    shown = {
        f(missing) for f in (units.pct, units.pct2, units.pp, units.money, units.number, units.times, units.weight)
    }
    assert shown == {units.MISSING}


@pytest.mark.parametrize(
    ("fraction", "text"), [(0.3, "30.0%"), (1 / 3, "33.3333%"), (0.025, "2.5%"), (0.0125, "1.25%"), (0.00004, "0.004%")]
)
def test_a_weight_shows_the_decimals_it_needs(fraction: float, text: str) -> None:
    assert units.weight(fraction) == text


@given(st.decimals(0, 100, places=4))
def test_a_typed_percentage_is_read_as_written(typed: object) -> None:
    assert units.read_percent(str(typed)) == pytest.approx(float(str(typed)) / 100, abs=1e-12)


@pytest.mark.parametrize("text", ["sixty", "1e999", "nan", "12..5", "--3", "60 40"])
def test_what_is_no_percentage_is_refused_in_words(text: str) -> None:
    with pytest.raises(InputError, match="is not a percentage"):
        units.read_percent(text)


def test_dates_read_the_same_in_every_locale() -> None:
    assert units.day(date(2026, 3, 1)) == "1 Mar 2026"
    assert units.span(date(1999, 12, 31), date(2025, 12, 31)) == "Dec 1999 – Dec 2025"


def test_basis_points_go_there_and_back() -> None:
    assert units.from_bps(units.to_bps(0.0123)) == pytest.approx(0.0123)


def test_figures_of_less_than_a_year_are_said_to_be_not_annual() -> None:
    assert units.not_annual(date(2022, 12, 31), date(2023, 12, 31)) == ""
    assert units.not_annual(date(2023, 1, 31), date(2023, 12, 31)) == "under a year, so figures a year are not annual"
