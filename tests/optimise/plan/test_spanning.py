"""Money over buckets that products span: by hand, equal to the waterfill where none does, and against a solver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import minimize
from tests.domain.plan.desks import desk, held

from keel.domain.arrays import Floats
from keel.domain.plan.deposits.products import Products, products
from keel.domain.plan.deposits.rules import Amount, Rule, purchases, sales
from keel.domain.plan.tradable import Tradable
from keel.optimise.plan.spanning import buying, selling

OVER_BUCKETS = [Rule.relative_waterfill, Rule.absolute_waterfill]
MIXED = {"Stocks": (0.6, {"S": 0.5, "M": 0.5}), "Bonds": (0.4, {"B": 0.5, "M": 0.5})}
BALANCED = {"S": 30.0, "B": 20.0, "M": 50.0}


def amounts(lines: Tradable, change: float) -> tuple[Products, Amount]:
    every = products(lines, outside=True)
    return every, Amount(every.values, every.targets, lines.held.total + change, np.ones(len(every.symbols), bool))


def by_symbol(every: Products, traded: Floats) -> dict[str, float]:
    return dict(zip(every.symbols, traded.tolist(), strict=True))


def test_a_balanced_fund_is_bought_for_what_its_buckets_lack() -> None:
    lines = desk(MIXED, held({"S": 60.0, "B": 10.0, "M": 30.0}))
    every, of = amounts(lines, 20.0)
    found = by_symbol(every, buying(lines, every)(of, 20.0, Rule.relative_waterfill))
    assert found == pytest.approx({"S": 0.0, "B": 20.0, "M": 0.0}, abs=1e-9)
    every, of = amounts(lines, 60.0)
    found = by_symbol(every, buying(lines, every)(of, 60.0, Rule.relative_waterfill))
    stocks, bonds = 60 + 0.6 * (30 + found["M"]) + found["S"], 10 + 0.4 * (30 + found["M"]) + found["B"]
    assert (stocks, bonds) == pytest.approx((96.0, 64.0))


def test_a_withdrawal_takes_strays_first_and_then_from_the_fullest_bucket() -> None:
    lines = desk(MIXED, held({"S": 60.0, "B": 10.0, "M": 30.0, "X": 5.0}))
    every, of = amounts(lines, -15.0)
    found = by_symbol(every, selling(lines, every)(of, 15.0, Rule.absolute_waterfill))
    assert found == pytest.approx({"S": 10.0, "B": 0.0, "M": 0.0, "X": 5.0}, abs=1e-9)
    assert by_symbol(every, selling(lines, every)(of, 4.0, Rule.relative_waterfill))["X"] == pytest.approx(4.0)


@pytest.mark.parametrize("rule", list(Rule))
def test_without_a_product_in_several_buckets_it_is_the_rule_itself(rule: Rule) -> None:
    lines = desk({"A": 0.5, "B": 0.5}, held({"A": 80, "B": 10}))
    every, _ = amounts(lines, 0.0)
    assert (buying(lines, every), selling(lines, every)) == (purchases, sales)
    mixed = desk(MIXED, held(BALANCED))
    every, of = amounts(mixed, 10.0)
    if rule not in OVER_BUCKETS:
        assert buying(mixed, every)(of, 10.0, rule).tolist() == purchases(of, 10.0, rule).tolist()


@pytest.mark.parametrize("rule", OVER_BUCKETS)
@pytest.mark.parametrize("seed", range(4))
def test_it_equals_the_waterfill_where_nothing_spans(seed: int, rule: Rule) -> None:
    rng = np.random.default_rng(seed)
    names = [f"S{n}" for n in range(12)]
    targets, values = rng.dirichlet(np.ones(12)), 10 ** rng.uniform(0, 4, 12)
    lines = desk(dict(zip(names, targets.tolist(), strict=True)), held(dict(zip(names, values.tolist(), strict=True))))
    twice = replace(lines, book=replace(lines.book, symbols=("S0", "S0", *names[2:])))  # so that the programme is asked
    amount = float(values.sum() * 10 ** rng.uniform(-3, 0))
    every, of = amounts(lines, amount)
    assert buying(twice, every)(of, amount, rule) == pytest.approx(purchases(of, amount, rule), abs=1e-8 * of.total)
    every, of = amounts(lines, -amount / 2)
    assert selling(twice, every)(of, amount / 2, rule) == pytest.approx(
        sales(of, amount / 2, rule), abs=1e-8 * values.sum()
    )


@pytest.mark.parametrize("rule", OVER_BUCKETS)
@pytest.mark.parametrize("seed", range(3))
def test_no_other_placement_is_better(seed: int, rule: Rule) -> None:
    rng = np.random.default_rng(seed)
    names, buckets = [f"S{n}" for n in range(5)], {}
    for name, target in zip("ABC", rng.dirichlet(np.ones(3)).tolist(), strict=True):
        few = rng.choice(names, 2, replace=False).tolist()
        buckets[name] = (target, dict(zip([*few, "V"], rng.dirichlet(np.ones(3)).tolist(), strict=True)))
    lines = desk(buckets, held(dict(zip([*names, "V"], rng.uniform(0, 100, 6).tolist(), strict=True))))
    every, of = amounts(lines, 80.0)
    weights = 1.0 / lines.book.targets if rule is Rule.relative_waterfill else np.ones(3)

    def loss(bought: Floats) -> float:
        gaps = every.inside @ (of.values + bought) / of.total - lines.book.targets
        return float((weights * gaps**2).sum())

    may = of.targets > 0.0
    bounds = [(0.0, 80.0 if yes else 0.0) for yes in may]
    even = np.where(may, 80.0 / may.sum(), 0.0)
    oracle = minimize(
        loss,
        even,
        bounds=bounds,
        constraints={"type": "eq", "fun": lambda x: x.sum() - 80.0},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    found = buying(lines, every)(of, 80.0, rule)
    assert found.sum() == pytest.approx(80.0)
    assert found.min() >= 0.0
    assert loss(found) <= oracle.fun + 1e-10
