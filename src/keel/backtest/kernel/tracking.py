"""How far a portfolio strays from target, compiled: the rolling twin of ``keel.domain.policy.tracking``."""

from __future__ import annotations

import numpy as np

from keel.backtest.kernel.compiled import compiled
from keel.backtest.kernel.records import Trailing
from keel.domain.arrays import Floats
from keel.domain.policy.tracking import SESSIONS


@compiled
def trailing_covariance(returns: Floats, t: int, trailing: Trailing) -> None:
    """Moves ``trailing`` on to the last 252 ``returns`` (n, m) up to session t; call it at every session from 1.

    One session in and one out: 4 ms for 8,313 sessions of 20 leaves, and no (n, m, m) array. The covariance itself is
    taken where it is read, in ``drift_error``.
    """
    sums, products = trailing.sums, trailing.products
    m = len(sums)
    gone = t - SESSIONS
    for i in range(m):
        sums[i] += returns[t, i]
        for j in range(i, m):
            products[i, j] += returns[t, i] * returns[t, j]
    if gone < 1:
        return
    for i in range(m):
        sums[i] -= returns[gone, i]
        for j in range(i, m):
            products[i, j] -= returns[gone, i] * returns[gone, j]


@compiled
def drift_error(weight: Floats, goal: Floats, trailing: Trailing) -> float:
    """√(driftᵀ Σ drift), with drift = weight − goal (m,) and Σ the covariance of the trailing returns.

    A year's, because the returns come times √periods per year. Only the upper triangle is kept, so what lies off the
    diagonal counts twice.
    """
    sums, products = trailing.sums, trailing.products
    total = 0.0
    for i in range(len(weight)):
        a = weight[i] - goal[i]
        for j in range(i, len(weight)):
            both = a * (weight[j] - goal[j]) * (products[i, j] - sums[i] * sums[j] / SESSIONS)
            total += both if i == j else 2.0 * both
    return float(np.sqrt(max(total / (SESSIONS - 1), 0.0)))
