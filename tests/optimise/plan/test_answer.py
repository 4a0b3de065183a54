"""The answer to what is asked: which way is taken, and what is said beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.limits import Limits
from keel.domain.plan.location import Location
from keel.domain.plan.outcome import Outcome
from keel.domain.plan.tradable import Tradable
from keel.domain.plan.words import factor_words
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError
from keel.optimise.plan.answer import answer, free_lines

GOLDEN: dict[str, Any] = json.loads((Path(__file__).parents[2] / "golden" / "policies.json").read_text())
CENT = 0.0051
MONTHLY = PRESETS["monthly"]
PAIR = {"A": 0.6, "B": 0.4}


def test_money_is_placed_by_its_rule_and_trades_go_to_the_destination() -> None:
    lines = desk(PAIR, held({"A": 80, "B": 20}))
    assert answer(lines, Ask(), MONTHLY).rule == "to_destination"
    found = answer(lines, Ask(deposit=10.0, rule=Rule.target_proportional), MONTHLY)
    assert (found.rule, [o.value for o in found.orders]) == ("target_proportional", pytest.approx([6.0, 4.0]))
    assert [o.value for o in answer(lines, Ask(withdraw=10.0), MONTHLY).orders] == pytest.approx([-10.0])


def test_only_one_account_is_traded_in_when_it_is_named() -> None:
    positions = [Position("A", 40, account="T"), Position("A", 40, account="D"), Position("B", 20, account="D")]
    lines = desk(PAIR, positions, accounts=[Account("T"), Account("D", AccountKind.deferred)])
    assert {o.account for o in answer(lines, Ask(account="T"), MONTHLY).orders} == {"T"}
    assert free_lines(lines, Ask(account="T")).sum() == 2
    assert free_lines(lines, Ask()).all()


def test_a_product_that_changes_its_account_is_said_with_the_rule() -> None:
    # bonds lie best in the deferred account: A moves to the taxable one as far as its cash goes, which costs nothing
    positions = [
        *(Position("A", 60, account="D"), Position("B", 20, account="D")),
        *(Position("B", 0, account="T"), Position("CASH", 20, account="T")),
    ]
    lines = desk(PAIR, positions, accounts=[Account("T"), Account("D", AccountKind.deferred)])
    where = Location({"A": "equity", "B": "bonds"})
    found = answer(lines, Ask(), MONTHLY, where)
    assert {(o.account, o.symbol): round(o.value) for o in found.orders} == {
        ("D", "A"): -20,
        ("D", "B"): 20,
        ("T", "A"): 20,
    }
    assert found.notes == (
        "A is sold in one account and bought in another:"
        " each class lies where its rank is best, once drift and tax are least.",
    )
    anywhere = answer(lines, Ask(), MONTHLY, Location())
    assert not anywhere.notes
    assert len(anywhere.orders) == 1  # without ranks nothing moves that need not


def test_several_accounts_in_whole_shares_leave_none_in_debt() -> None:
    positions = [Position("A", 7.5, account="T"), Position("A", 4, account="D"), Position("B", 2, account="D")]
    lines = desk(PAIR, positions, {"A": 13.0, "B": 7.0}, accounts=[Account("T"), Account("D")])
    found = answer(lines, Ask(limits=Limits(whole_shares=True)), MONTHLY)
    assert min(found.cash.values()) >= 0.0
    assert all(o.quantity == pytest.approx(round(o.quantity)) for o in found.orders)
    assert found.drift_after < found.drift_before


def test_what_has_no_price_no_cost_or_no_part_is_said() -> None:
    positions = [Position("A", 80), Position("B", 20), Position("Z", 1, role=Role.excluded)]
    found = answer(desk(PAIR, positions, {"Z": 5.0}), Ask(), PRESETS["never"])
    assert any("Excluded holdings worth $5 are" in note for note in found.notes)
    assert any("cost of $20" in note for note in found.notes)
    assert any("judged against" in note for note in found.notes)
    with_cost = desk(PAIR, [Position("A", 80, lots=(Lot(80, 0.5),)), Position("B", 20)])
    assert not any("cost" in note for note in answer(with_cost, Ask(), MONTHLY).notes)


def test_nothing_is_planned_on_nothing() -> None:
    with pytest.raises(InputError, match="worth nothing"):
        answer(desk(PAIR, held({"A": 0})), Ask(), MONTHLY)
    found = answer(desk(PAIR, held({"A": 0})), Ask(deposit=100.0), MONTHLY)
    assert sum(o.value for o in found.orders) == pytest.approx(100.0)


def test_a_product_of_two_buckets_does_not_stand_for_all_that_either_lacks() -> None:
    buckets = {"One": (0.2, {"V": 1.0}), "Two": (0.3, {"V": 0.5, "W": 0.5}), "B": 0.5}
    start = [Position("B", 50, account="T"), Position("CASH", 50, account="D")]
    found = answer(desk(buckets, start, accounts=[Account("T"), Account("D")]), Ask(), MONTHLY)
    assert {o.symbol: o.value for o in found.orders} == pytest.approx({"V": 35.0, "W": 15.0}, abs=1e-4)
    assert found.drift_after == pytest.approx(0.0, abs=1e-6)


def golden_desk(case: dict[str, Any], **more: Any) -> Tradable:
    """The lines of a hand-checked case; what has no target lies outside."""
    targets = {f"S{n}": float(t) for n, t in enumerate(case["targets"]) if t}
    return desk(targets, held({f"S{n}": float(v) for n, v in enumerate(case["values"])}), **more)


def by_symbol(found: Outcome) -> dict[str, float]:
    totals: dict[str, float] = {}
    for order in found.orders:
        totals[order.symbol] = totals.get(order.symbol, 0.0) + order.value
    return totals


@pytest.mark.parametrize("case", [*GOLDEN["deposit"], GOLDEN["withdrawal_with_target_zero"]])
def test_hand_checked_deposits_and_withdrawals(case: dict[str, Any]) -> None:
    amount = float(case["amount"])
    for rule in set(Rule) & case.keys():
        ask = Ask(deposit=max(amount, 0.0), withdraw=max(-amount, 0.0), rule=Rule(rule))
        found = by_symbol(answer(golden_desk(case), ask, MONTHLY))
        assert [found.get(f"S{n}", 0.0) for n in range(len(case["targets"]))] == pytest.approx(case[rule], abs=CENT)


def test_hand_checked_amounts_that_balance_and_whole_shares() -> None:
    case = GOLDEN["deposit_to_balance"]
    lines = golden_desk(case)
    assert f"A deposit of ${case['deposit']:,} brings" in " ".join(answer(lines, Ask(deposit=1.0), MONTHLY).notes)
    assert f"A withdrawal of ${case['withdrawal']:,} brings" in " ".join(
        answer(lines, Ask(withdraw=1.0), MONTHLY).notes
    )
    case = GOLDEN["whole_shares"]
    prices = {f"S{n}": float(p) for n, p in enumerate(case["prices"])}
    units = {symbol: v / p for (symbol, p), v in zip(prices.items(), case["values"], strict=True)}
    lines = desk({f"S{n}": t for n, t in enumerate(case["targets"])}, held(units), prices)
    found = answer(lines, Ask(deposit=1000.0, limits=Limits(whole_shares=True)), MONTHLY)
    assert {o.symbol: o.quantity for o in found.orders} == pytest.approx({"S0": 4.0, "S2": 8.0})
    assert found.leftover == pytest.approx(case["leftover"])


def test_hand_checked_frozen_drift_and_two_levels() -> None:
    case = GOLDEN["frozen"]
    positions = [Position("S0", 40), Position("S1", 34), Position("S2", 26, role=Role.frozen)]
    found = answer(desk({f"S{n}": t for n, t in enumerate(case["targets"])}, positions), Ask(), MONTHLY)
    assert [b.after for b in found.buckets] == pytest.approx(case["goal"])
    case = GOLDEN["drift"]
    found = answer(golden_desk(case | {"values": case["weights"]}), Ask(), MONTHLY)
    assert (found.drift_before, found.drift_after) == pytest.approx((case["total_drift"], 0.0))
    case = GOLDEN["two_level"]
    inside = {name: {f"{name}{n}": s for n, s in enumerate(shares)} for name, shares in case["shares"].items()}
    buckets = {name: (target, inside[name]) for name, target in case["classes"].items()}
    found = answer(desk(buckets, held({"Bonds0": 100})), Ask(), MONTHLY)
    after = {line.symbol: line.weight for line in found.lines}
    assert [after[s] for shares in inside.values() for s in shares] == pytest.approx(case["targets"])


SPREAD = {"A": 0.3, "B": 0.3, "C": (0.4, {"C": 0.5, "D": 0.5})}


def spread_out(seed: int) -> list[Position]:
    """Holdings in four accounts, the same in every order."""
    rng = np.random.default_rng(seed)
    rows = [
        Position(s, float(rng.integers(1, 400)), account=f"N{n}", lots=(Lot(1.0, float(rng.uniform(0.3, 1.5))),))
        for n in range(4)
        for s in rng.choice([*"ABCDX"], 3, replace=False).tolist()
    ]
    return [*rows, Position("CASH", 150.0, account="N1"), Position("CASH", 150.0, account="N3")]


@pytest.mark.parametrize("ask", [Ask(deposit=90.0), Ask(withdraw=700.0), Ask(limits=Limits(min_trade=60.0))])
def test_the_order_of_holdings_changes_nothing(ask: Ask) -> None:
    positions = spread_out(3)
    turned = [positions[n] for n in np.random.default_rng(1).permutation(len(positions))]
    assert answer(desk(SPREAD, positions), ask, MONTHLY) == answer(desk(SPREAD, turned), ask, MONTHLY)


def test_limits_of_several_accounts_say_what_they_let_through() -> None:
    lines = desk(SPREAD, spread_out(5))
    free = answer(lines, Ask(), MONTHLY)
    assert {free.factors[name] for name in ("turnover", "gain_budget", "min_trade")} == {1.0}
    cut = answer(lines, Ask(limits=Limits(max_turnover=0.05, min_trade=30.0)), MONTHLY)
    assert cut.turnover <= 0.05 + 1e-6
    assert cut.factors["turnover"] == pytest.approx(0.05 / free.turnover, rel=1e-3)
    assert all(abs(o.value) >= 30.0 for o in cut.orders)
    assert "Trades cut to" in factor_words(cut.factors)[0]


def test_the_smallest_order_is_planned_with_rather_than_left_out_afterwards() -> None:
    positions = [Position("A", 50, account="T"), Position("CASH", 20, account="T"), Position("CASH", 30, account="D")]
    lines = desk({"A": 0.5, "B": 0.42, "C": 0.08}, positions)
    found = answer(lines, Ask(limits=Limits(min_trade=15.0)), MONTHLY)
    assert {(o.account, o.symbol): o.value for o in found.orders} == pytest.approx(
        {("T", "B"): 20.0, ("D", "B"): 15.0, ("D", "C"): 15.0}
    )
    assert found.drift_after == pytest.approx(0.07)


def test_a_sale_of_all_there_is_sells_no_more_whatever_the_solver_rounds() -> None:
    positions = [
        Position("X", 111.9421816, account="T"),
        Position("A", 1e6, account="T"),
        Position("B", 5, account="D"),
    ]
    lines = desk({"A": 0.9, "B": 0.1}, positions, {"X": 86.7138, "A": 10.0, "B": 20.0})
    found = answer(lines, Ask(limits=Limits(whole_shares=True)), MONTHLY)
    assert next(o.quantity for o in found.orders if o.symbol == "X") >= -111.9421816


def test_an_edit_may_buy_more_than_its_bucket_lacks() -> None:
    positions = [Position("A", 50, account="T"), Position("CASH", 50, account="D")]
    ask = Ask(limits=Limits(edits={("D", "B"): 48.0}))
    found = answer(desk({"A": 0.6, "B": 0.4}, positions), ask, MONTHLY)
    assert by_symbol(found)["B"] == pytest.approx(48.0)


def test_whole_shares_are_set_beside_the_best_by_every_rule() -> None:
    rng = np.random.default_rng(2)
    names = [f"S{n}" for n in range(30)]
    targets = dict(zip(names, rng.dirichlet(np.ones(30)).tolist(), strict=True))
    lines = desk(targets, held(dict.fromkeys(names, 10.0)), dict(zip(names, rng.uniform(5, 90, 30), strict=True)))
    for rule in Rule:
        for ask in (Ask(deposit=5000.0, rule=rule), Ask(withdraw=3000.0, rule=rule)):
            notes = answer(lines, replace(ask, limits=Limits(whole_shares=True)), MONTHLY).notes
            assert any("at best in whole shares" in note for note in notes)


def test_products_that_span_buckets_are_named() -> None:
    lines = desk({"One": (0.6, {"V": 0.5, "W": 0.5}), "Two": (0.4, {"V": 1.0})}, held({"V": 50, "W": 10}))
    for ask in (Ask(deposit=20.0), Ask(withdraw=20.0)):
        assert any("V lies in several buckets" in note for note in answer(lines, ask, MONTHLY).notes)
