"""Falls from a peak."""

from __future__ import annotations

from datetime import date

import numpy as np

from keel.backtest.metrics.drawdown import drawdown_episodes, longest_under_water_days
from keel.domain.market.series import drawdowns

DATES = np.datetime64("2024-01-01", "D") + np.arange(9)
WEALTH = np.array([1.0, 0.9, 1.0, 1.2, 1.2, 0.6, 0.9, 1.3, 1.04])


def test_episodes_are_deepest_first_with_their_dates() -> None:
    deepest, second, third = drawdown_episodes(DATES, WEALTH)
    assert (deepest.peak, deepest.trough, deepest.recovered) == (date(2024, 1, 5), date(2024, 1, 6), date(2024, 1, 8))
    assert (deepest.depth, deepest.days) == (-0.5, 3)
    assert (second.peak, second.recovered, second.days) == (date(2024, 1, 8), None, 1)
    assert (third.depth.__round__(12), third.days) == (-0.1, 2)


def test_only_as_many_as_asked_for() -> None:
    assert [round(e.depth, 12) for e in drawdown_episodes(DATES, WEALTH, 2)] == [-0.5, -0.2]
    assert drawdown_episodes(DATES[:2], np.array([1.0, 1.0])) == ()


def test_time_under_water_runs_from_the_last_session_at_the_peak() -> None:
    assert longest_under_water_days(DATES, WEALTH) == 3
    assert longest_under_water_days(DATES[:2], np.array([1.0, 2.0])) == 0
    assert longest_under_water_days(DATES[:7], WEALTH[:7]) == 2


def test_a_path_that_only_rises_is_never_below_its_peak() -> None:
    assert drawdowns(np.array([1.0, 2.0, 3.0])).tolist() == [0.0, 0.0, 0.0]
