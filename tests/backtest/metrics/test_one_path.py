"""The metrics of one path."""

from __future__ import annotations

import json
import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from keel.backtest.metrics.evidence import Evidence
from keel.backtest.metrics.one_path import growth_per_year, metrics
from keel.backtest.metrics.table import METRICS
from keel.domain.arrays import Days, Floats

RETURNS = arrays(np.float64, st.integers(2, 80), elements=st.floats(-0.3, 0.3).map(lambda x: round(x, 4)))


def month_ends(count: int, first: str = "1999-12") -> Days:
    months = np.datetime64(first, "M") + np.arange(count) + 1
    return months.astype("datetime64[D]") - np.timedelta64(1, "D")


def path(returns: Floats) -> Floats:
    return np.concatenate([[1.0], np.cumprod(1.0 + returns)])


def test_every_metric_is_there_by_its_key() -> None:
    wealth = path(np.array([0.1, -0.2, 0.3]))
    assert tuple(metrics(Evidence(month_ends(4), wealth, 12))) == tuple(
        metric.key for metric in METRICS if not metric.flows
    )


@settings(max_examples=25)
@given(RETURNS, st.floats(-0.01, 0.1))
def test_metrics_equal_their_textbook_definition(returns: Floats, risk_free: float) -> None:
    import pandas as pd

    wealth, dates = path(returns), month_ends(len(returns) + 1)
    found = metrics(Evidence(dates, wealth, 12, risk_free=risk_free))
    series = pd.Series(wealth, index=pd.DatetimeIndex(dates))
    r = series.pct_change().dropna()
    excess = r - ((1 + risk_free) ** (1 / 12) - 1)
    assert found["total_return"] == pytest.approx((1 + r).prod() - 1, abs=1e-10)
    assert found["volatility"] == pytest.approx(r.std() * 12**0.5, abs=1e-12)
    if r.std() > 1e-9:
        assert found["sharpe"] == pytest.approx(excess.mean() / r.std() * 12**0.5, rel=1e-9)
    below = series / series.cummax() - 1
    assert found["max_drawdown"] == pytest.approx(below.min(), abs=1e-12)
    assert found["ulcer"] == pytest.approx(math.sqrt((below**2).mean()), abs=1e-12)
    assert found["cvar_95"] == pytest.approx(r.nsmallest(math.ceil(len(r) / 20)).mean(), abs=1e-12)
    yearly = series.resample("YE").last().pct_change().dropna()
    complete = yearly[yearly.index <= series.index[-1]]
    assert found["best_year"] == (pytest.approx(complete.max(), abs=1e-12) if len(complete) else None)
    assert found["worst_year"] == (pytest.approx(complete.min(), abs=1e-12) if len(complete) else None)


@given(RETURNS)
def test_no_metric_is_ever_nan(returns: Floats) -> None:
    wealth = path(returns)
    drift = np.abs(returns).cumsum()
    found = metrics(Evidence(month_ends(len(wealth)), wealth, 12, costless=wealth, reference=wealth, total_drift=drift))
    plain = {k: v.isoformat() if isinstance(v, date) else v for k, v in found.items()}
    json.dumps(plain, allow_nan=False)
    assert found["max_drawdown"] <= 0.0


def test_what_is_undefined_is_none() -> None:
    found = metrics(Evidence(month_ends(2), np.array([1.0, 1.0]), 12))
    undefined = ["volatility", "sharpe", "sortino", "calmar", "best_year", "cost_drag", "tracking_error"]
    assert [found[name] for name in undefined] == [None] * len(undefined)
    assert found["max_drawdown"] == 0.0
    assert found["max_drawdown_peak"] is found["max_drawdown_trough"] is found["max_drawdown_recovered"] is None
    assert found["longest_under_water_days"] == 0


def test_steady_growth_has_no_ratio() -> None:
    found = metrics(Evidence(month_ends(13), path(np.zeros(12)), 12))
    assert (found["volatility"], found["sharpe"], found["sortino"]) == (0.0, None, None)


def test_a_steady_fall_has_no_ratio_of_rounding() -> None:
    for rounded in (0.0, 4e-15):  # what values of several products leave of returns that are alike
        found = metrics(Evidence(month_ends(40), path(np.tile([-0.049, -0.049 + rounded], 20)[:39]), 12))
        assert found["sharpe"] is None
    assert metrics(Evidence(month_ends(40), path(np.tile([-0.049, -0.0491], 20)[:39]), 12))["sharpe"] is not None


def test_fewer_than_thirty_days_have_no_return_a_year() -> None:
    for days, known in ((29, False), (30, True)):
        dates = np.array([0, days], dtype="datetime64[D]")
        found = metrics(Evidence(dates, np.array([1.0, 1.1]), 252, costless=np.ones(2), reference=np.ones(2)))
        for name in ("cagr", "cost_drag", "tracking_difference"):
            assert (found[name] is not None) is known
        assert found["total_return"] == pytest.approx(0.1)


def test_years_are_365_25_days() -> None:
    dates = np.array(["2020-01-01", "2024-01-01"], dtype="datetime64[D]")  # 1461 days
    assert metrics(Evidence(dates, np.array([1.0, 16.0]), 1))["cagr"] == pytest.approx(1.0, abs=1e-12)
    assert growth_per_year(np.array([1.0, 2.0]), 0.0) is None


def test_the_reference_and_the_costless_path_give_differences() -> None:
    dates = month_ends(13)
    own, other = path(np.full(12, 0.01)), path(np.full(12, 0.02))
    found = metrics(Evidence(dates, own, 12, costless=other, reference=other))
    years = (dates[-1] - dates[0]).astype(int) / 365.25
    gap = 1.02 ** (12 / years) - 1.01 ** (12 / years)
    assert found["cost_drag"] == pytest.approx(gap, abs=1e-12)
    assert found["tracking_difference"] == pytest.approx(-gap, abs=1e-12)
    assert found["tracking_error"] == pytest.approx(0.0, abs=1e-12)


def test_turnover_and_drift_are_reported() -> None:
    dates = month_ends(13)
    drift = np.linspace(0.0, 0.12, 13)
    found = metrics(Evidence(dates, np.ones(13), 12, turnover=0.5, rebalances=3, total_drift=drift))
    assert found["turnover_per_year"] == pytest.approx(0.5 / (366 / 365.25))
    assert found["rebalances"] == 3
    assert (found["mean_total_drift"], found["max_total_drift"]) == pytest.approx((0.06, 0.12))
