"""The metrics two policies are compared by, of one wealth path or of many at once; what is undefined is NaN."""

from __future__ import annotations

import numpy as np

from keel.backtest.metrics import table
from keel.backtest.metrics.one_path import least_spread
from keel.domain.arrays import Floats
from keel.units import SHORTEST_YEARS


def metrics(
    wealth: Floats,
    reference: Floats,
    turnover: Floats,
    years: float,
    periods_per_year: float,
    hurdle: float | Floats = 0.0,
) -> Floats:
    """The compared metrics (…, f) in the table's order, defined as ``one_path.metrics`` defines them.

    ``wealth`` and ``reference`` (…, n), n ≥ 2, the last axis time; ``turnover`` (…) the sum of one-way turnovers;
    ``hurdle`` the risk-free return of a session, one or (n - 1,). An array for all paths at once, because a thousand
    resampled histories are too many for a dictionary each.

    >>> path = np.array([1.0, 1.2, 0.9, 1.1])
    >>> metrics(path, path, np.array(0.5), 1.0, 3)[[0, 5, 7, 8]].round(9).tolist()
    [0.1, -0.25, 0.5, 0.0]
    """
    r, base = _returns(wealth), _returns(reference)
    root = float(np.sqrt(periods_per_year))
    with np.errstate(divide="ignore", invalid="ignore"):
        cagr, deviation = _growth(wealth, years), _deviation(r)
        excess, least = r - hurdle, least_spread(r.mean(axis=-1))
        above = deviation if np.ndim(hurdle) == 0 else _deviation(excess)
        downside = np.sqrt((np.minimum(excess, 0.0) ** 2).mean(axis=-1))
        fall = (wealth / np.maximum.accumulate(wealth, axis=-1)).min(axis=-1) - 1.0
        columns: dict[str, Floats] = {
            "total_return": wealth[..., -1] / wealth[..., 0] - 1.0,
            "cagr": cagr,
            "volatility": deviation * root,
            "sharpe": np.where(above > least, excess.mean(axis=-1) / above * root, np.nan),
            "sortino": np.where(downside > least, excess.mean(axis=-1) / downside * root, np.nan),
            "max_drawdown": fall,
            "calmar": np.where(fall < 0.0, cagr / -fall, np.nan),
            "turnover_per_year": turnover / years if years > 0.0 else np.full(np.shape(turnover), np.nan),
            "tracking_error": _deviation(r - base) * root,
            "tracking_difference": cagr - _growth(reference, years),
        }
    return np.stack([np.asarray(columns[key], dtype=np.float64) for key in table.compared()], axis=-1)


def _returns(wealth: Floats) -> Floats:
    return np.asarray(wealth[..., 1:] / wealth[..., :-1] - 1.0, dtype=np.float64)


def _growth(wealth: Floats, years: float) -> Floats:
    if years < SHORTEST_YEARS:
        return np.full(wealth.shape[:-1], np.nan)
    return np.asarray((wealth[..., -1] / wealth[..., 0]) ** (1.0 / years) - 1.0, dtype=np.float64)


def _deviation(r: Floats) -> Floats:
    if r.shape[-1] < 2:
        return np.full(r.shape[:-1], np.nan)
    return np.asarray(r.std(axis=-1, ddof=1), dtype=np.float64)
