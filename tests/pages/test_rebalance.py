"""The rebalance page: a plan looked at, changed, accepted and carried out; money placed by one of four rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from tests.pages.conftest import Open, words
from tests.pages.opened import no_errors, title

from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.rules import Rule
from keel.domain.plan.limits import Limits
from keel.domain.portfolio.records import Portfolio
from keel.services.example import open_client, open_example
from keel.services.holdings import table
from keel.services.holdings.show import show
from keel.services.live import plan
from keel.services.work import drafts
from keel.store.connection import Database

TODAY = date(2026, 7, 1)


@pytest.fixture
def client(db: Database) -> Portfolio:
    return open_client(db)


def press(page: AppTest, key: str) -> AppTest:
    return next(b for b in page.button if b.key == key).click().run()


def shown_orders(db: Database, mine: Portfolio) -> list[Mapping[str, Any]]:
    """The orders of the draft."""
    return plan.orders(plan.preview(db, mine.id, drafts.ask(db, mine.id), plan.Asked(TODAY)))


def opened(open_page: Open, mine: Portfolio) -> AppTest:
    return open_page("rebalance", framework=mine.framework_id, portfolio=mine.id)


def test_without_holdings_the_page_leads_to_them(open_page: Open, db: Database) -> None:
    mine = open_example(db)
    table.put(db, mine.id, (), TODAY)
    page = opened(open_page, mine)
    assert title(page) == "Nothing is held yet"
    assert no_errors(page)


def test_a_plan_is_accepted_and_carried_out_once(open_page: Open, db: Database, client: Portfolio) -> None:
    page = opened(open_page, client)
    assert "orders bring total drift from" in title(page)
    assert no_errors(page)
    page = press(page, "accept-plan")
    assert title(page).endswith("accepted orders to carry out")
    assert not [b for b in page.button if b.key == "accept-plan"]
    page = press(page, "another")
    assert "orders bring total drift from" in title(page)
    assert "· accepted" not in words(page)
    page = press(page, "accepted-plan")
    page = press(press(page, "execute"), "execute-now")
    assert no_errors(page)
    assert [one.status.value for one in plan.listed(db, client.id)] == ["executed"]
    assert "nothing to trade" in title(page)
    assert next(b for b in page.button if b.key == "accept-plan").disabled


def test_limits_are_kept_and_what_they_cut_is_said(open_page: Open, db: Database, client: Portfolio) -> None:
    page = press(opened(open_page, client), "plan-limits")
    page.checkbox[0].check()
    next(box for box in page.number_input if box.label == "Most turnover, %").set_value(1.0)
    page = next(b for b in page.button if b.label == "Apply").click().run()
    assert no_errors(page)
    kept = drafts.ask(db, client.id)
    assert (kept.limits.whole_shares, kept.limits.max_turnover) == (True, 0.01)
    assert "Purchases cut to" in words(page)


def test_an_edit_that_cannot_be_done_is_refused_and_dropped(open_page: Open, db: Database, client: Portfolio) -> None:
    first = plan.orders(plan.preview(db, client.id, Ask(), plan.Asked(TODAY)))[0]
    drafts.keep_ask(db, client.id, Ask(limits=Limits(edits={(first["account"], first["symbol"]): -1e9})))
    page = opened(open_page, client)
    assert "cannot be sold" in title(page)
    assert not [b for b in page.button if b.key == "accept-plan"]
    page = press(page, "reset-plan")
    assert "orders bring total drift" in title(page)
    assert no_errors(page)


def test_a_withdrawal_of_too_much_is_the_title_and_there_are_no_orders(
    open_page: Open, db: Database, client: Portfolio
) -> None:
    drafts.keep_ask(db, client.id, Ask(withdraw=1e6))
    page = opened(open_page, client)
    assert title(page).replace("\\", "") == "At most $379,559 can be withdrawn"
    assert "Orders" not in [header.value for header in page.header]
    next(box for box in page.number_input if box.key == "plan-amount-0").set_value(379_559.0).run()
    assert drafts.ask(db, client.id).withdraw == 379_559.0
    assert no_errors(page)


def test_a_deposit_is_new_money_or_cash_that_is_held(open_page: Open, db: Database, client: Portfolio) -> None:
    drafts.keep_ask(db, client.id, Ask(deposit=4_000.0))
    page = opened(open_page, client)
    assert "cash that is held already" in words(page)
    assert "so that nothing is counted twice. Still to come? Choose New." in words(page)
    page.segmented_control(key="plan-where-True-0").select("New").run()
    assert drafts.ask(db, client.id).money_held is False
    assert "cash that is held already" not in words(page)
    assert "Arrived already? Choose Held as cash." in words(page)
    next(box for box in page.selectbox if box.label == "Into").select("IRA").run()
    assert {order["account"] for order in shown_orders(db, client)} == {"IRA"}
    next(box for box in page.number_input if box.key == "plan-amount-0").set_value(50_000.0).run()
    assert "Arrived already?" not in words(page)  # no account holds so much
    assert (drafts.ask(db, client.id).deposit, title(page).startswith("No account")) == (50_000.0, False)
    assert no_errors(page)


def test_a_deposit_that_comes_again_says_when_it_is_enough(open_page: Open, db: Database, client: Portfolio) -> None:
    drafts.keep_ask(db, client.id, Ask(deposit=4_000.0))
    page = opened(open_page, client)
    assert "a month" not in words(page)
    page.session_state["plan-regular"] = True
    page = page.run()
    assert "$4,000 a month: in band again in about" in words(page)
    assert "resampled histories take" in words(page)
    page = page.segmented_control(key="plan-every-0").select("quarterly").run()
    assert "$4,000 a quarter: " in words(page)
    assert no_errors(page)


def test_money_is_placed_by_the_rule_that_is_chosen(open_page: Open, db: Database, client: Portfolio) -> None:
    page = opened(open_page, client)
    page.segmented_control(key="rebalance-view-0").select("Deposit or withdraw").run()
    assert "Four rules" in words(page)
    assert no_errors(page)
    next(box for box in page.number_input if box.key == "plan-amount-0").set_value(5000.0).run()
    next(radio for radio in page.radio if radio.label == "Rule").set_value(Rule.target_proportional).run()
    asked = drafts.ask(db, client.id)
    assert (asked.deposit, asked.rule) == (5000.0, Rule.target_proportional)
    page.segmented_control(key="plan-way-0").select("Withdraw").run()
    assert drafts.ask(db, client.id).withdraw == 5000.0
    assert title(page).endswith("nothing to sell")  # idle cash pays it, and two buckets stay out
    assert page.metric[0].value == "11.9% → 11.2%"
    assert next(box for box in page.number_input if box.key == "plan-amount-0").min > 0.0
    assert no_errors(page)


def test_a_withdrawal_that_cash_pays_is_accepted_and_the_limits_stay(
    open_page: Open, db: Database, client: Portfolio
) -> None:
    drafts.keep_ask(db, client.id, Ask(withdraw=100.0, account="IRA", limits=Limits(whole_shares=True)))
    page = press(opened(open_page, client), "accept-plan")
    assert drafts.ask(db, client.id) == Ask(limits=Limits(whole_shares=True))
    before = show(db, client.id, TODAY).value
    page = press(press(page, "execute"), "execute-now")
    assert no_errors(page)
    assert show(db, client.id, TODAY).value == pytest.approx(before - 100.0)
