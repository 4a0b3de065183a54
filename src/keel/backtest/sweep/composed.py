"""The metrics of a sweep: those that compose from sums, and for one policy at a time all of them."""

from __future__ import annotations

import math

import numpy as np

from keel.backtest.metrics.one_path import ZERO, metrics
from keel.backtest.metrics.rates import hurdle
from keel.backtest.path import simulate
from keel.backtest.run import costless
from keel.backtest.sweep.arrays import Study, Track, track
from keel.domain.arrays import Floats
from keel.domain.policy.records import Policy, RunSettings
from keel.errors import PortfolioDepletedError

COMPOSING = (
    "total_return",
    "cagr",
    "volatility",
    "sharpe",
    "sortino",
    "max_drawdown",
    "calmar",
    "turnover_per_year",
    "rebalances",
    "cost_drag",
    "tracking_error",
    "tracking_difference",
)
OTHERS = (
    "max_drawdown_peak",
    "max_drawdown_trough",
    "max_drawdown_recovered",
    "ulcer",
    "longest_under_water_days",
    "cvar_95",
    "best_year",
    "worst_year",
    "calendar_years",
    "mean_total_drift",
    "max_total_drift",
)


def composed(walked: Floats, one: Track, settings: RunSettings) -> Floats:
    """The composing metrics (12, …) of walks (…, WALKED), each as ``backtest.metrics`` defines it; NaN for None."""
    from keel.backtest.sweep import costs

    x = np.moveaxis(walked, -1, 0)
    n, p, years = len(one.closes) - 1, one.study.window.periods_per_year, one.years
    root, free = math.sqrt(p), one.hurdle(settings)
    with np.errstate(divide="ignore", invalid="ignore"):
        growth = x[costs.WEALTH] ** (1.0 / years) - 1.0
        total = x[costs.W_SUM]
        spread = _spread(total, x[costs.W_SQUARES], n)
        excess = one.shift - free + total / n
        downside = np.sqrt(x[costs.W_SHORTFALL] / n)
        fall = x[costs.W_DEEPEST] - 1.0
        columns = (
            x[costs.WEALTH] - 1.0,
            growth,
            spread * root,
            np.where(spread > ZERO, excess / spread * root, np.nan),
            np.where(downside > ZERO, excess / downside * root, np.nan),
            fall,
            np.where(fall < 0.0, growth / -fall, np.nan),
            x[costs.W_TURNOVER] / years,
            x[costs.REBALANCES],
            x[costs.FREE] ** (1.0 / years) - 1.0 - growth,
            _spread(total, x[costs.W_ACTIVE_SQUARES], n) * root,
            growth - (one.held[-1] ** (1.0 / years) - 1.0),
        )
    return np.stack([np.asarray(column, dtype=np.float64) for column in columns])


def _spread(total: Floats, squares: Floats, n: int) -> Floats:
    """The standard deviation of n numbers from their sum and sum of squares; NaN of a single one.

    Returns less the reference's sum to the same as returns less the reference's mean, so both spreads use one sum.
    """
    if n < 2:
        return np.full(total.shape, np.nan)
    return np.asarray(np.sqrt(np.maximum(squares - total * total / n, 0.0) / (n - 1)), dtype=np.float64)


def every_metric(study: Study, policy: Policy, settings: RunSettings, free: Floats | None) -> dict[str, object]:
    """All metrics of one policy as ``backtest.run`` gives them; ``free`` (n,) its wealth without costs.

    An empty mapping when costs take the whole portfolio.
    """
    one, book = track(study), study.book
    try:
        path = simulate(study.window, book, policy, settings, one.lag(settings))
    except PortfolioDepletedError:
        return {}
    weights = np.zeros((len(path.wealth), len(book.targets)))
    for i, leaf in enumerate(book.leaf):
        weights[:, leaf] += path.values[:, i]
    weights /= path.values.sum(axis=1, keepdims=True)
    return metrics(
        study.window.dates,
        path.wealth,
        study.window.periods_per_year,
        risk_free=hurdle(study.window, settings) if isinstance(settings.risk_free, str) else settings.risk_free,
        turnover=float(path.turnover.sum()),
        rebalances=len(path.sessions),
        costless=path.wealth if free is None else free,
        reference=one.held,
        total_drift=0.5 * np.abs(weights - book.targets).sum(axis=1),
    )


def wealth_without_costs(study: Study, policy: Policy, settings: RunSettings) -> Floats:
    """The wealth (n,) of the policy with every cost 0: what cost_drag is measured from."""
    return simulate(study.window, study.book, policy, costless(settings), track(study).lag(settings)).wealth


def number(value: object) -> float:
    """The value as a float; NaN where it is undefined.

    >>> number(3), number(None)
    (3.0, nan)
    """
    return float(value) if isinstance(value, int | float) else math.nan
