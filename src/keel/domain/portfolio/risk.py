"""Risk: the covariance of what is held, and what each part contributes to the volatility of the whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats, Ints


@dataclass(frozen=True, slots=True, eq=False)
class Risk:
    """The volatility a year of parts held at ``weights`` (k,): the whole's and each part's own (k,), as fractions.

    ``covariance`` (k, k) is a year's. ``contributions`` (k,) sum to the volatility; one below 0 takes risk away.
    """

    weights: Floats
    covariance: Floats
    volatility: float
    volatilities: Floats
    contributions: Floats

    @property
    def shares(self) -> Floats:
        """What part of the volatility each contributes (k,); 0 for all where there is none."""
        return self.contributions / self.volatility if self.volatility > 0 else np.zeros(len(self.weights))


def covariance(closes: Floats, periods: float) -> Floats:
    """The sample covariance (k, k) of the simple returns of closes (n, k), n ≥ 3, by the year.

    >>> covariance(np.array([[1.0], [1.1], [0.99], [1.089]]), 12).round(4).tolist()
    [[0.16]]
    """
    returns = closes[1:] / closes[:-1] - 1.0
    return np.atleast_2d(np.asarray(np.cov(returns, rowvar=False) * periods, dtype=np.float64))


def risk(weights: Floats, covariance: Floats) -> Risk:
    """What each part contributes: w_i · (Σw)_i / √(wᵀΣw), the Euler decomposition of the volatility.

    >>> found = risk(np.array([0.5, 0.5]), np.array([[0.04, 0.0], [0.0, 0.01]]))
    >>> round(found.volatility, 6), found.shares.round(2).tolist()
    (0.111803, [0.8, 0.2])
    """
    marginal = covariance @ weights
    volatility = float(np.sqrt(max(float(weights @ marginal), 0.0)))
    contributions = weights * marginal / volatility if volatility > 0 else np.zeros(len(weights))
    return Risk(weights, covariance, volatility, np.sqrt(np.maximum(np.diag(covariance), 0.0)), contributions)


def grouped(found: Risk, groups: Ints, count: int) -> Risk:
    """The risk of ``count`` groups of parts, ``groups`` (k,) the number of each one's: contributions add up.

    Inside a group the parts keep their proportions; one of weight 0 has no volatility of its own.
    """
    inside = np.zeros((len(found.weights), count))
    inside[np.arange(len(found.weights)), groups] = found.weights
    weights = inside.sum(axis=0)
    held = inside / np.where(weights != 0, weights, 1.0)
    return risk(weights, held.T @ found.covariance @ held)
