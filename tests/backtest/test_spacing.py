"""How far apart sessions lie."""

from __future__ import annotations

import numpy as np
import pytest

from keel.backtest.spacing import holes, is_short, periods_per_year, spacing_of
from keel.domain.arrays import Days


def every(days: int, count: int, start: str = "2000-01-03") -> Days:
    return np.datetime64(start, "D") + days * np.arange(count)


def weekdays(*numbers: int, years: int = 5) -> Days:
    days = every(1, 366 * years)
    return days[np.isin((days - days[0]).astype(int) % 7, numbers)]


@pytest.mark.parametrize(
    ("gap", "name", "periods"),
    [
        (7, "weekly", 52),
        (14, "two-weekly", 26),
        (20, "two-weekly", 26),
        (30, "monthly", 12),
        (45, "monthly", 12),
        (61, "two-monthly", 6),
        (75, "two-monthly", 6),
        (91, "quarterly", 4),
        (182, "half-yearly", 2),
        (250, "half-yearly", 2),
        (251, "annual", 1),
        (365, "annual", 1),
    ],
)
def test_a_short_window_goes_by_its_median_gap(gap: int, name: str, periods: float) -> None:
    dates = every(gap, 3)
    assert is_short(dates)
    assert (spacing_of(dates).name, periods_per_year(dates)) == (name, (periods, ""))


def test_a_short_window_with_weekends_has_a_year_of_all_days() -> None:
    assert periods_per_year(every(1, 14)) == (365.25, "")
    assert periods_per_year(weekdays(0, 1, 2, 3, 4)[:14]) == (252.0, "")


@pytest.mark.parametrize(
    ("dates", "name", "periods"),
    [
        (every(1, 2000), "daily", 365.25),
        (weekdays(0, 1, 2, 3, 4), "daily", 252),
        (weekdays(0, 3), "half-weekly", 104),
        (weekdays(1, 4), "half-weekly", 104),
        (weekdays(4), "weekly", 52),
        (every(14, 200), "two-weekly", 26),
        (np.arange("2000-01", "2010-01", dtype="datetime64[M]").astype("datetime64[D]"), "monthly", 12),
        (np.arange("2000-01", "2010-01", 2, dtype="datetime64[M]").astype("datetime64[D]"), "two-monthly", 6),
        (np.arange("2000-01", "2010-01", 3, dtype="datetime64[M]").astype("datetime64[D]"), "quarterly", 4),
        (np.arange("2000-01", "2010-01", 6, dtype="datetime64[M]").astype("datetime64[D]"), "half-yearly", 2),
        (np.arange("2000", "2012", dtype="datetime64[Y]").astype("datetime64[D]"), "annual", 1),
    ],
)
def test_a_long_window_goes_by_what_is_seen(dates: Days, name: str, periods: float) -> None:
    assert (spacing_of(dates).name, periods_per_year(dates)) == (name, (periods, ""))


def test_what_is_no_usual_number_is_counted_as_seen_and_said() -> None:
    dates = weekdays(0, 2, 4)
    periods, note = periods_per_year(dates)
    assert periods == pytest.approx(3 * 365.25 / 7, rel=2e-3)
    assert note == "156.6 sessions a year, no usual number: figures a year count with it."


def test_a_year_is_365_days_and_eight_sessions() -> None:
    year = every(7, 53, "2022-01-01")
    assert is_short(year[:-1])
    assert not is_short(np.append(year[:-1], np.datetime64("2023-01-01")))
    assert is_short(every(365, 7))
    assert not is_short(every(365, 8))


@pytest.mark.parametrize(
    ("gap", "most"),
    [(1, 10), (7, 24), (14, 25), (30, 54), (90, 162)],
    ids=["daily", "weekly", "2w", "month", "quarter"],
)
def test_sessions_may_lie_so_many_days_apart(gap: int, most: int) -> None:
    before = every(gap, 40)
    for days, at in ((most, []), (most + 1, [39])):
        after = before[-1] + days + gap * np.arange(40)
        dates = np.concatenate([before, after])
        assert holes(dates, spacing_of(dates)).tolist() == at
