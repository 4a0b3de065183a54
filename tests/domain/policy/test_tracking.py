"""Tracking error of a drift."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.policy.tracking import SESSIONS, drift_error, trailing_covariance


def test_the_covariance_is_that_of_the_last_252_returns_and_of_no_earlier_one() -> None:
    returns = np.random.default_rng(1).normal(0.0, 0.01, (SESSIONS + 3, 3))
    found = trailing_covariance(returns, SESSIONS + 2)
    assert found == pytest.approx(np.cov(returns[3:].T, ddof=1))
    assert trailing_covariance(returns, SESSIONS) == pytest.approx(np.cov(returns[1 : SESSIONS + 1].T))
    assert trailing_covariance(returns, SESSIONS - 1) is None


def test_it_is_the_volatility_of_the_difference_from_target() -> None:
    returns = np.random.default_rng(2).normal(0.0, 0.01, (SESSIONS + 1, 2))
    drift = np.array([0.07, -0.07])
    covariance = trailing_covariance(returns, SESSIONS)
    assert covariance is not None
    strayed = (returns[1:] @ drift).std(ddof=1) * np.sqrt(252)
    assert drift_error(drift, covariance, 252) == pytest.approx(strayed)


def test_one_leaf_has_a_covariance_too() -> None:
    assert trailing_covariance(np.zeros((SESSIONS + 1, 1)), SESSIONS) == pytest.approx(np.zeros((1, 1)))
