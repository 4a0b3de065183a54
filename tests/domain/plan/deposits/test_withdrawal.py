"""A withdrawal from a portfolio: cash first, then sales within what each account may sell."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.domain.plan.desks import desk, held

from keel.domain.plan.deposits.placement import Placement
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.deposits.withdrawal import withdrawal
from keel.domain.plan.limits import Limits
from keel.domain.plan.outcome import Outcome, outcome
from keel.domain.plan.tradable import Tradable, place_of
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.position import Position, Role
from keel.errors import InputError

PAIR = {"A": 0.5, "B": 0.5}


def take(lines: Tradable, amount: float, limits: Limits | None = None, account: int | None = None) -> Outcome:
    return outcome(lines, withdrawal(lines, Placement(amount, account=account), limits or Limits()), "r")


def sold(found: Outcome) -> dict[tuple[str, str], float]:
    return {(o.account, o.symbol): o.value for o in found.orders}


def test_idle_cash_goes_before_anything_is_sold() -> None:
    lines = desk(PAIR, held({"A": 60, "B": 40, "CASH": 10}))
    assert sold(take(lines, 8.0)) == {}
    found = take(lines, 20.0)
    assert sold(found) == pytest.approx({("Main", "A"): -10.0})
    assert (found.total_after, found.leftover) == pytest.approx((90.0, 0.0))


def test_what_a_person_set_is_sold_and_the_rule_raises_the_rest() -> None:
    lines = desk(PAIR, held({"A": 60, "B": 40, "CASH": 10}))
    found = take(lines, 20.0, Limits(edits={("Main", "A"): -2.0}))  # idle cash pays 10 of the rest
    assert sold(found) == pytest.approx({("Main", "A"): -2.0, ("Main", "B"): -8.0})
    assert (found.total_after, found.leftover) == pytest.approx((90.0, 0.0))
    more = take(lines, 20.0, Limits(edits={("Main", "A"): -25.0}))
    assert sold(more) == {("Main", "A"): -25.0}
    assert (more.total_after, more.leftover) == pytest.approx((90.0, 15.0))
    with pytest.raises(InputError, match="A withdrawal buys no B"):
        take(lines, 20.0, Limits(edits={("Main", "B"): 1.0}))
    with pytest.raises(InputError, match=r"At most \$52 can"):
        take(lines, 60.0, Limits(edits={("Main", "A"): -2.0}))


def test_what_a_person_sells_beyond_the_amount_stays_in_its_account() -> None:
    positions = [Position("A", 60, account="T"), Position("B", 60, account="I")]
    lines = desk(PAIR, positions, accounts=[Account("T"), Account("I")])
    found = take(lines, 30.0, Limits(edits={("T", "A"): -50.0, ("I", "B"): -40.0}))
    assert found.cash == pytest.approx({"T": 50.0, "I": 10.0})


def test_what_is_frozen_or_not_to_be_sold_stays_and_the_rest_brings_the_money() -> None:
    lines = desk(PAIR, [Position("A", 60, no_sell=True), Position("B", 40), Position("X", 10, role=Role.frozen)])
    assert sold(take(lines, 30.0)) == pytest.approx({("Main", "B"): -30.0})
    with pytest.raises(InputError, match=r"At most \$40 can") as refused:
        take(lines, 41.0)
    assert "let more be sold" in refused.value.hint


def test_more_than_there_is_cannot_be_had_by_selling_more() -> None:
    with pytest.raises(InputError, match=r"At most \$110 can") as refused:
        take(desk(PAIR, held({"A": 60, "B": 40, "CASH": 10})), 111.0)
    assert refused.value.hint == "That is all there is."


def test_money_comes_out_of_the_account_that_is_named() -> None:
    positions = [Position("A", 60, account="T"), Position("A", 20, account="I"), Position("B", 20, account="I")]
    lines = desk(PAIR, positions, accounts=[Account("T"), Account("I")])
    found = take(lines, 30.0, account=place_of(lines, "I"))
    assert sold(found) == pytest.approx({("I", "A"): -20.0, ("I", "B"): -10.0})
    assert found.cash == pytest.approx({"T": 0.0, "I": 0.0})
    assert sold(take(lines, 30.0)) == pytest.approx({("T", "A"): -30.0})


def test_whole_shares_bring_a_little_more_which_stays() -> None:
    lines = desk(PAIR, held({"A": 6, "B": 4.5}), {"A": 10.0, "B": 10.0})
    found = take(lines, 12.0, Limits(whole_shares=True))
    assert sold(found) == pytest.approx({("Main", "A"): -20.0})
    assert (found.leftover, found.total_after) == pytest.approx((8.0, 93.0))
    assert take(lines, 105.0, Limits(whole_shares=True)).total_after == pytest.approx(0.0)


def test_orders_that_are_too_small_are_raised_elsewhere() -> None:
    lines = desk(PAIR, held({"A": 54, "B": 46}))
    assert sold(take(lines, 12.0)) == pytest.approx({("Main", "A"): -10.0, ("Main", "B"): -2.0})
    assert sold(take(lines, 12.0, Limits(min_trade=5.0))) == pytest.approx({("Main", "A"): -12.0})


def test_a_bucket_of_cash_pays_its_part() -> None:
    lines = desk({"A": 0.5, "CASH": 0.5}, held({"A": 40, "CASH": 60}))
    found = take(lines, 30.0)
    assert sold(found) == pytest.approx({("Main", "A"): -5.0})
    assert [b.after for b in found.buckets] == pytest.approx([0.5, 0.5])


@pytest.mark.parametrize("rule", list(Rule))
def test_everything_can_be_taken(rule: Rule) -> None:
    lines = desk(PAIR, held({"A": 60, "B": 40, "X": 5}))
    found = outcome(lines, withdrawal(lines, Placement(105.0, rule), Limits()), "r")
    assert (found.total_after, len(found.orders)) == (pytest.approx(0.0, abs=1e-9), 3)


def test_each_account_sells_whole_shares_or_all_it_has() -> None:
    positions = [Position("A", 1.6, account="T"), Position("A", 1.5, account="I"), Position("B", 1, account="T")]
    lines = desk(PAIR, positions, {"A": 10.0, "B": 10.0}, accounts=[Account("T"), Account("I")])
    found = take(lines, 19.0, Limits(whole_shares=True))
    assert sold(found) == pytest.approx({("T", "A"): -16.0, ("I", "A"): -10.0})
    assert (sum(found.cash.values()), found.total_after) == pytest.approx((7.0, 22.0))
    assert min(found.cash.values()) >= 0.0


def test_an_order_is_small_or_not_whatever_buckets_it_is_for() -> None:
    shared = {"One": (0.5, {"V": 1.0}), "Two": (0.5, {"V": 0.5, "W": 0.5})}
    lines = desk(shared, held({"V": 75, "W": 25}))
    assert sold(take(lines, 10.0)) == pytest.approx({("Main", "V"): -7.5, ("Main", "W"): -2.5})
    assert sold(take(lines, 10.0, Limits(min_trade=6.0))) == pytest.approx({("Main", "V"): -10.0})


def test_the_rest_of_a_product_in_another_account_is_an_order_of_its_own() -> None:
    positions = [Position("A", 100, account="T"), Position("A", 50, account="I"), Position("B", 150, account="T")]
    lines = desk(PAIR, positions)
    assert sold(take(lines, 210.0))[("I", "A")] == pytest.approx(-5.0)
    found = sold(take(lines, 210.0, Limits(min_trade=10.0)))
    assert found == pytest.approx({("T", "A"): -100.0, ("T", "B"): -110.0})


def test_a_product_of_two_buckets_is_sold_in_whole_shares_of_both() -> None:
    shared = {"One": (0.5, {"V": 1.0}), "Two": (0.5, {"V": 0.5, "W": 0.5})}
    lines = desk(shared, held({"V": 7, "W": 3}), {"V": 10.0, "W": 10.0})
    found = take(lines, 33.0, Limits(whole_shares=True))
    assert all(o.quantity == pytest.approx(round(o.quantity)) for o in found.orders)
    assert -sum(o.value for o in found.orders) == pytest.approx(40.0)


def test_cash_alone_pays_to_the_last_cent() -> None:
    lines = desk(PAIR, [Position("CASH", 4718.43, account="T"), Position("CASH", 35.92, account="I")])
    for part in (0.1, 0.3, 0.7, 1.0):
        amount = part * lines.held.total
        found = take(lines, amount, Limits(whole_shares=True, min_trade=5.0))
        assert (found.orders, found.total_before - found.total_after) == ((), pytest.approx(amount))
    nothing_else = replace(lines, symbols=(), account=lines.account[:0], price=lines.price[:0], slices=())
    nothing_else = replace(nothing_else, quantity=lines.price[:0], buy=lines.buy[:0], sell=lines.sell[:0])
    assert withdrawal(nothing_else, Placement(10.0), Limits()).value.tolist() == []
