"""What is held once orders were carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from keel.domain.plan.ask import Ask
from keel.domain.plan.execution import Fill, fills_of, held_after, told_again
from keel.domain.plan.gains import Tax
from keel.domain.plan.record import PlanRecord, PlanStatus
from keel.domain.portfolio.activity import Activity, ActivityKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.errors import InputError

TODAY = date(2026, 6, 1)
WHEN = (TODAY, Tax())
OLD = Lot(5, 50.0, date(2020, 1, 1))
DEAR = Lot(5, 120.0, date(2026, 1, 1))


def test_lots_go_in_their_order_and_purchases_are_lots_of_the_day() -> None:
    before = [Position("A", 10, lots=(OLD, DEAR)), Position("CASH", 20, currency="USD")]
    fills = [Fill("Main", "A", -7, 100.0), Fill("Main", "B", 14, 50.0)]
    first, cash, bought = held_after(before, fills, {"Main": 0.0}, "USD", WHEN)
    assert (first.quantity, first.lots) == (3.0, (Lot(3, 50.0, OLD.acquired),))
    assert (bought.quantity, bought.lots) == (14.0, (Lot(14, 50.0, TODAY, "USD"),))
    assert cash.quantity == 20.0


def test_picked_lots_go_first_and_cash_of_an_account_changes() -> None:
    before = [Position("A", 10, account="T", lots=(OLD, DEAR))]
    rows = held_after(before, [Fill("T", "A", -5, 100.0, picked=(0,))], {"T": 500.0}, "USD", WHEN)
    assert rows[0].lots == (DEAR,)
    assert (rows[1].symbol, rows[1].quantity, rows[1].account) == ("CASH", 500.0, "T")


def test_what_is_sold_out_leaves_and_more_than_there_is_is_refused() -> None:
    rows = held_after([Position("A", 10)], [Fill("Main", "A", -10, 1.0)], {"Main": 10.0}, "USD", WHEN)
    assert [(p.symbol, p.quantity) for p in rows] == [("CASH", 10.0)]
    with pytest.raises(InputError, match="not enough A"):
        held_after([Position("A", 10)], [Fill("Main", "A", -11, 1.0)], {}, "USD", WHEN)
    with pytest.raises(InputError, match="not enough cash in Main"):
        held_after([], [], {"Main": -1.0}, "USD", WHEN)


TRADES = [
    {"account": "Main", "symbol": "A", "quantity": -7.25, "price": 100.0},
    {"account": "IRA", "symbol": "B", "quantity": 14.0, "price": 50.0},
]
PLAN = PlanRecord("pf", 1, Ask(picked={("Main", "A"): (1,)}), {}, {}, {"trades": TRADES}, {}, PlanStatus.executed, "p1")
DONE = replace(PLAN, executed_at=datetime(2026, 6, 1, 20, tzinfo=UTC))
SOLD = Activity(ActivityKind.sell, date(2026, 6, 2), "A", 7.0, 101.0)


def test_the_orders_of_a_plan_are_its_fills() -> None:
    assert fills_of(PLAN) == (Fill("Main", "A", -7.25, 100.0, (1,)), Fill("IRA", "B", 14.0, 50.0))


def test_trades_that_a_plan_has_told_already_are_named() -> None:
    bought = Activity(ActivityKind.buy, date(2026, 6, 4), "B", 14.0, 50.5, account="IRA")
    found = told_again(DONE, [SOLD, bought, bought])
    assert found is not None
    assert found.message == "2 trades are in the plan of 1 Jun 2026 already and would count twice: A, B."
    assert found.fix == "Undo the executed plan first."
    assert told_again(PLAN, [SOLD]) is None


@pytest.mark.parametrize(
    "other",
    [
        replace(SOLD, kind=ActivityKind.buy),
        replace(SOLD, account="IRA"),
        replace(SOLD, quantity=6.0),
        replace(SOLD, date=date(2026, 6, 1)),
        replace(SOLD, date=date(2026, 6, 12)),
    ],
    ids=["side", "account", "size", "held since", "long after"],
)
def test_other_trades_count(other: Activity) -> None:
    assert told_again(DONE, [other]) is None
