"""The answer to what is asked: which way is taken, and what is said beside it."""

from __future__ import annotations

import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.limits import Limits
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError
from keel.optimise.plan.answer import answer, free_lines

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
