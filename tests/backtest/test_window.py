"""The window of a study."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.backtest.closes import NAN, daily, monthly

from keel.backtest.window import align
from keel.domain.market.prices import CASH, PriceMatrix
from keel.errors import HistoryTooShortError, MarketDataError, PricesMissingError


def test_without_bounds_it_is_the_longest_in_which_all_have_prices() -> None:
    window = align(daily([1, 2, 3, 4, 5, 6], [NAN, 7, 8, 9, 7, NAN]), ["A", "B"])
    assert window.dates.astype(str).tolist() == ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"]
    assert window.closes.tolist() == [[2, 7], [3, 8], [4, 9], [5, 7]]
    assert (window.frequency, window.periods_per_year, window.notes) == ("daily", 252, ())


@pytest.mark.parametrize(
    ("gap", "name", "periods"),
    [
        (1, "daily", 365.25),
        (7, "weekly", 52),
        (30, "monthly", 12),
        (46, "two-monthly", 6),
        (91, "quarterly", 4),
        (136, "half-yearly", 2),
        (365, "annual", 1),
    ],
)
def test_periods_per_year_follow_the_median_gap(gap: int, name: str, periods: float) -> None:
    days = np.datetime64("2000-01-03", "D") + gap * np.arange(6)
    window = align(PriceMatrix(days, ("A",), np.ones((6, 1))), ["A"])
    assert (window.frequency, window.periods_per_year) == (name, periods)


def test_rows_in_any_order_are_sorted() -> None:
    straight = daily([1, 2, 3, 4])
    mixed = PriceMatrix(straight.dates[::-1].copy(), ("A",), straight.closes[::-1].copy())
    assert align(mixed, ["A"]).closes.tolist() == [[1], [2], [3], [4]]


def test_a_date_twice_is_an_error_with_the_date() -> None:
    days = np.array(["2024-01-02", "2024-01-01", "2024-01-02"], dtype="datetime64[D]")
    with pytest.raises(MarketDataError, match="2 Jan 2024 twice"):
        align(PriceMatrix(days, ("A",), np.ones((3, 1))), ["A"])


def test_both_ends_snap_inwards_and_say_so() -> None:
    window = align(daily([1, 2, 3, 4, 5, 6, 7, 8]), ["A"], date(2024, 1, 6), date(2024, 1, 9))
    assert window.dates.astype(str).tolist() == ["2024-01-08", "2024-01-09"]
    assert window.notes == ("The study starts on 8 Jan 2024, the first session from 6 Jan 2024 on.",)
    later = align(daily([1, 2, 3, 4, 5]), ["A"], date(2024, 1, 1), date(2024, 1, 7))
    assert later.notes == ("The study ends on 5 Jan 2024, the last session up to 7 Jan 2024.",)


def test_an_end_beyond_the_prices_snaps_to_the_last_session() -> None:
    assert str(align(daily([1, 2, 3]), ["A"], end=date(2030, 1, 1)).dates[-1]) == "2024-01-03"


@pytest.mark.parametrize("start", [date(2024, 1, 2), date(2020, 1, 1)])
def test_a_start_before_an_instrument_exists_names_it(start: date) -> None:
    with pytest.raises(PricesMissingError, match="B has no price before 3 Jan 2024") as caught:
        align(daily([1, 2, 3, 4], [NAN, NAN, 3, 4]), ["A", "B"], start)
    assert caught.value.subject == "B"


def test_a_start_years_before_all_prices_is_refused_but_a_weekend_before_is_not() -> None:
    with pytest.raises(PricesMissingError, match="A has no price before 1 Jan 2024"):
        align(daily([1, 2, 3]), ["A"], date(2020, 1, 1))
    assert str(align(daily([1, 2, 3]), ["A"], date(2023, 12, 30)).dates[0]) == "2024-01-01"


def test_an_instrument_that_ends_early_is_an_error_when_the_end_is_asked_for() -> None:
    with pytest.raises(PricesMissingError, match="A has no price from 3 Jan 2024"):
        align(daily([1, 2, *[NAN] * 8], [1.0] * 10), ["A", "B"], end=date(2024, 1, 12))


@pytest.mark.parametrize(("bad", "shown"), [(0.0, "0"), (-3.5, "-3.5"), (float("inf"), "inf")])
def test_a_price_that_is_not_positive_names_symbol_and_date(bad: float, shown: str) -> None:
    with pytest.raises(MarketDataError, match=f"price of A on 2 Jan 2024 is {shown}"):
        align(daily([1, bad, 3]), ["A"])


def test_a_bad_price_before_the_window_is_not_carried_into_it() -> None:
    with pytest.raises(MarketDataError, match="price of A on 1 Jan 2024 is 0"):
        align(daily([0, NAN, 3, 4], [1, 2, 3, 4]), ["A", "B"], date(2024, 1, 2))


def test_an_unknown_symbol_is_named() -> None:
    with pytest.raises(PricesMissingError, match="no prices for XYZ"):
        align(daily([1, 2, 3]), ["A", "XYZ"])
    with pytest.raises(PricesMissingError, match="no prices for B"):
        align(daily([1, 2, 3], [NAN] * 3), ["A", "B"])


def test_a_start_after_the_last_price_names_that_price() -> None:
    with pytest.raises(HistoryTooShortError, match="start 1 Jan 2030 lies after the last price, 4 Jan 2024"):
        align(daily([1, 2, 3, 4]), ["A"], date(2030, 1, 1))


def test_a_short_window_says_which_prices_it_counts() -> None:
    with pytest.raises(HistoryTooShortError, match="the monthly prices have fewer"):
        align(monthly([1, 2, 3, 4]), ["A"], date(2024, 2, 1), date(2024, 3, 10))


def test_fewer_than_two_sessions_are_too_few() -> None:
    with pytest.raises(HistoryTooShortError, match="at least 2 sessions"):
        align(daily([1.0]), ["A"])
    with pytest.raises(HistoryTooShortError, match="between 3 Jan 2024 and 3 Jan 2024"):
        align(daily([1, 2, 3, 4]), ["A"], date(2024, 1, 3), date(2024, 1, 3))
    with pytest.raises(HistoryTooShortError, match="start 5 Jan 2024 lies after the end 2 Jan 2024"):
        align(daily([1, 2, 3, 4, 5]), ["A"], date(2024, 1, 5), date(2024, 1, 2))


def test_instruments_that_share_no_session_are_named() -> None:
    with pytest.raises(HistoryTooShortError, match="B starts on 3 Jan 2024, after A ends on 2 Jan 2024"):
        align(daily([1, 2, NAN, NAN], [NAN, NAN, 3, 4]), ["A", "B"])


def test_dates_on_which_none_has_a_price_are_no_sessions() -> None:
    assert len(align(daily([1, NAN, 3, 4], [1, NAN, 3, 4]), ["A", "B"]).dates) == 3
    assert len(align(daily([1, NAN, 3, 4], [1, 2, 3, 4]), ["A"]).dates) == 3


def test_monthly_closes_in_a_file_of_daily_rows_are_monthly() -> None:
    column = [1.0 if i % 21 == 0 else NAN for i in range(210)]
    assert align(daily(column, [1.0] * 210), ["A"]).frequency == "monthly"


def test_cash_is_one_unless_there_is_a_series_of_that_name() -> None:
    assert align(daily([1, 2, 3]), ["A", CASH]).closes[:, 1].tolist() == [1, 1, 1]
    chosen = daily([1, 2, 3], [1, 1.01, 1.02], names=("A", CASH))
    assert align(chosen, ["A", CASH]).closes[:, 1].tolist() == [1, 1.01, 1.02]
    assert len(align(daily([1, 2, 3]), [CASH]).dates) == 3


def test_a_symbol_asked_for_twice_is_one_column() -> None:
    assert align(daily([1, 2, 3]), ["A", "A"]).symbols == ("A",)
