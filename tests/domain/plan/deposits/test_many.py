"""Deposits of many portfolios are those of each."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.plan.deposits.many import deposits
from keel.domain.plan.waterfill import relative_waterfill


def test_every_row_is_the_deposit_of_its_portfolio() -> None:
    rng = np.random.default_rng(7)
    values = rng.integers(0, 9, (40, 5)).astype(float) * 100
    parts = rng.integers(0, 4, (40, 5)).astype(float)
    parts[:, 0] += 1.0
    targets = parts / parts.sum(axis=1, keepdims=True)
    amounts = rng.choice([0.0, 1.0, 450.0, 9000.0], 40)
    found = deposits(values, targets, amounts)
    rows = zip(values, targets, amounts, strict=True)
    assert found == pytest.approx(np.array([relative_waterfill(v, t, float(a)) for v, t, a in rows]), abs=1e-9)


def test_without_a_target_nothing_is_bought() -> None:
    assert deposits(np.array([[1.0, 2.0]]), np.zeros((1, 2)), np.array([5.0])).tolist() == [[0.0, 0.0]]
