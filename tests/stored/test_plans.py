"""Stored plans from Python: made, compared, changed, accepted and executed."""

from __future__ import annotations

import pytest

import keel


@pytest.mark.usefixtures("here")
def test_a_plan_is_made_compared_changed_accepted_and_executed() -> None:
    made = keel.create_portfolio(keel.adopt_template("balanced").id)
    symbol = made.picks[0].symbol
    keel.set_holdings(made.id, [{"symbol": symbol, "quantity": 100, "price": 10.0, "account": "IRA"}])
    plan = keel.make_plan(made.id, "annual", deposit=500)
    id = str(plan["id"])
    assert keel.get_plan(id) == plan == keel.list_plans(made.id)[0]
    assert plan["status"] == "draft"
    assert len(keel.compare_plans(made.id, "annual", deposit=500)["rules"]) == 4
    assert keel.plan_curves(made.id, "annual")
    edit = {"account": "IRA", "symbol": symbol, "quantity": 1}
    assert keel.recalculate_plan(id, [edit])["edits"] == [edit]
    again = keel.recalculate_plan(id)
    assert (again["edits"], [(row["symbol"], row["quantity"]) for row in again["trades"]]) == ([edit], [(symbol, 1.0)])
    keel.recalculate_plan(id, [])
    assert keel.plan_orders(id, "IRA").splitlines()[0].startswith("symbol")
    assert keel.accept_plan(id)["status"] == "accepted"
    assert keel.execute_plan(id)["status"] == "executed"
    assert keel.holdings(made.id).set_index("symbol").loc[symbol, "quantity"] > 100
