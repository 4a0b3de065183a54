"""What is held once orders were carried out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from keel.domain.issue import Severity
from keel.domain.plan.ask import Ask
from keel.domain.plan.execution import (
    Executed,
    Fill,
    again_finding,
    before_finding,
    cash_without,
    executed_of,
    fills_of,
    held_after,
    money_of,
    told_again,
    told_before,
    told_in_lists,
    told_once,
)
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
SOLD = Activity(ActivityKind.sell, date(2026, 6, 2), "A", 7.0, 101.0)


def test_the_orders_of_a_plan_are_its_fills() -> None:
    assert fills_of(PLAN) == (Fill("Main", "A", -7.25, 100.0, (1,)), Fill("IRA", "B", 14.0, 50.0))


EVENING = datetime(2026, 6, 1, 20, tzinfo=UTC)
BOUGHT = Activity(ActivityKind.buy, date(2026, 6, 4), "id_b", 14.0, 50.5, account="IRA")


def done() -> Executed:
    """The plan as executed on 1 June."""
    return executed_of(PLAN, EVENING, {"B": "id_b"}, "USD")


def test_trades_that_a_plan_has_told_already_are_found_once() -> None:
    pairs = told_again(done(), [SOLD, BOUGHT, BOUGHT])
    assert [(fill.symbol, trade) for fill, trade in pairs] == [("A", SOLD), ("id_b", BOUGHT)]


def test_what_was_traded_otherwise_than_planned_is_corrected_and_the_rest_counts() -> None:
    # sold 7 at 101 for 707 instead of 7.25 at 100 for 725; bought 14 at 50.5 instead of 50: 7 more to pay
    other = replace(BOUGHT, date=date(2026, 6, 30))
    found = told_once(done(), [SOLD, other, BOUGHT])
    assert [(a.kind, a.symbol, a.quantity, a.account) for a in found] == [
        (ActivityKind.buy, "id_b", 14.0, "IRA"),
        (ActivityKind.adjustment, "A", 0.25, "Main"),
        (ActivityKind.adjustment, "CASH", -18.0, "Main"),
        (ActivityKind.adjustment, "CASH", -7.0, "IRA"),
    ]
    fewer = replace(BOUGHT, quantity=13.7, price=50.0)
    units, cash = told_once(done(), [fewer])
    assert (units.quantity, units.acquired, cash.quantity) == (pytest.approx(-0.3), TODAY, pytest.approx(15.0))
    more = replace(BOUGHT, quantity=14.4, price=50.0, currency="EUR")
    (units,) = told_once(done(), [more])
    assert (units.quantity, units.amount) == (pytest.approx(0.4), pytest.approx(-20.0))


PAYS_IN = replace(
    PLAN,
    ask=Ask(deposit=75.0),
    cash_change={"Main": 725.0, "IRA": -625.0},
    created_at=datetime(2026, 5, 29, tzinfo=UTC),
)


def test_what_records_told_before_a_plan_was_executed_is_found_once() -> None:
    # the IRA gets 75 of new money and pays 700 for 14 of B at 50
    paid = Fill("IRA", "CASH", 75.0, 1.0)
    assert money_of(PAYS_IN) == (paid,)
    assert money_of(PLAN) == ()
    done = executed_of(PAYS_IN, EVENING, {"B": "id_b"}, "USD")
    assert done.orders == done.fills[:2]
    assert done.fills[2:] == (paid,)
    first = Activity(ActivityKind.deposit, date(2026, 5, 29), "CASH", 75.0, account="IRA")
    sold, bought = replace(SOLD, date=TODAY), replace(BOUGHT, date=date(2026, 5, 31))
    assert told_before(done, [first, first, bought, bought, sold]) == (paid, done.fills[1], done.fills[0])
    others = (
        replace(first, currency="EUR"),
        replace(first, quantity=74.0),
        replace(first, kind=ActivityKind.withdrawal),
        replace(bought, date=date(2026, 5, 28)),
        SOLD,
    )
    assert told_before(done, others) == ()
    assert told_once(done, [replace(first, date=date(2026, 6, 2))]) == ()


def test_cash_is_moved_by_what_was_not_told_of() -> None:
    told = (Fill("Main", "A", -7.25, 100.0), Fill("IRA", "CASH", 75.0, 1.0))
    known = [Position("CASH", 10.0, account=account) for account in ("Main", "IRA")]
    change = PAYS_IN.cash_change
    assert cash_without(change, told, known) == {"Main": 0.0, "IRA": -700.0}
    assert cash_without(change, told, []) == cash_without(change, (), known) == change
    assert cash_without(change, told, [], {"Main"}) == {"Main": 0.0, "IRA": -625.0}


@pytest.mark.parametrize(
    ("a", "b", "cash", "told"),
    [
        (2.75, 14.0, -625.0, ("A", "B", "CASH")),
        (2.8, 14.4, -600.0, ("A", "B", "CASH")),  # nearly as many
        (2.75, 14.0, -690.0, ("A", "B")),  # the cash is nearer to what it is without the money
        (10.0, 0.0, 75.0, ("CASH",)),
        (10.0, 15.0, 0.0, ()),
        (17.25, -14.0, 0.0, ()),
    ],
)
def test_what_lists_told_before_a_plan_was_executed_is_what_changed_by_as_much(
    a: float, b: float, cash: float, told: tuple[str, ...]
) -> None:
    done = executed_of(PAYS_IN, EVENING, {}, "USD")
    money = Position("CASH", 1_000.0, account="IRA", currency="USD")
    euros = Position("CASH", 5.0, account="IRA", currency="EUR")
    before = (Position("A", 10.0), money, euros)
    after = (Position("A", a), Position("B", b, account="IRA"), replace(money, quantity=1_000.0 + cash))
    found = told_in_lists(done, before, after, {"Main", "IRA"})
    assert tuple(fill.symbol for fill in found) == told
    assert told_in_lists(done, before, after, {"Other"}) == ()


def test_it_is_said_whether_trades_count_once() -> None:
    one = again_finding(TODAY, ["A"], again=False)
    assert one.message == "A trade is in the plan executed on 1 Jun 2026 already, so it counts once: A."
    two = again_finding(TODAY, ["A", "B"], again=True)
    assert two.message == "2 trades are in the plan executed on 1 Jun 2026 already and would count twice: A, B."
    assert (one.severity, two.severity) == (Severity.note, Severity.warning)
    before = before_finding(["A"])
    assert before.message == "An order is in what is held already, so it counts once: A."


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
    assert told_again(done(), [other]) == ()
    assert told_once(done(), [other]) == (other,)
