"""Risk contributions: by hand, what must hold of any, and as an independent formula has them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keel.domain.portfolio.risk import covariance, grouped, risk

TWO = np.array([[0.04, 0.006], [0.006, 0.01]])  # 20% and 10%, correlation 0.3


def test_by_hand() -> None:
    found = risk(np.array([0.6, 0.4]), TWO)
    variance = 0.36 * 0.04 + 2 * 0.24 * 0.006 + 0.16 * 0.01  # 0.01888
    assert found.volatility == pytest.approx(math.sqrt(variance))
    assert found.contributions[0] == pytest.approx((0.36 * 0.04 + 0.24 * 0.006) / math.sqrt(variance))
    assert found.volatilities.tolist() == pytest.approx([0.2, 0.1])
    assert found.shares.sum() == pytest.approx(1.0)


def test_a_part_that_hedges_takes_risk_away() -> None:
    found = risk(np.array([0.9, 0.1]), np.array([[0.04, -0.03], [-0.03, 0.04]]))
    assert found.contributions[1] < 0
    assert found.contributions.sum() == pytest.approx(found.volatility)


def test_what_never_moves_has_no_risk() -> None:
    found = risk(np.array([1.0]), np.zeros((1, 1)))
    assert (found.volatility, found.shares.tolist()) == (0.0, [0.0])


def test_groups_add_up_and_keep_the_volatility_of_the_whole() -> None:
    parts = risk(np.array([0.3, 0.3, 0.4, 0.0]), np.diag([0.04, 0.09, 0.01, 0.5]))
    found = grouped(parts, np.array([0, 0, 1, 2]), 3)
    assert found.volatility == pytest.approx(parts.volatility)
    assert found.contributions.tolist() == pytest.approx([parts.contributions[:2].sum(), parts.contributions[2], 0.0])
    assert found.volatilities.tolist() == pytest.approx([math.sqrt(0.25 * (0.04 + 0.09)), 0.1, 0.0])


sizes = st.integers(1, 6)


@given(sizes, st.integers(0, 2**20))
def test_contributions_sum_to_the_volatility_and_are_its_derivative(k: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    factors = random.normal(size=(k, k + 2))
    matrix, weights = factors @ factors.T, random.dirichlet(np.ones(k))
    found = risk(weights, matrix)
    assert found.contributions.sum() == pytest.approx(found.volatility, rel=1e-12)
    step = 1e-6
    for i in range(k):
        moved = weights.copy()
        moved[i] += step
        slope = (math.sqrt(moved @ matrix @ moved) - found.volatility) / step
        assert found.contributions[i] == pytest.approx(weights[i] * slope, abs=1e-4 * (1 + found.volatility))


@given(st.integers(3, 40), sizes, st.integers(0, 2**20))
def test_the_covariance_is_that_of_pandas(n: int, k: int, seed: int) -> None:
    closes = np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.02, (n, k)), axis=0))
    oracle = pd.DataFrame(closes).pct_change().cov().to_numpy() * 252
    np.testing.assert_allclose(covariance(closes, 252), oracle, atol=1e-12)
