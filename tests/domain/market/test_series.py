"""Coarser periods, fees and splicing, by hand and as properties."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.arrays import Days
from keel.domain.market.series import coarsest, date_like, net_of_fee, period_ends, periods, splice, to_coarsest


def days(*texts: str) -> Days:
    return np.array(texts, dtype="datetime64[D]")


def test_the_coarsest_of_no_series_is_daily() -> None:
    assert coarsest([]) == "daily"
    assert coarsest(["quarterly", "weekly"]) == "quarterly"


def test_an_iso_week_runs_from_monday_to_sunday_across_new_year() -> None:
    sunday, monday = periods(days("2020-01-05", "2020-01-06"), "weekly")
    assert monday == sunday + 1
    assert periods(days("2019-12-31"), "weekly")[0] == sunday


def test_quarters_and_years_follow_the_calendar() -> None:
    assert np.diff(periods(days("2019-12-31", "2020-01-01", "2020-03-31", "2020-04-01"), "quarterly")).tolist() == [
        *(1, 0, 1)
    ]
    assert np.diff(periods(days("2019-12-31", "2020-01-01"), "annual")).tolist() == [1]


def test_month_ends_take_the_last_close_of_each_month() -> None:
    dates, closes = period_ends(
        days("2020-01-30", "2020-01-31", "2020-02-27", "2020-02-28"), np.array([1.0, 2, 3, 4]), "monthly", "daily"
    )
    assert dates.astype(str).tolist() == ["2020-01-31", "2020-02-28"]  # a Friday: the next weekday is in March
    assert closes.tolist() == [2, 4]


def test_a_month_that_the_daily_series_does_not_finish_is_left_out() -> None:
    dates, _ = period_ends(days("2022-11-30", "2022-12-28"), np.array([1.0, 2]), "monthly", "daily")
    assert dates.astype(str).tolist() == ["2022-11-30"]


def test_a_monthly_series_keeps_its_last_month_whatever_its_day() -> None:
    dates, _ = period_ends(days("2022-11-30", "2022-12-28"), np.array([1.0, 2]), "monthly", "monthly")
    assert len(dates) == 2


def test_daily_and_monthly_meet_on_the_monthly_dates() -> None:
    daily = days("2010-01-28", "2010-01-29", "2010-02-26"), np.array([10.0, 11, 12])
    monthly = days("2009-12-31", "2010-01-31", "2010-02-28"), np.array([1.0, 2, 3])
    dates, closes = to_coarsest([daily, monthly], ["daily", "monthly"])
    assert dates.astype(str).tolist() == ["2009-12-31", "2010-01-31", "2010-02-28"]
    np.testing.assert_array_equal(closes, [[np.nan, 1], [11, 2], [12, 3]])


def test_daily_series_of_two_calendars_keep_all_their_dates() -> None:
    dates, closes = to_coarsest(
        [
            (days("2020-01-02", "2020-01-03"), np.array([1.0, 2])),
            (days("2020-01-03", "2020-01-06"), np.array([3.0, 4])),
        ],
        ["daily", "daily"],
    )
    assert len(dates) == 3
    np.testing.assert_array_equal(closes, [[1, np.nan], [2, 3], [np.nan, 4]])


def test_a_fee_of_one_percent_takes_one_percent_in_a_year_of_flat_prices() -> None:
    dates = days("2001-01-01", "2005-01-01")  # 1,461 days: four years exactly
    np.testing.assert_allclose(net_of_fee(dates, np.array([100.0, 100.0]), 0.01), [100, 100 * 0.99**4], rtol=1e-15)


def test_each_return_less_its_days_of_fee_compounds_to_the_same() -> None:
    dates, closes = days("2020-01-31", "2020-02-29", "2020-03-31"), np.array([100.0, 104, 102])
    net = net_of_fee(dates, closes, 0.0007)
    for k, gap in ((1, 29), (2, 31)):
        expected = closes[k] / closes[k - 1] * (1 - 0.0007) ** (gap / 365.25)
        np.testing.assert_allclose(net[k] / net[k - 1], expected, rtol=1e-14)


def test_splicing_keeps_the_own_closes_and_the_proxys_earlier_returns() -> None:
    proxy = days("2020-01-31", "2020-02-29", "2020-03-31", "2020-04-30"), np.array([1.0, 1.1, 1.2, 5.0])
    own = days("2020-03-31", "2020-04-30"), np.array([60.0, 66.0])
    spliced = splice(own, proxy)
    assert spliced is not None
    np.testing.assert_allclose(spliced[1], [50, 55, 60, 66])
    assert spliced[0].tolist() == proxy[0].tolist()


def test_series_that_do_not_meet_are_not_spliced() -> None:
    own = days("2020-03-31", "2020-04-30"), np.array([60.0, 66.0])
    assert splice(own, (days("2020-01-31", "2020-02-29"), np.array([1.0, 1.1]))) is None
    assert splice(own, (days("2020-03-31"), np.array([1.0]))) is None
    assert splice((days(), np.empty(0)), own) is None


def test_a_shared_month_takes_the_other_date() -> None:
    line = days("2009-12-31", "2010-01-31"), np.array([1.0, 2])
    dates, _ = date_like(line, days("2010-01-29", "2010-02-26"), "monthly")
    assert dates.astype(str).tolist() == ["2009-12-31", "2010-01-29"]


lines = st.lists(st.integers(0, 2000), min_size=2, max_size=60, unique=True).flatmap(
    lambda offsets: st.lists(st.floats(0.01, 1e4), min_size=len(offsets), max_size=len(offsets)).map(
        lambda closes: (np.datetime64("2015-01-01", "D") + np.sort(np.array(offsets)), np.array(closes))
    )
)


@given(lines, lines, st.floats(0, 0.05))
def test_splicing_preserves_every_return_on_both_sides(
    own: tuple[Days, np.ndarray], other: tuple[Days, np.ndarray], fee: float
) -> None:
    proxy = other[0], net_of_fee(*other, fee)
    spliced = splice(own, proxy)
    if spliced is None:
        return
    joint = len(spliced[0]) - len(own[0])
    assert (np.diff(spliced[0]) > np.timedelta64(0)).all()
    np.testing.assert_array_equal(spliced[1][joint:], own[1])
    np.testing.assert_allclose(
        spliced[1][1 : joint + 1] / spliced[1][:joint], proxy[1][1 : joint + 1] / proxy[1][:joint], rtol=1e-12
    )


@given(lines, st.sampled_from(["weekly", "monthly", "quarterly", "annual"]))
def test_a_coarser_series_has_only_closes_of_the_fine_one_one_a_period(
    line: tuple[Days, np.ndarray], frequency: str
) -> None:
    dates, closes = period_ends(*line, frequency, "daily")
    place = np.searchsorted(line[0], dates)
    np.testing.assert_array_equal(line[1][place], closes)
    assert len(set(periods(dates, frequency).tolist())) == len(dates)
    assert len(set(periods(line[0], frequency).tolist())) - len(dates) in (0, 1)
