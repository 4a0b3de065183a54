"""The window of a study."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from keel.backtest.window import align, fingerprint
from keel.domain.market.prices import CASH, PriceMatrix
from keel.errors import HistoryTooShortError, MarketDataError, PricesMissingError

NAN = float("nan")


def daily(*columns: list[float], start: str = "2024-01-01", names: tuple[str, ...] = ("A", "B")) -> PriceMatrix:
    days = np.busday_offset(np.datetime64(start, "D"), np.arange(len(columns[0])), roll="forward")
    return PriceMatrix(days, names[: len(columns)], np.array(columns, dtype=float).T)


def monthly(*columns: list[float]) -> PriceMatrix:
    months = np.arange("2024-01", "2030-01", dtype="datetime64[M]")[: len(columns[0])] + 1
    return PriceMatrix(months.astype("datetime64[D]") - 1, ("A", "B")[: len(columns)], np.array(columns, dtype=float).T)


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


def test_a_long_stretch_without_any_price_is_a_hole_all_the_same() -> None:
    blank = [1.0] * 20 + [NAN] * 8 + [1.0] * 20
    with pytest.raises(PricesMissingError, match=r"A has no price from 29 Jan 2024 to 7 Feb 2024 \(8 sessions\)"):
        align(daily(blank, [1.0] * 48), ["A"])
    with pytest.raises(PricesMissingError, match="2 sessions"):
        align(monthly([1.0, 1.0, 1.0, 1.0, NAN, NAN, 1.0, 1.0]), ["A"])


def without_a_year_end(gap: str = "2008-11-03") -> PriceMatrix:
    """Daily closes of 2008 and 2009 without those from ``gap`` to the end of the year."""
    days = np.arange("2008-01-01", "2010-01-01", dtype="datetime64[D]")
    days = days[np.is_busday(days) & ((days < np.datetime64(gap)) | (days >= np.datetime64("2009-01-01")))]
    return PriceMatrix(days, ("A", "B"), np.ones((len(days), 2)))


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


def test_the_fingerprint_follows_dates_symbols_and_closes() -> None:
    first = fingerprint(align(daily([1, 2, 3]), ["A"]))
    assert first == fingerprint(align(daily([1, 2, 3]), ["A"]))
    others = [daily([1, 2, 4]), daily([1, 2, 3], start="2024-01-02")]
    assert first not in [fingerprint(align(other, ["A"])) for other in others]
    assert first != fingerprint(align(daily([1, 2, 3], names=("B",)), ["B"]))
    assert len(first) == 16
