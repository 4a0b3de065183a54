"""The four rules: by hand, by their properties, and against a quadratic programme solved by scipy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import minimize

from keel.domain.arrays import Floats
from keel.domain.plan.deposits.rules import LABELS, WHY, Amount, Rule, purchases, sales
from keel.errors import InputError

ALL = list(Rule)
V, D = np.array([4200.0, 3600.0, 1200.0]), np.array([0.5, 0.3, 0.2])


def amount(values: Floats, targets: Floats, money: float, free: Any = None) -> Amount:
    mask = np.ones(len(values), dtype=bool) if free is None else np.array(free)
    return Amount(values, targets, float(values.sum()) + money, mask)


@st.composite
def books(draw: st.DrawFn) -> tuple[Floats, Floats]:
    k = draw(st.integers(1, 6))
    parts = draw(st.lists(st.integers(0, 9), min_size=k, max_size=k).filter(lambda p: sum(p) > 0))
    values = draw(st.lists(st.integers(0, 5000), min_size=k, max_size=k).filter(lambda v: sum(v) > 0))
    return np.array(values, dtype=float), np.array(parts) / sum(parts)


def test_proportional_rules_by_hand() -> None:
    assert purchases(amount(V, D, 1000.0), 1000.0, Rule.target_proportional).tolist() == [500.0, 300.0, 200.0]
    assert purchases(amount(V, D, 1000.0), 1000.0, Rule.gap_proportional).tolist() == pytest.approx([500.0, 0.0, 500.0])
    # gaps at T = 8000: surplus 200, 1200 and none, of which 1000 are taken
    assert sales(amount(V, D, -1000.0), 1000.0, Rule.gap_proportional) == pytest.approx([1000 / 7, 6000 / 7, 0.0])
    of = amount(np.array([100.0, 5000.0, 4900.0]), D, -1000.0)
    rest = 400.0
    expected = [100.0, 300.0 + rest * 5000 / 9900, 200.0 + rest * 4900 / 9900]
    assert sales(of, 1000.0, Rule.target_proportional) == pytest.approx(expected)


@pytest.mark.parametrize("rule", ALL)
@given(held=books(), money=st.floats(0.01, 20_000.0))
def test_a_deposit_spends_itself_never_sells_and_buys_no_stray(rule: Rule, held: Any, money: float) -> None:
    values, targets = held
    bought = purchases(amount(values, targets, money), money, rule)
    assert (bought >= 0.0).all()
    assert bought.sum() == pytest.approx(money, rel=1e-9)
    assert (bought[targets == 0.0] == 0.0).all()


@pytest.mark.parametrize("rule", ALL)
@given(held=books(), part=st.floats(0.0, 1.0))
def test_a_withdrawal_brings_itself_and_sells_strays_first(rule: Rule, held: Any, part: float) -> None:
    values, targets = held
    money = part * float(values.sum())
    sold = sales(amount(values, targets, -money), money, rule)
    assert (sold >= 0.0).all()
    assert (sold <= values * (1 + 1e-12)).all()
    assert sold.sum() == pytest.approx(money, rel=1e-9, abs=1e-9)
    strays = targets == 0.0
    if sold[~strays].sum() > 1e-6:
        assert sold[strays] == pytest.approx(values[strays])


@pytest.mark.parametrize("rule", ALL)
@given(held=books(), money=st.integers(1, 9000), scale=st.floats(0.01, 100.0), turn=st.integers(0, 5))
def test_neither_order_nor_scale_matters(rule: Rule, held: Any, money: int, scale: float, turn: int) -> None:
    values, targets = held
    order = np.roll(np.arange(len(values)), turn)
    found = purchases(amount(values, targets, money), money, rule)
    other = purchases(amount(values[order] * scale, targets[order], money * scale), money * scale, rule)
    assert other / scale == pytest.approx(found[order], abs=1e-6)


def quadratic(of: Amount, money: float, weights: Floats) -> Floats:
    """argmin Σ weights·f² over purchases of ``money``, or sales of −``money``, by scipy."""
    goal = of.targets * of.total
    bounds = [(0.0, None)] * len(goal) if money > 0 else [(-v, 0.0) for v in of.values]

    def loss(x: Floats) -> tuple[float, Floats]:
        f = (of.values + x * of.total) / goal - 1.0
        return float((weights * f**2).sum()), 2 * weights * f * of.total / goal

    scaled = [(None if a is None else a / of.total, None if b is None else b / of.total) for a, b in bounds]
    start = np.full(len(goal), money / len(goal)) if money > 0 else money * of.values / of.values.sum()
    budget = {"type": "eq", "fun": lambda x: x.sum() - money / of.total, "jac": np.ones_like}
    options = {"ftol": 1e-16, "maxiter": 500}
    solved = minimize(loss, start / of.total, jac=True, bounds=scaled, constraints=[budget], options=options)
    return np.asarray(solved.x) * of.total


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("rule", [Rule.relative_waterfill, Rule.absolute_waterfill])
def test_waterfills_are_the_least_of_their_quadratic_programme(rule: Rule, seed: int) -> None:
    rng = np.random.default_rng(seed)
    k = int(rng.integers(2, 7))
    targets = rng.dirichlet(np.ones(k) * 3)
    values = targets * rng.uniform(0.5, 1.6, k) * 1e4
    weights = targets if rule is Rule.relative_waterfill else targets**2
    for money in (1500.0, -1500.0):
        of = amount(values, targets, money)
        found = purchases(of, money, rule) if money > 0 else -sales(of, -money, rule)
        goal = targets * of.total

        def loss(x: Floats, w: Floats = weights, g: Floats = goal) -> float:
            return float((w * ((values + x) / g - 1.0) ** 2).sum())

        best = quadratic(of, money, weights)
        assert loss(found) <= loss(best) + 1e-12
        assert found / of.total == pytest.approx(best / of.total, abs=2e-6)
        assert loss(found) == pytest.approx(loss(best), abs=1e-8)


@given(held=books(), money=st.integers(1, 9000), seed=st.integers(0, 99))
def test_no_other_placement_has_smaller_absolute_drift(held: Any, money: int, seed: int) -> None:
    values, targets = held
    assume((targets > 0).all())
    of = amount(values, targets, float(money))
    found = purchases(of, float(money), Rule.absolute_waterfill)
    least = float(((found - of.gaps) ** 2).sum())
    for other in np.random.default_rng(seed).dirichlet(np.ones(len(values)), 10) * money:
        assert float(((other - of.gaps) ** 2).sum()) >= least * (1 - 1e-9) - 1e-6


def test_what_may_not_be_traded_is_not_and_nothing_is_asked_of_nothing() -> None:
    of = amount(V, D, 1000.0, [True, True, False])
    for rule in ALL:
        bought = purchases(of, 1000.0, rule)
        assert (bought[2], bought.sum()) == (0.0, pytest.approx(1000.0))
    none = amount(V, D, 1000.0, [False, False, False])
    assert purchases(none, 1000.0, Rule.relative_waterfill).tolist() == [0.0, 0.0, 0.0]
    assert purchases(of, 0.0, Rule.gap_proportional).tolist() == [0.0, 0.0, 0.0]
    with pytest.raises(InputError, match=r"At most 7,800.00 can be withdrawn"):
        sales(of, 8000.0, Rule.relative_waterfill)


def test_every_rule_has_a_name_and_a_reason() -> None:
    assert set(LABELS) == set(WHY) == set(Rule)
