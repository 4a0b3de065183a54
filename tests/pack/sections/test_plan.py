"""The plan's chapter: what to trade, in words and figures as it was kept."""

from __future__ import annotations

from dataclasses import replace

from tests.pack.materials import planned

from keel.domain.plan.record import PlanStatus
from keel.pack.paper.document import Facts, Lead, Table
from keel.pack.sections.plan import plan_section


def test_it_says_what_the_orders_do_and_lists_them_with_their_account() -> None:
    section = plan_section(planned(), "USD")
    assert section.blocks[0] == Lead("2 orders bring total drift from 12.0% to 2.0%.", "A draft, 20 Nov 2026.")
    orders, after, limits = (block for block in section.blocks if isinstance(block, Table))
    assert orders.columns == ("Account", "Product", "Order", "Quantity", "Price, USD", "Value, USD", "Gain, USD")
    assert orders.rows[0].cells == ("Main", "AAA", "Sell", "12", "100.00", "−1,200", "150")
    assert orders.rows[1].cells == ("IRA", "CCC", "Buy", "10", "100.00", "1,000", "–")
    assert after.rows[0].cells == ("Bonds", "30.0%", "40.0%", "40.0%")
    assert limits.rows[0].cells[1] == "met"


def test_a_limit_that_held_back_and_what_was_asked_are_said() -> None:
    facts = dict(next(b for b in plan_section(planned(), "USD").blocks if isinstance(b, Facts)).rows)
    assert facts["Limits let through"] == "buys 94.0%"
    assert facts["Trades"] == "to where the policy leads"
    one = plan_section(planned(PlanStatus.executed, trades=1), "USD")
    facts = dict(next(b for b in one.blocks if isinstance(b, Facts)).rows)
    assert facts["Deposit"] == "$500, furthest below first"
    assert "Account" not in next(b for b in one.blocks if isinstance(b, Table)).columns


def test_one_order_says_its_account_where_there_are_several() -> None:
    one = replace(planned(trades=1), cash_change={"Main": 0.0, "IRA": 0.0})
    orders = next(b for b in plan_section(one, "USD").blocks if isinstance(b, Table))
    assert (orders.columns[0], orders.rows[0].cells[0]) == ("Account", "Main")


def test_nothing_to_trade_is_said() -> None:
    section = plan_section(planned(trades=0), "USD")
    assert section.blocks[0] == Lead("Nothing is to be traded.", "A draft, 20 Nov 2026.")
