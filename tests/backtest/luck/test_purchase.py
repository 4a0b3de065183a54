"""Bought on another day: the same policy, another book by the time all are measured."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.backtest.chances import COST, NEVER, QUARTERLY, SIXTY, daily, monthly

from keel.backtest.luck.outcome import outcome
from keel.backtest.luck.purchase import DAYS, purchases
from keel.backtest.metrics.table import compared
from keel.backtest.path import simulate
from keel.backtest.window import Window
from keel.domain.policy.kinds import Absolute, FiveTwentyFive, Trigger
from keel.domain.policy.records import Cadence, Policy
from keel.domain.study.candidate import Candidate

BAND = Candidate("Daily band", Policy(Trigger.band, Cadence.daily, band=Absolute(500)), COST)


def later(window: Window, session: int) -> Window:
    return replace(window, dates=window.dates[session:], closes=window.closes[session:])


def test_the_days_spread_over_the_first_year_or_a_fifth_of_a_short_window() -> None:
    long = purchases(daily(2_600), SIXTY, BAND).sessions
    assert (len(long), long[0], long[-1]) == (DAYS + 1, 0, 261)
    assert purchases(monthly(121), SIXTY, NEVER).sessions.tolist() == list(range(12))
    assert purchases(monthly(30), SIXTY, NEVER).sessions.tolist() == list(range(7))


def test_each_day_is_the_backtest_bought_then_and_measured_from_the_last_on() -> None:
    window = monthly(61)
    found = purchases(window, SIXTY, BAND)
    last = int(found.sessions[-1])
    years = (window.dates[-1] - window.dates[last]).astype(int) / 365.25
    for i, bought in enumerate(found.sessions.tolist()):
        path = simulate(later(window, bought), SIXTY, BAND.policy, BAND.settings, 0)
        growth = path.wealth[-1] / path.wealth[last - bought]
        assert found.values["cagr"][i] == pytest.approx(growth ** (1 / years) - 1, rel=1e-12)
        traded = path.turnover[path.sessions >= max(last - bought, 1)].sum()
        assert found.values["turnover_per_year"][i] == pytest.approx(traded / years, rel=1e-12)


def test_bought_on_the_last_day_it_is_the_plain_backtest_from_there() -> None:
    window = monthly(61)
    found = purchases(window, SIXTY, QUARTERLY)
    alone = outcome(later(window, int(found.sessions[-1])), SIXTY, QUARTERLY)
    assert [found.values[key][-1] for key in compared()] == pytest.approx(alone.metrics.tolist(), rel=1e-12)


def test_a_daily_band_is_not_free_of_luck() -> None:
    spread = purchases(daily(2_600), SIXTY, BAND).spreads["cagr"]
    assert spread is not None
    assert spread.high - spread.low > 1e-4


def test_every_width_of_a_band_is_varied_and_without_a_band_none() -> None:
    window = monthly(121)
    narrow = replace(BAND, policy=replace(BAND.policy, band=FiveTwentyFive(450.0, 2_250.0)))
    five = replace(BAND, policy=replace(BAND.policy, band=FiveTwentyFive()))
    near = purchases(window, SIXTY, five).widths["cagr"]
    assert near is not None
    assert near.low <= purchases(window, SIXTY, narrow).values["cagr"][0] <= near.high
    assert purchases(window, SIXTY, NEVER).widths == {}


def test_a_short_window_has_two_days_and_threads_change_nothing() -> None:
    assert purchases(monthly(4), SIXTY, NEVER).sessions.tolist() == [0, 1]
    one, two = (purchases(monthly(61), SIXTY, BAND, workers=n) for n in (1, 2))
    assert all(np.array_equal(one.values[key], two.values[key], equal_nan=True) for key in one.values)


def test_cancelled_it_has_its_own_day() -> None:
    assert purchases(monthly(61), SIXTY, BAND, cancel=lambda: True).sessions.tolist() == [0]
