"""Tracking error of a drift: how far a portfolio off its targets would stray from them in a year.

The plain form, and the oracle of its compiled twin ``keel.backtest.kernel.tracking``: it takes each covariance anew
where the twin moves one along.
"""

from __future__ import annotations

import math

import numpy as np

from keel.domain.arrays import Floats

SESSIONS = 252  # trailing returns the covariance is taken over, on data of any frequency


def trailing_covariance(returns: Floats, session: int) -> Floats | None:
    """The sample covariance (m, m) of the last 252 returns up to ``session``; None before there are as many.

    ``returns`` (n, m), row t that of the leaves from close t − 1 to close t; row 0 is not read.
    """
    if session < SESSIONS:
        return None
    return np.atleast_2d(np.cov(returns[session - SESSIONS + 1 : session + 1], rowvar=False))


def drift_error(drift: Floats, covariance: Floats, periods_per_year: float) -> float:
    """√(driftᵀ Σ drift) a year, a fraction; ``drift`` (m,), ``covariance`` (m, m) of returns per session.

    >>> round(drift_error(np.array([0.1, -0.1]), np.diag([0.0003, 0.0001]), 252), 6)
    0.031749
    """
    return math.sqrt(max(float(drift @ covariance @ drift), 0.0) * periods_per_year)
