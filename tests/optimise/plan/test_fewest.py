"""The fewest trades: against the closed form that one account without limits has."""

from __future__ import annotations

import numpy as np
import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.limits import Limits
from keel.domain.plan.tradable import Tradable
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.position import Position
from keel.optimise.plan.fewest import fewest


def by_hand(lines: Tradable, goal: np.ndarray, count: int) -> float:
    """Sell the largest surpluses, buy the largest gaps: what m sales and n purchases can move is the least of both."""
    over = np.sort(np.maximum(lines.held.value - goal, 0.0))[::-1]
    short = np.sort(np.maximum(goal - lines.held.value, 0.0))[::-1]
    start = 0.5 * (np.abs(lines.held.value - goal).sum() + lines.held.idle)
    moved = max(min(lines.held.idle + over[:m].sum(), short[: count - m].sum()) for m in range(count + 1))
    return float((start - moved) / lines.held.total)


@pytest.mark.parametrize("seed", range(3))
def test_each_step_is_the_least_that_so_many_orders_can_leave(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"S{n}" for n in range(7)]
    targets = rng.dirichlet(np.ones(7))
    amounts = dict(zip([*names, "CASH"], [*(targets * rng.uniform(0.3, 2.0, 7) * 1e4), 150.0 * seed], strict=True))
    lines = desk(dict(zip(names, targets.tolist(), strict=True)), held(amounts))
    goal = lines.book.targets * lines.held.total
    free = np.ones(len(lines.symbols), dtype=bool)
    steps = fewest(lines, goal, Limits(), free).steps
    assert [s.orders for s in steps] == list(range(len(steps)))
    assert [s.drift for s in steps] == pytest.approx([by_hand(lines, goal, s.orders) for s in steps], abs=2e-6)
    assert steps[-1].drift == pytest.approx(0.0, abs=1e-6)
    assert all(s.gap <= 1e-6 for s in steps)


def test_edits_and_other_accounts_are_kept_to() -> None:
    positions = [Position("A", 60, account="T"), Position("B", 40, account="D")]
    lines = desk({"A": 0.5, "B": 0.5}, positions, accounts=[Account("T"), Account("D")])
    goal = np.array([50.0, 50.0])
    free = np.ones(len(lines.symbols), dtype=bool)
    assert [s.orders for s in fewest(lines, goal, Limits(), free).steps] == [0, 1, 2]
    fixed = fewest(lines, goal, Limits(edits={("T", "A"): -4.0}), free).steps
    assert fixed[-1].drift == pytest.approx(0.06, abs=1e-6)
    assert len(fewest(lines, goal, Limits(max_trades=1), free).steps) == 2


def test_one_order_may_fill_every_bucket_of_its_product() -> None:
    buckets = {"One": (0.2, {"V": 1.0}), "Two": (0.3, {"V": 0.5, "W": 0.5}), "B": 0.25, "C": 0.25}
    lines = desk(buckets, held({"CASH": 100}))
    steps = fewest(lines, lines.book.targets * 100.0, Limits(), np.ones(len(lines.symbols), dtype=bool)).steps
    assert [s.drift for s in steps[:2]] == pytest.approx([1.0, 0.5], abs=1e-6)
