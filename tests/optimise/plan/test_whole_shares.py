"""The best whole shares: against trying everything."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from keel.domain.plan.deposits.rules import Amount
from keel.optimise.plan.whole_shares import beside_the_best, exact


@pytest.mark.parametrize("seed", range(4))
def test_it_is_as_good_as_trying_everything(seed: int) -> None:
    rng = np.random.default_rng(seed)
    values, parts = rng.integers(0, 900, 3).astype(float), rng.integers(1, 9, 3)
    prices, money = rng.choice([40.0, 75.0, 110.0, 160.0], 3), 700.0
    targets = parts / parts.sum()
    of = Amount(values, targets, float(values.sum()) + money, np.ones(3, dtype=bool))

    def loss(count: np.ndarray) -> float:
        return float((targets * ((values + count * prices) / (targets * of.total) - 1.0) ** 2).sum())

    grid = product(*[range(int(money / p) + 1) for p in prices])
    best = min(loss(np.array(n)) for n in grid if np.dot(n, prices) <= money)
    found = exact(of, prices, money)
    assert found.least == pytest.approx(best, abs=1e-9)
    assert float(found.count @ prices) <= money
    assert found.unrounded <= found.least + 1e-12


def test_the_distances_are_said() -> None:
    of = Amount(np.array([4200.0, 3600.0, 1200.0]), np.array([0.5, 0.3, 0.2]), 10000.0, np.ones(3, dtype=bool))
    said = beside_the_best(of, np.array([100.0, 50.0, 75.0]), 1000.0, np.array([400.0, 0.0, 600.0]))
    assert said.startswith("Sum of squared relative gaps: 0.0172 one share at a time, 0.0172 at best")
