"""Rolling starts: each stretch is a backtest over its own dates."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from tests.backtest.chances import BAND, DEAR, NEVER, QUARTERLY, SIXTY, daily, monthly

from keel.backtest.luck.rolling import rolling_starts
from keel.backtest.metrics.table import compared
from keel.backtest.run import run
from keel.domain.market.prices import PriceMatrix
from keel.errors import HistoryTooShortError, InputError


def test_starts_are_month_ends_and_each_stretch_lasts_its_horizon() -> None:
    five, to_end = rolling_starts(monthly(85), SIXTY, QUARTERLY, NEVER, [5, None])
    assert (five.horizon, to_end.horizon) == (5, None)
    assert [str(day) for day in five.starts[:3]] == ["1999-12-31", "2000-01-31", "2000-02-29"]
    assert [str(day) for day in five.ends[:3]] == ["2004-12-31", "2005-01-31", "2005-02-28"]
    assert len(five.starts) == 85 - 60
    assert str(five.ends[-1]) == "2006-12-31"
    assert len(to_end.starts) == 85 - 12
    assert set(to_end.ends.tolist()) == {date(2006, 12, 31)}
    assert (five.apart, to_end.apart) == (pytest.approx(1.4, abs=0.01), 1.0)


@pytest.mark.parametrize("window", [monthly(40), daily(560)], ids=["monthly", "daily"])
def test_each_difference_is_that_of_two_backtests(window: object) -> None:
    found = rolling_starts(window, SIXTY, BAND, NEVER, [1])[0]  # type: ignore[arg-type]
    prices = PriceMatrix(window.dates, window.symbols, window.closes)  # type: ignore[attr-defined]
    for i in (0, 3, len(found.starts) - 1):
        start, end = found.starts[i].item(), found.ends[i].item()
        policies = {"a": BAND.policy, "b": NEVER.policy}
        a, b = run(prices, SIXTY, policies, BAND.settings, start=start, end=end)
        for name in ("cagr", "volatility", "max_drawdown", "turnover_per_year", "tracking_error"):
            wanted = a.metrics[name] - b.metrics[name]  # type: ignore[operator]
            assert found.differences[name][i] == pytest.approx(wanted, rel=1e-9, abs=1e-12), name


def test_a_policy_does_not_differ_from_itself_and_a_worse_one_never_wins() -> None:
    same = rolling_starts(monthly(60), SIXTY, BAND, BAND, [1, None])
    assert all((record.differences[name] == 0.0).all() for record in same for name in ("cagr", "max_drawdown"))
    assert same[0].higher("cagr") == (0, 0, len(same[0].starts))
    worse = rolling_starts(monthly(60), SIXTY, DEAR, QUARTERLY, [2])[0]
    assert worse.higher("cagr") == (0, len(worse.starts), len(worse.starts))


def test_threads_do_not_change_it_and_a_cancelled_one_keeps_what_it_has() -> None:
    one = rolling_starts(monthly(70), SIXTY, BAND, NEVER, [5], workers=1)[0]
    two = rolling_starts(monthly(70), SIXTY, BAND, NEVER, [5], workers=2)[0]
    assert all(np.array_equal(one.differences[name], two.differences[name], equal_nan=True) for name in compared())
    asked = iter([False, False])
    cut = rolling_starts(monthly(70), SIXTY, BAND, NEVER, [5, None], cancel=lambda: next(asked, True))
    assert [(record.horizon, len(record.starts)) for record in cut] == [(5, 2)]
    assert rolling_starts(monthly(70), SIXTY, BAND, NEVER, [5], cancel=lambda: True) == ()


def test_a_horizon_longer_than_the_window_is_left_out_and_none_is_an_error() -> None:
    assert [record.horizon for record in rolling_starts(monthly(40), SIXTY, BAND, NEVER)] == [None]
    with pytest.raises(HistoryTooShortError, match="shorter than every horizon"):
        rolling_starts(monthly(40), SIXTY, BAND, NEVER, [10])
    with pytest.raises(InputError, match="whole number of years"):
        rolling_starts(monthly(40), SIXTY, BAND, NEVER, [0])
