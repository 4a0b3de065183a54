"""Deposits of many portfolios are those of each."""

from __future__ import annotations

import numpy as np
import pytest

from keel.domain.plan.deposits.many import deposits
from keel.domain.plan.deposits.rules import Amount, Rule, purchases


@pytest.mark.parametrize("rule", list(Rule))
def test_every_row_is_the_deposit_of_its_portfolio(rule: Rule) -> None:
    rng = np.random.default_rng(7)
    values = rng.integers(0, 9, (40, 5)).astype(float) * 100
    parts = rng.integers(0, 4, (40, 5)).astype(float)
    parts[:, 0] += 1.0
    targets = parts / parts.sum(axis=1, keepdims=True)
    amounts = rng.choice([0.0, 1.0, 450.0, 9000.0], 40)
    beside = rng.choice([0.0, 300.0], 40)
    found = deposits(values, targets, amounts, rule, beside)
    rows = zip(values, targets, amounts.tolist(), beside.tolist(), strict=True)
    alone = [purchases(Amount(v, t, v.sum() + a + b, np.ones(5, dtype=bool)), a, rule) for v, t, a, b in rows]
    assert found == pytest.approx(np.array(alone), abs=1e-9)


@pytest.mark.parametrize("rule", list(Rule))
def test_without_a_target_nothing_is_bought(rule: Rule) -> None:
    assert deposits(np.array([[1.0, 2.0]]), np.zeros((1, 2)), np.array([5.0]), rule).tolist() == [[0.0, 0.0]]
