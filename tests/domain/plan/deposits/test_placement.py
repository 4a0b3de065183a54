"""A deposit in a portfolio: its account, its money, and what it leaves."""

from __future__ import annotations

import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.deposits.placement import Placement, deposit
from keel.domain.plan.limits import Limits
from keel.domain.plan.outcome import outcome
from keel.domain.plan.tradable import place_of
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError

PAIR = {"A": 0.5, "B": 0.5}


def bought(found: object) -> dict[tuple[str, str], float]:
    return {(o.account, o.symbol): o.value for o in found.orders}  # type: ignore[attr-defined]


def test_money_that_is_held_is_not_counted_twice_unless_it_is_said_to_be_new() -> None:
    lines = desk(PAIR, held({"A": 60, "B": 20, "CASH": 20}))
    already = outcome(lines, deposit(lines, Placement(20.0), Limits()), "r")
    assert (already.total_after, already.leftover) == (100.0, 0.0)
    new = outcome(lines, deposit(lines, Placement(20.0, held=False), Limits()), "r")
    assert (new.total_after, new.leftover) == (120.0, 20.0)
    with pytest.raises(InputError, match=r"No account holds \$50 "):
        deposit(lines, Placement(50.0, held=True), Limits())


def test_the_account_is_the_one_named_else_where_the_product_lies() -> None:
    positions = [Position("A", 60, account="T"), Position("B", 20, account="I"), Position("CASH", 30, account="I")]
    lines = desk(PAIR, positions, accounts=[Account("T"), Account("I")])
    assert bought(outcome(lines, deposit(lines, Placement(40.0, account=place_of(lines, "T")), Limits()), "r")) == {
        ("T", "B"): 40.0
    }
    found = outcome(lines, deposit(lines, Placement(60.0), Limits()), "r")
    assert bought(found) == pytest.approx({("I", "B"): 50.0, ("T", "A"): 10.0})
    paid = outcome(lines, deposit(lines, Placement(30.0), Limits()), "r")
    assert (bought(paid), paid.cash) == ({("I", "B"): 30.0}, {"T": 0.0, "I": 0.0})


def test_a_bucket_of_cash_gets_its_part() -> None:
    lines = desk({"A": 0.5, "CASH": 0.5}, held({"A": 80, "CASH": 20}))
    found = outcome(lines, deposit(lines, Placement(100.0), Limits(whole_shares=True)), "r")
    assert bought(found) == {("Main", "A"): 20.0}
    assert [b.after for b in found.buckets] == pytest.approx([0.5, 0.5])
    assert found.leftover == 0.0


def test_nothing_to_buy_leaves_the_money_and_says_so() -> None:
    lines = desk(PAIR, [Position("A", 60, no_buy=True), Position("B", 20, role=Role.frozen)])
    found = outcome(lines, deposit(lines, Placement(20.0), Limits()), "r")
    assert (found.orders, found.leftover) == ((), 20.0)
    assert "Nothing with a target may be bought" in found.notes[0]


def test_small_purchases_stay_in_cash_and_are_said() -> None:
    lines = desk(PAIR, held({"A": 50, "B": 49}))
    found = outcome(lines, deposit(lines, Placement(5.0), Limits(min_trade=2.5)), "r")
    assert bought(found) == pytest.approx({("Main", "B"): 3.0})
    assert found.leftover == pytest.approx(2.0)
    assert any("A ($2)" in note for note in found.notes)


def test_what_would_balance_is_said() -> None:
    lines = desk({"A": 0.5, "B": 0.3, "C": 0.2}, held({"A": 4200, "B": 3600, "C": 1200}))
    assert "A deposit of $3,000 brings" in deposit(lines, Placement(10.0), Limits()).notes[-1]
    stray = desk(PAIR, held({"A": 1, "X": 1}))
    assert "No deposit" in deposit(stray, Placement(10.0), Limits()).notes[-1]


def test_an_order_is_small_or_not_whatever_buckets_it_is_for() -> None:
    shared = {"One": (0.5, {"V": 1.0}), "Two": (0.5, {"V": 0.5, "W": 0.5})}
    lines = desk(shared, held({"V": 75, "W": 25}))
    found = outcome(lines, deposit(lines, Placement(10.0), Limits(min_trade=6.0)), "r")
    assert bought(found) == pytest.approx({("Main", "V"): 7.5})
    assert [part.value for part in found.orders[0].parts] == pytest.approx([5.0, 2.5])
    assert any("W ($2.50)" in note for note in found.notes)
