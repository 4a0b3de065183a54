"""The metrics of a sweep: those that compose from sums, and for one policy at a time all of them."""

from __future__ import annotations

import math

import numpy as np

from keel.backtest.metrics import one_path, table
from keel.backtest.metrics.evidence import evidence
from keel.backtest.metrics.one_path import least_spread
from keel.backtest.path import simulate
from keel.backtest.reference import is_sized
from keel.backtest.run import costless, leaf_weights
from keel.backtest.sweep.arrays import Arrays
from keel.domain.arrays import Floats
from keel.domain.policy.records import Policy, RunSettings
from keel.errors import PortfolioDepletedError
from keel.units import SHORTEST_YEARS


def composed(totals: Floats, arrays: Arrays, settings: RunSettings) -> Floats:
    """The composing metrics (c, …) of totals (…, TOTALS), each as ``one_path.metrics`` defines it; NaN for None."""
    from keel.backtest.sweep import costs

    x = np.moveaxis(totals, -1, 0)
    n, p, years = len(arrays.closes) - 1, arrays.scenario.window.periods_per_year, arrays.years
    root, free = math.sqrt(p), arrays.yardstick(settings).hurdle
    with np.errstate(all="ignore"):  # what is beyond a number becomes none below
        growth = _growth(x[costs.WEALTH], years)
        total = x[costs.W_SUM]
        deviation = _deviation(total, x[costs.W_SQUARES], n)
        mean = arrays.shift + total / n
        excess, least = mean - free, least_spread(mean)
        downside = np.sqrt(x[costs.W_SHORTFALL] / n)
        fall = x[costs.W_DEEPEST] - 1.0
        columns: dict[str, Floats] = {
            "total_return": x[costs.WEALTH] - 1.0,
            "cagr": growth,
            "volatility": deviation * root,
            "sharpe": np.where(deviation > least, excess / deviation * root, np.nan),
            "sortino": np.where(downside > least, excess / downside * root, np.nan),
            "max_drawdown": fall,
            "calmar": np.where(fall < 0.0, growth / -fall, np.nan),
            "turnover_per_year": x[costs.W_TURNOVER] / years,
            "rebalances": x[costs.REBALANCES],
            "cost_drag": _growth(x[costs.FREE], years) - growth,
            "tracking_error": _deviation(total, x[costs.W_ACTIVE_SQUARES], n) * root,
            "tracking_difference": growth - _growth(arrays.held[-1], years),
        }
    figures = np.stack([np.asarray(columns[key], dtype=np.float64) for key in table.composing()])
    return np.where(np.isfinite(figures), figures, np.nan)


def _growth(wealth: Floats, years: float) -> Floats:
    """The constant return a year to the last wealth, as ``one_path.growth_per_year`` gives it."""
    if years < SHORTEST_YEARS:
        return np.full(np.shape(wealth), np.nan)
    return np.asarray(wealth ** (1.0 / years) - 1.0, dtype=np.float64)


def _deviation(total: Floats, squares: Floats, n: int) -> Floats:
    """The standard deviation of n numbers from their sum and sum of squares; NaN of a single one.

    Returns less the reference's sum to the same as returns less the reference's mean, so both deviations use one sum.
    """
    if n < 2:
        return np.full(total.shape, np.nan)
    return np.asarray(np.sqrt(np.maximum(squares - total * total / n, 0.0) / (n - 1)), dtype=np.float64)


def every_metric(arrays: Arrays, policy: Policy, settings: RunSettings, free: Floats | None) -> dict[str, object]:
    """All metrics of one policy as ``backtest.run`` gives them; ``free`` (n,) its wealth without costs.

    An empty mapping when costs take the whole portfolio, or when it grows beyond what a number can hold.
    """
    window, book = arrays.scenario.window, arrays.scenario.book
    try:
        path = simulate(window, book, policy, settings, arrays.lag(settings))
    except PortfolioDepletedError:
        return {}
    unburdened = path.wealth if free is None else free
    if not all(is_sized(wealth) for wealth in (path.wealth, unburdened, arrays.held)):
        return {}
    weights = leaf_weights(book, path.values / path.values.sum(axis=1, keepdims=True))
    judged = evidence(window, book, path, settings, weights=weights, costless=unburdened, reference=arrays.held)
    return one_path.metrics(judged)


def wealth_without_costs(arrays: Arrays, policy: Policy, settings: RunSettings) -> Floats:
    """The wealth (n,) of the policy with every cost 0: what cost_drag is measured from."""
    scenario = arrays.scenario
    return simulate(scenario.window, scenario.book, policy, costless(settings), arrays.lag(settings)).wealth


def number(value: object) -> float:
    """The value as a float; NaN where it is undefined.

    >>> number(3), number(None)
    (3.0, nan)
    """
    return float(value) if isinstance(value, int | float) else math.nan
