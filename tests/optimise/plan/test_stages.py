"""The staged programme: by hand, equal to the plan of one account, and against brute force on small books."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.arrays import Floats
from keel.domain.drift.held import by_leaf
from keel.domain.plan.gains import Tax
from keel.domain.plan.limits import Limits
from keel.domain.plan.location import Location
from keel.domain.plan.outcome import Outcome, Traded, outcome
from keel.domain.plan.tradable import Tradable
from keel.domain.plan.trade import aims, trades
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.errors import InputError
from keel.optimise.plan import stages
from keel.optimise.plan.solver import SEARCH, Rows, Solved
from keel.optimise.plan.stages import staged

MONTHLY = PRESETS["monthly"]
TWO = [Account("T"), Account("D", AccountKind.deferred)]


def solve(lines: Tradable, limits: Limits | None = None, where: Location | None = None) -> Outcome:
    wanted = aims(lines, MONTHLY)
    free = np.ones(len(lines.symbols), dtype=bool)
    found = staged(lines, by_leaf(lines.book, wanted), limits or Limits(), free, where or Location())
    return outcome(lines, Traded(found.value, wanted, np.zeros(len(lines.accounts))), "r")


def by_key(found: Outcome) -> dict[tuple[str, str], float]:
    return {(o.account, o.symbol): o.value for o in found.orders}


@pytest.mark.parametrize("seed", range(5))
def test_one_account_without_limits_is_the_plan_of_one_account(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = [f"S{n}" for n in range(6)]
    targets = rng.dirichlet(np.ones(6)).tolist()
    amounts = dict(zip([*names, "X", "CASH"], rng.uniform(0, 900, 8).tolist(), strict=True))
    lines = desk(dict(zip(names, targets, strict=True)), held(amounts))
    plain = outcome(lines, trades(lines, MONTHLY, Limits()), "r")
    assert by_key(solve(lines)) == pytest.approx(by_key(plain), abs=1e-6 * lines.held.total)


def test_gains_are_made_where_they_are_not_taxed() -> None:
    lots = (Lot(50, 0.2),)
    positions = [Position("A", 50, account="T", lots=lots), Position("A", 50, account="D", lots=lots)]
    found = solve(desk({"A": 0.6, "B": 0.4}, positions, accounts=TWO))
    assert by_key(found) == pytest.approx({("D", "A"): -40.0, ("D", "B"): 40.0})
    assert (found.tax, found.drift_after) == pytest.approx((0.0, 0.0), abs=1e-9)


def test_a_loss_is_taken_against_a_gain_but_not_bought_back() -> None:
    buckets = {"S": (0.5, {"S1": 0.5, "S2": 0.5}), "B": 0.5}
    positions = [
        Position("S1", 60, lots=(Lot(60, 1.5),)),
        Position("S2", 10, lots=(Lot(10, 1.0),)),
        Position("B", 30),
    ]
    found = solve(desk(buckets, positions, tax=Tax(0.4, 0.2)))
    assert found.drift_after == pytest.approx(0.0, abs=1e-9)
    assert found.tax == 0.0
    assert len({o.symbol for o in found.orders}) == len(found.orders)


def test_bonds_move_to_the_deferred_account_when_that_costs_nothing() -> None:
    positions = [Position(s, 50, account=a) for a in ("T", "D") for s in ("B", "S")]
    where = Location({"B": "bonds", "S": "equity"})
    found = solve(desk({"B": 0.5, "S": 0.5}, positions, accounts=TWO), where=where)
    assert by_key(found) == pytest.approx({("T", "B"): -50.0, ("T", "S"): 50.0, ("D", "S"): -50.0, ("D", "B"): 50.0})
    assert solve(desk({"B": 0.5, "S": 0.5}, positions, accounts=TWO)).orders == ()


def test_money_stays_in_its_account_even_if_drift_is_left() -> None:
    positions = [Position("A", 90, account="T", no_sell=True), Position("CASH", 10, account="D")]
    found = solve(desk({"A": 0.5, "B": 0.5}, positions, accounts=TWO))
    assert by_key(found) == pytest.approx({("D", "B"): 10.0})
    assert found.drift_after == pytest.approx(0.4)


def test_lots_are_sold_in_their_order_within_a_gain_budget() -> None:
    lots = (Lot(50, 0.2, None), Lot(50, 0.95, None))
    dear_first = desk({"A": 0.2, "B": 0.8}, [Position("A", 100, lots=lots, account="T"), Position("B", 0, account="D")])
    found = solve(dear_first, Limits(gain_budget=10.0))
    assert found.realised.gain <= 10.0 + 1e-6
    assert by_key(found)[("T", "A")] == pytest.approx(-(50 + 7.5 / 0.8))


def test_at_most_so_many_orders_and_so_much_turnover() -> None:
    lines = desk({"A": 0.25, "B": 0.25, "C": 0.25, "D": 0.25}, held({"A": 45, "B": 27, "C": 18, "D": 10}))
    two = solve(lines, Limits(max_trades=2))
    assert ({o.symbol for o in two.orders}, two.drift_after) == ({"A", "D"}, pytest.approx(0.07))
    assert solve(lines, Limits(max_trades=0)).orders == ()
    assert solve(lines, Limits(max_turnover=0.05)).turnover == pytest.approx(0.05)


GRID = 10.0


def brute(lines: Tradable, goal: Floats, charges: dict[int, float]) -> tuple[float, float, int]:
    """Least drift, then tax, then orders over all trades in steps of ten."""
    best = (np.inf, np.inf, 0)
    total = lines.held.total
    leaf = {s: int(x) for s, x in zip(lines.book.symbols, lines.book.leaf, strict=True)}
    steps = [np.arange(-round(v / GRID), round(total / GRID) + 1) * GRID for v in lines.value]
    for moves in product(*[s[np.abs(s) <= 40] for s in steps]):
        cash = lines.cash - np.bincount(lines.account, weights=moves, minlength=len(lines.accounts))
        if (cash < -1e-9).any():
            continue
        after = by_leaf(lines.book, lines.held.value)
        for symbol, move in zip(lines.symbols, moves, strict=True):
            after[leaf[symbol]] += move
        drift = 0.5 * (np.abs(after - goal).sum() + cash.sum()) / total
        tax = max(sum(-min(moves[n], 0.0) * c for n, c in charges.items()), 0.0) / total
        best = min(best, (round(drift, 9), round(tax, 9), int(np.count_nonzero(moves))))
    return best


@pytest.mark.parametrize("seed", range(4))
def test_small_books_are_as_good_as_trying_everything(seed: int) -> None:
    rng = np.random.default_rng(seed)
    amounts = rng.integers(0, 5, 4) * GRID
    keys = list(product(("T", "D"), ("A", "B")))
    costs = rng.choice([0.5, 0.9, 1.2], 4)
    positions = [
        Position(s, float(v), account=a, lots=(Lot(float(v), float(c)),)) if v else Position(s, 0.0, account=a)
        for (a, s), v, c in zip(keys, amounts, costs, strict=True)
    ]
    positions.append(Position("CASH", float(rng.integers(0, 3) * GRID) + GRID, account="T"))
    whole = sum(p.quantity for p in positions)
    target = round(float(rng.integers(1, 9)) / 10 * whole / GRID) * GRID / whole
    lines = desk({"A": target, "B": 1 - target}, positions, accounts=TWO)
    goal = by_leaf(lines.book, aims(lines, MONTHLY))
    rows = enumerate(zip(lines.slices, lines.taxable, strict=True))
    charges = {n: s[0].known_gain / s[0].value * s[0].rate for n, (s, t) in rows if t and s}
    drift, tax, orders = brute(lines, goal, charges)
    found = solve(lines)
    assert found.drift_after == pytest.approx(drift, abs=1e-6)
    assert found.tax / whole == pytest.approx(tax, abs=1e-6)
    assert len(found.orders) <= orders


def test_amounts_of_very_different_sizes_still_have_a_plan() -> None:
    positions = [
        Position("A", 9e9, account="T", lots=(Lot(9e9, 0.4),)),
        Position("B", 3e-3, account="T", lots=(Lot(3e-3, 2.0),)),
        Position("A", 2e-2, account="D"),
        Position("CASH", 5.0, account="D"),
    ]
    found = solve(desk({"A": 0.2, "B": 0.8}, positions, accounts=TWO))
    assert found.drift_after == pytest.approx(0.0, abs=1e-6)
    assert min(found.cash.values()) >= -1e-6 * found.total_after


def test_a_search_that_ends_early_leaves_out_the_later_aims(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def slow(cost: Floats, rows: Rows, *rest: Any) -> Solved:
        asked.append(len(rows.low))
        if len(asked) in (2, 3):
            raise InputError("Too long.", subject=SEARCH)
        return once(cost, rows, *rest)

    once = stages.solve
    monkeypatch.setattr(stages, "solve", slow)
    lots = (Lot(50, 0.2),)
    found = solve(desk({"A": 0.6, "B": 0.4}, [Position("A", 50, account=a, lots=lots) for a in "TD"], accounts=TWO))
    assert found.drift_after == pytest.approx(0.0, abs=1e-9)
    assert len(asked) < 8  # neither of the two is asked again
