"""A deposit in a portfolio: its account, its money, and what it leaves."""

from __future__ import annotations

import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.deposits.placement import Placement, deposit
from keel.domain.plan.limits import Limits
from keel.domain.plan.outcome import Outcome, outcome
from keel.domain.plan.tradable import place_of
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError

PAIR = {"A": 0.5, "B": 0.5}


def bought(found: Outcome) -> dict[tuple[str, str], float]:
    return {(o.account, o.symbol): o.value for o in found.orders}


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


def test_what_a_person_set_is_kept_and_the_rule_places_the_rest() -> None:
    lines = desk({"A": 0.5, "B": 0.3, "C": 0.2}, held({"A": 100, "B": 60, "C": 40}))

    def kept(**edits: float) -> dict[tuple[str, str], float]:
        limits = Limits(edits={("Main", symbol): quantity for symbol, quantity in edits.items()})
        found = outcome(lines, deposit(lines, Placement(40.0), limits), "r")
        assert sum(bought(found).values()) + found.leftover == pytest.approx(40.0)
        return bought(found)

    assert kept() == pytest.approx({("Main", "A"): 20.0, ("Main", "B"): 12.0, ("Main", "C"): 8.0})
    assert kept(A=5) == pytest.approx({("Main", "A"): 5.0, ("Main", "B"): 21.0, ("Main", "C"): 14.0})
    assert kept(A=0, B=0) == pytest.approx({("Main", "C"): 40.0})
    assert kept(A=1, B=0, C=0) == pytest.approx({("Main", "A"): 1.0})
    over = deposit(lines, Placement(40.0), Limits(edits={("Main", "A"): 80.0}))
    assert (over.value.tolist(), over.factors["funding"]) == ([40.0, 0.0, 0.0], 0.5)
    small = deposit(lines, Placement(40.0), Limits(edits={("Main", "A"): 1.0}, min_trade=2.0, whole_shares=True))
    assert small.value.tolist() == [1.0, 23.0, 15.0]  # both beyond their targets then: the last 1 buys no share
    with pytest.raises(InputError, match="A deposit sells no B"):
        kept(B=-1)


def test_a_person_sets_nothing_in_an_account_that_the_money_does_not_go_into() -> None:
    positions = [Position("A", 60, account="T"), Position("B", 20, account="I")]
    lines = desk(PAIR, positions, accounts=[Account("T"), Account("I")])
    limits = Limits(edits={("I", "B"): 3.0})
    found = outcome(lines, deposit(lines, Placement(10.0), limits), "r")
    assert bought(found) == pytest.approx({("I", "B"): 3.0, ("T", "B"): 7.0})
    assert found.cash == {"T": 0.0, "I": 0.0}
    with pytest.raises(InputError, match="B cannot be traded in I"):
        deposit(lines, Placement(10.0, account=place_of(lines, "T")), limits)


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
