"""Crises are offered where the prices cover them."""

from __future__ import annotations

from datetime import date

from keel.domain.market.crises import CRISES, covered


def test_every_crisis_is_a_window_in_time_order_with_its_own_name() -> None:
    assert all(crisis.start < crisis.end for crisis in CRISES)
    assert [crisis.start for crisis in CRISES] == sorted(crisis.start for crisis in CRISES)
    assert len({crisis.name for crisis in CRISES}) == len(CRISES)


def test_the_long_monthly_sample_offers_all_and_a_short_one_few() -> None:
    assert covered(date(1999, 12, 31), date(2026, 6, 30)) == CRISES
    assert covered(date(2015, 1, 1), date(2018, 1, 1)) == ()


def test_a_series_that_stops_on_the_last_sessions_of_2022_still_shows_2022() -> None:
    assert covered(date(1990, 1, 2), date(2022, 12, 28)) == CRISES
    assert covered(date(1990, 1, 2), date(2022, 12, 20)) == CRISES[:-1]
