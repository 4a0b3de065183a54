"""Holes in prices: carried and said, or refused."""

from __future__ import annotations

from datetime import date

import pytest
from tests.backtest.closes import NAN, daily, monthly, without_a_year_end

from keel.backtest.window import align
from keel.errors import PricesMissingError


def test_short_daily_holes_are_carried_and_noted() -> None:
    window = align(daily([1, 2, NAN, NAN, NAN, NAN, NAN, 8], [1, 2, 3, 4, 5, 6, 7, 8]), ["A", "B"])
    assert window.closes[:, 0].tolist() == [1, 2, 2, 2, 2, 2, 2, 8]
    assert window.notes == ("A: 5 missing closes are carried forward, the first on 3 Jan 2024.",)


def test_a_longer_daily_hole_is_an_error_that_names_it() -> None:
    prices = daily([1, 2, NAN, NAN, NAN, NAN, NAN, NAN, 8], [1, 2, 3, 4, 5, 6, 7, 8, 9])
    with pytest.raises(PricesMissingError, match=r"A has no price from 3 Jan 2024 to 10 Jan 2024 \(6 sessions\)") as e:
        align(prices, ["A", "B"])
    assert e.value.subject == "A"


def test_one_period_is_carried_on_coarser_data_and_two_are_not() -> None:
    full = [1.0, 2, 3, 4, 5, 6]
    assert align(monthly([1, 2, NAN, 4, 5, 6], full), ["A", "B"]).closes[2].tolist() == [2, 3]
    with pytest.raises(PricesMissingError, match="31 Mar 2024 to 30 Apr 2024"):
        align(monthly([1, 2, NAN, NAN, 5, 6], full), ["A", "B"])


def test_a_hole_at_the_very_start_takes_the_close_before_the_window() -> None:
    window = align(daily([1, NAN, 3, 4], [1, 2, 3, 4]), ["A", "B"], date(2024, 1, 2))
    assert window.closes[0].tolist() == [1, 2]


def test_a_long_stretch_without_any_price_is_a_hole_all_the_same() -> None:
    blank = [1.0] * 20 + [NAN] * 8 + [1.0] * 20
    with pytest.raises(PricesMissingError, match=r"A has no price from 29 Jan 2024 to 7 Feb 2024 \(8 sessions\)"):
        align(daily(blank, [1.0] * 48), ["A"])
    with pytest.raises(PricesMissingError, match="2 sessions"):
        align(monthly([1.0, 1.0, 1.0, 1.0, NAN, NAN, 1.0, 1.0]), ["A"])


def test_rows_missing_for_every_symbol_are_a_hole_named_by_both_dates() -> None:
    with pytest.raises(PricesMissingError, match="between 31 Oct 2008 and 1 Jan 2009; daily ones lie at most 10 days"):
        align(without_a_year_end(), ["A", "B"])
    with pytest.raises(PricesMissingError, match="between 19 Dec 2008 and 1 Jan 2009"):
        align(without_a_year_end("2008-12-22"), ["A", "B"])
    assert align(without_a_year_end("2008-12-23"), ["A", "B"]).notes == ()


def test_a_hole_outside_the_window_does_not_matter() -> None:
    assert align(without_a_year_end(), ["A", "B"], end=date(2008, 10, 31)).notes == ()


def test_gaps_that_are_allowed_are_read_on_and_noted() -> None:
    window = align(without_a_year_end(), ["A", "B"], allow_gaps=True)
    assert window.notes == ("No prices between 31 Oct 2008 and 1 Jan 2009: the gap counts as one period.",)
    blank = [1.0] * 20 + [NAN] * 12 + [1.0] * 20
    assert len(align(daily(blank), ["A"], allow_gaps=True).dates) == 40


def test_a_month_missing_for_all_is_a_hole() -> None:
    with pytest.raises(PricesMissingError, match="between 29 Feb 2024 and 30 Apr 2024; monthly ones"):
        align(monthly(*[[1, 2, NAN, 4, 5, 6, 7, 8, 9]] * 2), ["A", "B"])
    assert len(align(monthly(*[[1, 2, NAN, 4, 5, 6, 7, 8]] * 2), ["A", "B"]).dates) == 7  # too few to tell
