"""The rebalance page: a plan looked at, changed, accepted and carried out; money placed by one of four rules."""

from __future__ import annotations

from datetime import date

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
    assert "Accepted" in words(page)
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


def test_an_edit_that_cannot_be_done_is_refused_beside_the_plan(
    open_page: Open, db: Database, client: Portfolio
) -> None:
    first = plan.orders(plan.preview(db, client.id, Ask(), plan.Asked(TODAY)))[0]
    drafts.keep_ask(db, client.id, Ask(limits=Limits(edits={(first["account"], first["symbol"]): -1e9})))
    page = opened(open_page, client)
    assert "cannot be sold" in words(page)
    assert next(b for b in page.button if b.key == "accept-plan").disabled
    page = press(page, "reset-plan")
    assert "cannot be sold" not in words(page)
    assert no_errors(page)


def test_money_is_placed_by_the_rule_that_is_chosen(open_page: Open, db: Database, client: Portfolio) -> None:
    page = opened(open_page, client)
    page.segmented_control(key="rebalance-view-0").select("Deposit or withdraw").run()
    assert "Four rules" in words(page)
    assert no_errors(page)
    next(box for box in page.number_input if box.key == "plan-amount-0").set_value(5000.0).run()
    page.radio(key="plan-rule-0").set_value(Rule.target_proportional).run()
    asked = drafts.ask(db, client.id)
    assert (asked.deposit, asked.rule) == (5000.0, Rule.target_proportional)
    page.segmented_control(key="plan-way-0").select("Withdraw").run()
    assert drafts.ask(db, client.id).withdraw == 5000.0
    assert title(page).endswith("total drift from 11.9% to 11.2%")  # idle cash pays it, and two buckets stay out
    assert next(box for box in page.number_input if box.key == "plan-amount-0").min > 0.0
    assert no_errors(page)


def test_a_withdrawal_that_cash_pays_is_accepted_and_the_limits_stay(
    open_page: Open, db: Database, client: Portfolio
) -> None:
    drafts.keep_ask(db, client.id, Ask(withdraw=100.0, limits=Limits(whole_shares=True)))
    page = press(opened(open_page, client), "accept-plan")
    assert drafts.ask(db, client.id) == Ask(limits=Limits(whole_shares=True))
    before = show(db, client.id, TODAY).value
    page = press(press(page, "execute"), "execute-now")
    assert no_errors(page)
    assert show(db, client.id, TODAY).value == pytest.approx(before - 100.0)
