"""The best whole shares: against trying everything, and bounded where there are too many to try."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from keel.domain.plan.deposits.rules import Amount, Rule, purchases, sales
from keel.domain.plan.deposits.whole_shares import buy_whole
from keel.optimise.plan.whole_shares import Wishes, beside_the_best, exact, kept, wishes

PRICES = np.array([40.0, 75.0, 110.0, 160.0])


def small(seed: int, rule: Rule) -> tuple[Amount, Wishes, np.ndarray]:
    rng = np.random.default_rng(seed)
    values, parts = rng.integers(0, 900, 3).astype(float), rng.integers(1, 9, 3)
    of = Amount(values, parts / parts.sum(), float(values.sum()) + 700.0, np.ones(3, dtype=bool))
    wanted = purchases(of, 700.0, rule)
    return of, wishes(of, rng.choice(PRICES, 3), wanted, 700.0, rule), wanted


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("seed", range(4))
def test_it_is_as_good_as_trying_everything(seed: int, rule: Rule) -> None:
    _, ask, wanted = small(seed, rule)
    grid = product(*[range(int(700.0 / p) + 1) for p in ask.prices])
    best = min(ask.loss(n * ask.prices) for n in map(np.array, grid) if n @ ask.prices <= 700.0)
    found = exact(ask, np.floor(wanted / ask.prices))
    assert found.least == pytest.approx(best, abs=1e-12)
    assert found.bound == pytest.approx(found.least, abs=1e-9)
    assert float(found.count @ ask.prices) <= 700.0 * (1 + 1e-9)


@pytest.mark.parametrize("rule", list(Rule))
@pytest.mark.parametrize("seed", range(6))
def test_a_sale_is_as_good_as_trying_everything(seed: int, rule: Rule) -> None:
    rng = np.random.default_rng(seed)
    prices, most = rng.choice(PRICES, 3), rng.integers(1, 8, 3).astype(float)
    values, parts = most * prices + rng.uniform(0, 30, 3), rng.integers(1, 9, 3)
    money = float(rng.uniform(0.2, 0.9)) * float(most @ prices)
    of = Amount(values, parts / parts.sum(), float(values.sum()) - money, np.ones(3, dtype=bool))
    sold = sales(of, money, rule)
    ask = kept(of, most, prices, sold, money, rule)
    grid = [np.array(n) for n in product(*[range(int(m) + 1) for m in most])]
    best = min(ask.loss((most - n) * prices) for n in grid if n @ prices >= money)
    found = exact(ask, np.zeros(3))
    assert found.least == pytest.approx(best, abs=1e-12)
    assert found.bound == pytest.approx(found.least, abs=1e-9)
    gaps = (values - sold) / (of.targets * of.total) - 1.0
    wanted = {
        Rule.relative_waterfill: float((of.targets * gaps**2).sum()),
        Rule.absolute_waterfill: float(((of.targets * gaps) ** 2).sum()),
    }
    assert ask.loss(most * prices - sold) == pytest.approx(wanted.get(rule, 0.0))


def test_the_sums_are_those_of_the_rules() -> None:
    of, ask, wanted = small(1, Rule.relative_waterfill)
    gaps = (of.values + wanted) / (of.targets * of.total) - 1.0
    assert ask.loss(wanted) == pytest.approx(float((of.targets * gaps**2).sum()))
    ask = wishes(of, ask.prices, wanted, 700.0, Rule.absolute_waterfill)
    assert ask.loss(wanted) == pytest.approx(float(((of.targets * gaps) ** 2).sum()))
    assert wishes(of, ask.prices, wanted, 700.0, Rule.gap_proportional).loss(wanted) == 0.0


def test_many_products_are_within_a_bound_that_is_proven() -> None:
    rng = np.random.default_rng(5)
    targets, values = rng.dirichlet(np.ones(100)), rng.uniform(0, 2000, 100)
    of = Amount(values, targets, float(values.sum()) + 20_000.0, np.ones(100, dtype=bool))
    wanted = purchases(of, 20_000.0, Rule.relative_waterfill)
    prices = rng.uniform(5, 400, 100)
    ask = wishes(of, prices, wanted, 20_000.0, Rule.relative_waterfill)
    greedy = buy_whole(of, wanted, prices, 20_000.0, tuple(f"S{n:03}" for n in range(100))).count
    found = exact(ask, greedy)
    assert found.bound <= found.least <= ask.loss(greedy * prices)
    assert found.least - found.bound <= 1e-3 * found.least
    assert found.least >= ask.loss(wanted)


def test_money_for_everything_needs_no_search() -> None:
    ask = Wishes(np.ones(2), np.array([100.0, 95.0]), np.array([10.0, 10.0]), 1e6, np.full(2, np.inf))
    found = exact(ask, np.zeros(2))
    assert (found.count.tolist(), found.least, found.bound) == ([10.0, 10.0], 25.0, 25.0)


def test_the_distances_are_said() -> None:
    of = Amount(np.array([4200.0, 3600.0, 1200.0]), np.array([0.5, 0.3, 0.2]), 10000.0, np.ones(3, dtype=bool))
    wanted = purchases(of, 1000.0, Rule.relative_waterfill)
    ask = wishes(of, np.array([100.0, 50.0, 75.0]), wanted, 1000.0, Rule.relative_waterfill)
    said = beside_the_best(ask, np.array([400.0, 0.0, 600.0]), wanted)
    assert said.startswith("Distance from the rule's aim: 0.0172 one share at a time, 0.0172 at best")
