"""Returns by calendar."""

from __future__ import annotations

import numpy as np
import pytest

from keel.backtest.metrics.years import calendar_years, monthly_returns, rolling_returns


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="datetime64[D]")


def test_complete_years_run_from_year_end_to_year_end() -> None:
    dates = days("2021-12-31", "2022-06-30", "2022-12-30", "2023-12-29", "2024-03-28")
    found = calendar_years(dates, np.array([1.0, 5.0, 2.0, 3.0, 6.0]))
    assert [(y.year, y.value, y.partial) for y in found] == [(2022, 1.0, False), (2023, 0.5, False), (2024, 1.0, True)]


def test_a_year_without_the_one_before_is_partial() -> None:
    found = calendar_years(days("2022-01-03", "2022-12-30", "2023-12-29"), np.array([1.0, 2.0, 3.0]))
    assert [(y.year, y.partial) for y in found] == [(2022, True), (2023, False)]


def test_the_last_year_is_complete_only_when_its_last_weekday_is_there() -> None:
    assert not calendar_years(days("2021-12-31", "2022-12-30"), np.ones(2))[0].partial
    assert calendar_years(days("2021-12-31", "2022-12-29"), np.ones(2))[0].partial


def test_months_follow_one_another() -> None:
    dates = days("2023-11-15", "2023-11-30", "2023-12-29", "2024-01-31")
    found = monthly_returns(dates, np.array([1.0, 2.0, 3.0, 6.0]))
    assert found == [(2023, 11, 1.0), (2023, 12, 0.5), (2024, 1, 1.0)]


def test_rolling_returns_are_annualised_over_the_same_day_years_before() -> None:
    dates = days("2020-02-29", "2021-02-26", "2021-02-28", "2022-02-28", "2023-03-01")
    when, value = rolling_returns(dates, np.array([1.0, 2.0, 3.0, 4.0, 16.0]), 1)
    assert when.astype(str).tolist() == ["2022-02-28", "2023-03-01"]
    assert value == pytest.approx([4 / 3 - 1, 3.0])
    _, two = rolling_returns(dates, np.array([1.0, 2.0, 3.0, 4.0, 16.0]), 2)
    assert two == pytest.approx([(16 / 3) ** 0.5 - 1])


def test_a_window_shorter_than_the_span_has_no_rolling_return() -> None:
    when, value = rolling_returns(days("2020-01-01", "2020-06-01"), np.ones(2), 1)
    assert len(when) == len(value) == 0
