"""Shares by each method: held to closed forms, to what defines the method, and to the bounds. Loads skfolio once."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.portfolio.risk import risk
from keel.domain.portfolio.room import Mean, Room
from keel.domain.portfolio.split import PLAIN, Method
from keel.errors import InputError
from keel.optimise import weights
from keel.optimise.weights import available, shares

FREE = Room(np.zeros(3), np.ones(3))
RANDOM = np.random.default_rng(7)
COMMON = RANDOM.normal(0, 0.01, (400, 1))
RETURNS = 0.3 * COMMON + RANDOM.normal(0, 0.01, (400, 3)) * [1.0, 2.0, 0.7]
MATRIX = np.cov(RETURNS, rowvar=False)


def normal(raw: np.ndarray) -> np.ndarray:
    return raw / raw.sum()


def test_equal_parts_and_inverse_volatility_are_plain_arithmetic() -> None:
    assert shares(Method.equal, RETURNS, FREE).tolist() == pytest.approx([1 / 3] * 3)
    calm = normal(1 / RETURNS.std(axis=0, ddof=1))
    np.testing.assert_allclose(shares(Method.inverse_volatility, RETURNS, FREE), calm, atol=1e-9)


def test_least_variance_and_most_diversified_are_their_closed_forms() -> None:
    least = normal(np.linalg.solve(MATRIX, np.ones(3)))
    np.testing.assert_allclose(shares(Method.minimum_variance, RETURNS, FREE), least, atol=1e-3)
    most = normal(np.linalg.solve(MATRIX, np.sqrt(np.diag(MATRIX))))
    np.testing.assert_allclose(shares(Method.maximum_diversification, RETURNS, FREE), most, atol=1e-3)


def test_equal_risk_contributes_alike_and_a_hierarchy_of_two_is_inverse_variance() -> None:
    found = risk(shares(Method.risk_parity, RETURNS, FREE), MATRIX)
    assert found.shares.tolist() == pytest.approx([1 / 3] * 3, abs=1e-3)
    two = shares(Method.hrp, RETURNS[:, :2], Room(np.zeros(2), np.ones(2)))
    np.testing.assert_allclose(two, normal(1 / np.diag(MATRIX)[:2]), atol=1e-6)


@pytest.mark.parametrize("method", Method)
def test_every_method_stays_inside_the_bounds_and_sums_to_one(method: Method) -> None:
    low, high = np.array([0.0, 0.25, 0.0]), np.array([0.4, 1.0, 0.3])
    found = shares(method, RETURNS, Room(low, high))
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert (found >= low - 1e-6).all()
    assert (found <= high + 1e-6).all()
    assert shares(method, RETURNS[:, :1], Room(low[:1], high[:1])).tolist() == [1.0]


@pytest.mark.parametrize("method", Method)
def test_every_method_keeps_to_the_limits_on_what_the_products_cost(method: Method) -> None:
    fee = Mean("max_expense_ratio", np.array([0.0075, 0.0003, 0.0095]), 0.003)
    gear = Mean("max_leverage", np.array([1.0, 2.0, 1.0]), 1.8)
    found = shares(method, RETURNS, Room(FREE.low, FREE.high, (fee, gear)))
    assert found.sum() == pytest.approx(1.0, abs=1e-12)
    assert fee.of(found) <= fee.most + 1e-5
    assert gear.of(found) <= gear.most + 1e-5
    free = shares(method, RETURNS, FREE)
    assert fee.of(free) > fee.most


def test_with_a_limit_on_the_fee_the_least_variance_is_still_the_least() -> None:
    """Against every mix on a fine grid that keeps to the limit."""
    fee = Mean("max_expense_ratio", np.array([0.0075, 0.0003, 0.0095]), 0.005)
    found = shares(Method.minimum_variance, RETURNS, Room(FREE.low, FREE.high, (fee,)))
    steps = np.linspace(0, 1, 101)
    grid = np.array([(a, b, 1 - a - b) for a in steps for b in steps if a + b <= 1])
    grid = grid[grid @ fee.values <= fee.most + 1e-12]
    best = np.einsum("ni,ij,nj->n", grid, MATRIX, grid).min()
    assert found @ MATRIX @ found <= best * (1 + 1e-4)


def test_without_skfolio_the_plain_methods_stay_and_the_others_say_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    assert [method for method in Method if available(method)] == list(PLAIN)
    with pytest.raises(InputError, match=r"needs skfolio: pip install 'keel\[optimise\]'"):
        shares(Method.hrp, RETURNS, FREE)
