"""Crises are offered where the prices cover them."""

from __future__ import annotations

from datetime import date

import pytest

from keel.domain.market.crises import CRISES, covered


def test_every_crisis_is_a_window_in_time_order_with_its_own_name() -> None:
    assert all(crisis.start < crisis.end for crisis in CRISES)
    assert [crisis.start for crisis in CRISES] == sorted(crisis.start for crisis in CRISES)
    assert len({crisis.name for crisis in CRISES}) == len(CRISES)


@pytest.mark.parametrize(
    ("name", "peak", "low"),
    [
        ("Dot-com bust", date(2000, 3, 24), date(2002, 10, 9)),
        ("Global financial crisis", date(2007, 10, 9), date(2009, 3, 9)),
        ("Euro debt", date(2011, 4, 29), date(2011, 10, 3)),
    ],
)
def test_a_fall_is_from_the_month_of_the_peak_to_that_of_the_low_of_the_sp_500(
    name: str, peak: date, low: date
) -> None:
    (crisis,) = [crisis for crisis in CRISES if crisis.name == name]
    assert [(day.year, day.month) for day in (crisis.start, crisis.end)] == [(d.year, d.month) for d in (peak, low)]
    assert crisis.start >= peak
    assert crisis.end >= low


@pytest.mark.parametrize(
    ("name", "year", "low"), [("Covid", 2020, date(2020, 3, 23)), ("Inflation and rates", 2022, date(2022, 10, 12))]
)
def test_a_year_of_crisis_is_whole_and_holds_the_low(name: str, year: int, low: date) -> None:
    (crisis,) = [crisis for crisis in CRISES if crisis.name == name]
    assert (crisis.start, crisis.end) == (date(year - 1, 12, 31), date(year, 12, 31))
    assert crisis.start < low < crisis.end


def test_the_long_monthly_sample_offers_all_and_a_short_one_few() -> None:
    assert covered(date(1999, 12, 31), date(2026, 6, 30)) == CRISES
    assert covered(date(2015, 1, 1), date(2018, 1, 1)) == ()


def test_a_series_that_stops_on_the_last_sessions_of_2022_still_shows_2022() -> None:
    assert covered(date(1990, 1, 2), date(2022, 12, 28)) == CRISES
    assert covered(date(1990, 1, 2), date(2022, 12, 20)) == CRISES[:-1]
