"""What to trade in a stored portfolio, from a draft to what is held afterwards."""

# ruff: noqa: F811 (fixtures of another room)

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.services.holdings.conftest import db, known, portfolio  # noqa: F401

from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.limits import Limits
from keel.domain.policy.presets import PRESETS
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.lots import Lot
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Portfolio
from keel.errors import InputError
from keel.services import report
from keel.services.holdings import intake, show, table
from keel.services.live import plan
from keel.services.shared.held.reading import File
from keel.store.connection import Database
from keel.store.holdings import rebalances

TODAY = date(2026, 1, 8)
MONTHLY = plan.Asked(TODAY, PRESETS["monthly"])
LOTS = (Lot(4, 100.0, date(2020, 1, 2)), Lot(4, 200.0, date(2025, 12, 1)))


def hold(db: Database, portfolio: Portfolio) -> None:
    """1,200 of VTI at 150, 300 of BND at 75, and nothing in cash: off 60/40 by 20 points."""
    rows = (Position("VTI", 8, lots=LOTS), Position("BND", 4))
    table.put(db, portfolio.id, rows, TODAY, [Account("Main")])


def held(db: Database, portfolio: Portfolio) -> dict[str, float]:
    shown = show.show(db, portfolio.id, TODAY)
    return {h.stored.position.symbol: h.stored.position.quantity for h in shown.holdings}


def test_a_plan_at_old_prices_says_so_and_one_of_their_day_does_not(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    assert plan.document(plan.preview(db, portfolio.id, Ask(), MONTHLY))["findings"] == []
    late = plan.Asked(date(2026, 3, 2))
    (doubt,) = plan.preview(db, portfolio.id, Ask(), late).said["findings"]
    assert doubt["message"] == "The last price of VTI, BND is of 6 Jan 2026."
    (same,) = report.drift(db, portfolio.id, report.Asked(late.today)).findings
    assert same.message == doubt["message"]
    then = plan.Asked(late.today, as_of=date(2026, 1, 6))
    assert plan.preview(db, portfolio.id, Ask(), then).said["findings"] == []


def test_a_plan_is_a_draft_until_it_is_accepted_and_executed(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    draft = plan.plan(db, portfolio.id, Ask(), MONTHLY)
    told = plan.document(draft)
    assert {t["symbol"]: t["value"] for t in told["trades"]} == pytest.approx({"VTI": -300.0, "BND": 300.0})
    assert (told["status"], told["realised_gain"], told["as_of"]) == ("draft", pytest.approx(-100.0), "2026-01-06")
    with pytest.raises(InputError, match="cannot be executed"):
        plan.execute(db, draft.id, TODAY)
    assert plan.accept(db, draft.id).accepted_at is not None
    done = plan.execute(db, draft.id, TODAY)
    assert done.status == "executed"
    assert held(db, portfolio) == pytest.approx({"VTI": 6.0, "BND": 8.0})
    lots = {h.stored.position.symbol: h.stored.position.lots for h in show.show(db, portfolio.id, TODAY).holdings}
    assert sorted((lot.quantity, lot.cost) for lot in lots["VTI"]) == [(2.0, 200.0), (4.0, 100.0)]
    assert [(lot.quantity, lot.cost, lot.acquired) for lot in lots["BND"]] == [(4.0, 75.0, TODAY)]
    assert rebalances.last(db, portfolio.id) == datetime.now(UTC).date()
    assert plan.preview(db, portfolio.id, Ask(), MONTHLY).said["trades"] == []
    assert [one.id for one in plan.listed(db, portfolio.id)] == [draft.id]


def test_an_edit_is_kept_when_it_is_computed_again_and_reset_drops_it(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    draft = plan.plan(db, portfolio.id, Ask(), MONTHLY)
    edited = plan.recalculate(db, draft.id, TODAY, {("Main", "VTI"): -1.0})
    assert {t["symbol"]: t["quantity"] for t in plan.document(edited)["trades"]} == pytest.approx({"VTI": -1, "BND": 2})
    again = plan.document(plan.recalculate(db, draft.id, TODAY))
    assert again["edits"] == [{"account": "Main", "symbol": "VTI", "quantity": -1.0}]
    assert plan.document(plan.recalculate(db, draft.id, TODAY, {}))["edits"] == []
    plan.accept(db, draft.id)
    with pytest.raises(InputError, match="cannot be computed again"):
        plan.recalculate(db, draft.id, TODAY)


def test_what_a_person_set_of_a_deposit_is_kept(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    draft = plan.plan(db, portfolio.id, Ask(deposit=300.0), MONTHLY)
    assert {t["symbol"]: t["quantity"] for t in plan.orders(draft)} == pytest.approx({"BND": 4.0})
    plan.recalculate(db, draft.id, TODAY, {("Main", "BND"): 1.0})
    again = plan.recalculate(db, draft.id, TODAY)
    assert {t["symbol"]: t["quantity"] for t in plan.orders(again)} == pytest.approx({"BND": 1.0, "VTI": 1.5})


def test_a_deposit_is_in_the_portfolio_once_it_is_executed(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    draft = plan.plan(db, portfolio.id, Ask(deposit=110.0, limits=Limits(whole_shares=True)), MONTHLY)
    plan.accept(db, draft.id)
    plan.execute(db, draft.id, TODAY)
    assert held(db, portfolio) == pytest.approx({"VTI": 8.0, "BND": 5.0, "CASH": 35.0})
    header, row = plan.orders_csv(plan.get(db, draft.id), "Main").splitlines()
    assert (header, row) == ("symbol,side,quantity,price,value", "BND,buy,1.0,75.0,75.0")


def test_rules_and_curves_stand_beside_each_other(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    beside = plan.rules(db, portfolio.id, Ask(deposit=300.0), MONTHLY)
    sold = plan.rules(db, portfolio.id, Ask(withdraw=300.0), MONTHLY)
    assert all(row["why"].startswith("Sells") for row in sold["rules"])
    assert ("new money" in beside["why"], "new money" in sold["why"]) == (True, False)
    assert beside["rules"][0]["rule"] == "relative_waterfill"
    assert beside["rules"][0]["drift_after"] < beside["rules"][3]["drift_after"]
    curves = plan.curves(db, portfolio.id, Ask(), MONTHLY)
    assert [step["orders"] for step in curves["orders"]] == [0, 1, 2]
    assert curves["sentence"] == "2 of 2 trades remove 100% of the drift."
    assert len(curves["gains"]) == 1


def test_accounts_of_other_kinds_are_planned_together(db: Database, portfolio: Portfolio) -> None:
    rows = (Position("VTI", 8, account="T", lots=LOTS), Position("VTI", 4, account="D"))
    table.put(db, portfolio.id, rows, TODAY, [Account("T"), Account("D", AccountKind.deferred)])
    told = plan.document(plan.plan(db, portfolio.id, Ask(), MONTHLY))
    assert told["drift_after"] == pytest.approx(0.0, abs=1e-6)
    assert told["tax"] == 0.0
    assert min(told["cash"].values()) >= -1e-6


def test_nothing_is_planned_where_nothing_is_held(db: Database, portfolio: Portfolio) -> None:
    with pytest.raises(InputError, match="holds nothing yet"):
        plan.plan(db, portfolio.id, Ask(), MONTHLY)


def test_a_file_that_tells_the_trades_of_an_executed_plan_again_says_so(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    draft = plan.plan(db, portfolio.id, Ask(), MONTHLY)
    plan.accept(db, draft.id)
    plan.execute(db, draft.id, TODAY)
    later = datetime.now(UTC).date() + timedelta(days=1)
    rows = f"date,type,symbol,quantity,price\n{later},sell,VTI,2,150\n{later},buy,BND,4,75\n"
    file = File(rows.encode(), "trades.csv", later)
    seen = intake.read(db, portfolio.id, file)
    (told,) = [c.message for c in seen.complaints if c.code == "traded_already"]
    assert told.endswith("already, so each counts once: VTI, BND.")
    assert (seen.planned, seen.changes) == (("VTI", "BND"), ())
    twice = intake.read(db, portfolio.id, replace(file, again=True))
    assert {(c.symbol, c.after - c.before) for c in twice.changes} >= {("VTI", -2.0), ("BND", 4.0)}
    intake.record(db, portfolio.id, file)
    assert held(db, portfolio) == {"VTI": 6.0, "BND": 8.0}
    made = next(one for one in intake.history(db, portfolio.id) if one.name == draft.id)
    intake.undo(db, made.id)  # the file's own trades count instead
    assert held(db, portfolio) == {"VTI": 6.0, "BND": 8.0}


def test_a_file_that_tells_trades_of_two_plans_of_a_day_says_so_of_both(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    for ask in (Ask(), Ask(deposit=150.0, rule=Rule.target_proportional)):  # the second buys 90 of VTI, 60 of BND
        plan.execute(db, plan.accept(db, plan.plan(db, portfolio.id, ask, MONTHLY).id).id, TODAY)
    later = datetime.now(UTC).date() + timedelta(days=1)
    rows = f"date,type,symbol,quantity,price\n{later},sell,VTI,2,150\n{later},buy,BND,0.8,75\n"
    seen = intake.read(db, portfolio.id, File(rows.encode(), "trades.csv", later))
    assert sorted(seen.planned) == ["BND", "VTI"]
    (told,) = [c.message for c in seen.complaints if c.code == "traded_already"]
    assert told.startswith("2 trades are in the plan executed on")


@pytest.mark.parametrize("again", [False, True])
def test_trades_that_a_file_told_before_its_plan_is_executed_count_once(
    db: Database, portfolio: Portfolio, again: bool
) -> None:
    hold(db, portfolio)
    draft = plan.accept(db, plan.plan(db, portfolio.id, Ask(), MONTHLY).id)
    assert draft.created_at is not None
    on = draft.created_at.date()
    trades = f"date,type,symbol,quantity,price\n{on},sell,VTI,2,151\n{on},buy,BND,4,75\n".encode()
    file = intake.record(db, portfolio.id, File(trades, "trades.csv", on, again=again)).made
    told = {"VTI": 6.0, "BND": 8.0}
    assert held(db, portfolio) == pytest.approx(told)
    done = plan.execute(db, draft.id, on)
    if again:  # the file's trades are others
        assert (held(db, portfolio)["BND"], plan.document(done)["findings"]) == (12.0, [])
        return
    assert held(db, portfolio) == pytest.approx(told)
    (said,) = plan.document(plan.get(db, draft.id))["findings"]
    assert said["message"] == "2 orders are in what is held already, so each counts once: VTI, BND."
    later = on + timedelta(days=3)  # as large, but another
    intake.record(
        db, portfolio.id, File(f"date,type,symbol,quantity,price\n{later},buy,BND,4,75\n".encode(), "n", later)
    )
    assert held(db, portfolio)["BND"] == 12.0
    made = next(one for one in intake.history(db, portfolio.id) if one.name == draft.id)
    intake.undo(db, made.id)  # the file's own trades count instead
    assert held(db, portfolio) == pytest.approx({"VTI": 6.0, "BND": 12.0})
    intake.undo(db, file.id)
    assert held(db, portfolio) == pytest.approx({"VTI": 8.0, "BND": 8.0})


LISTS = {  # what is held, as it is listed after the plan was accepted, and then after it was executed
    "all": ("VTI,8.6\nBND,4.8\nCASH,20\n", {"VTI": 8.6, "BND": 4.8, "CASH": 20.0}),
    "no cash": ("VTI,8.6\nBND,4.8\n", {"VTI": 8.6, "BND": 4.8}),
    "one order": ("VTI,8.6\nBND,4\nCASH,80\n", {"VTI": 8.6, "BND": 4.8, "CASH": 20.0}),
    "paid in": ("VTI,8\nBND,4\nCASH,170\n", {"VTI": 8.6, "BND": 4.8, "CASH": 20.0}),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_of_what_is_held_after_the_orders_counts_them_once(
    db: Database, portfolio: Portfolio, name: str
) -> None:
    rows, expected = LISTS[name]
    table.put(db, portfolio.id, (Position("VTI", 8), Position("BND", 4), Position("CASH", 20)), TODAY, [])
    ask = Ask(deposit=150.0, rule=Rule.target_proportional, money_held=False)  # 90 of VTI, 60 of BND
    draft = plan.accept(db, plan.plan(db, portfolio.id, ask, MONTHLY).id)
    on = datetime.now(UTC).date()
    made = intake.record(db, portfolio.id, File(f"symbol,quantity\n{rows}".encode(), "list.csv", on)).made
    done = plan.execute(db, draft.id, on)
    assert held(db, portfolio) == pytest.approx(expected)
    told = {"all": 3, "no cash": 3, "one order": 2, "paid in": 1}[name]
    assert [f["message"][:1] for f in plan.document(done)["findings"]] == [f"{told}"] * (told > 1) + ["A"] * (told == 1)
    if name == "all":
        later = on + timedelta(days=3)  # as large, but another
        rows = f"date,type,symbol,quantity,price\n{later},buy,BND,0.8,75\n"
        assert intake.read(db, portfolio.id, File(rows.encode(), "t.csv", later)).planned == ()
        intake.undo(db, made.id)  # the plan stands without it
        assert held(db, portfolio) == pytest.approx(expected)


def test_an_executed_plan_stands_without_the_file_that_told_of_it(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    draft = plan.accept(db, plan.plan(db, portfolio.id, Ask(), MONTHLY).id)
    assert draft.created_at is not None
    on = draft.created_at.date()
    file = File(f"date,type,symbol,quantity,price\n{on},sell,VTI,2,151\n{on},buy,BND,4,75\n".encode(), "t.csv", on)
    made = intake.record(db, portfolio.id, file).made
    plan.execute(db, draft.id, on)
    intake.undo(db, made.id)
    assert held(db, portfolio) == pytest.approx({"VTI": 6.0, "BND": 8.0})


def test_one_order_and_a_deposit_that_a_file_told_leave_the_other_order_to_the_plan(
    db: Database, portfolio: Portfolio
) -> None:
    hold(db, portfolio)
    ask = Ask(deposit=150.0, rule=Rule.target_proportional)  # 90 of VTI, 60 of BND
    draft = plan.accept(db, plan.plan(db, portfolio.id, ask, MONTHLY).id)
    assert draft.created_at is not None
    on = draft.created_at.date()
    rows = f"date,type,symbol,quantity,price,amount\n{on},deposit,,,,150\n{on},buy,VTI,0.6,150,-90\n"
    intake.record(db, portfolio.id, File(rows.encode(), "t.csv", on))
    plan.execute(db, draft.id, on)
    assert held(db, portfolio) == pytest.approx({"VTI": 8.6, "BND": 4.8})


def test_trades_of_a_file_that_are_others_count_beside_an_executed_plan(db: Database, portfolio: Portfolio) -> None:
    hold(db, portfolio)
    draft = plan.plan(db, portfolio.id, Ask(), MONTHLY)
    plan.accept(db, draft.id)
    plan.execute(db, draft.id, TODAY)
    later = datetime.now(UTC).date() + timedelta(days=1)
    file = File(f"date,type,symbol,quantity,price\n{later},buy,BND,4,75\n".encode(), "t.csv", later, again=True)
    intake.record(db, portfolio.id, file)
    assert held(db, portfolio)["BND"] == 12.0
    assert intake.history(db, portfolio.id)[0].again


def test_what_only_a_list_prices_keeps_its_price_through_a_plan(db: Database, portfolio: Portfolio) -> None:
    listed = (
        "Account Number,Account Name,Symbol,Description,Quantity,Last Price,Current Value\n"
        "X1,Mine,VTI,Fund,8,$150,$1200\nX1,Mine,ODD,Thing,4,$25,$100\nX1,Mine,SPAXX**,HELD IN MONEY MARKET,,,$300\n"
    )
    intake.record(db, portfolio.id, File(listed.encode(), "p.csv", TODAY))
    draft = plan.plan(db, portfolio.id, Ask(deposit=100.0), MONTHLY)
    plan.accept(db, draft.id)
    plan.execute(db, draft.id, TODAY + timedelta(30))
    shown = show.show(db, portfolio.id, TODAY)
    assert (held(db, portfolio)["ODD"], shown.unpriced) == (4, ())
