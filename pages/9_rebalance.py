"""Rebalance: what to trade, or where money goes and comes from, as a worksheet that one accepts and carries out."""

from datetime import UTC, datetime

import streamlit as st

from keel.services import mapping, report
from keel.services.live import plan, standing
from keel.services.work import drafts
from keel.ui.drift import live
from keel.ui.frame import root, session, widgets
from keel.ui.rebalance import asking, kept, view, worksheet

db, ids = root.database(), session.ids()
today = datetime.now(UTC).date()
portfolio = mapping.get_portfolio(db, ids.portfolio)

if standing.standing(db, portfolio.id).held:
    draft = drafts.ask(db, portfolio.id)
    shown = asking.kind(draft)
    ask = asking.of(draft, shown)
    made, refused = view.planned(db, portfolio.id, ask, today)
    seen = report.judged(db, portfolio.id, report.Asked(today))
    money = seen.framework.base_ccy
    plans = plan.listed(db, portfolio.id)
    view.head(db, made, seen)
    kept.open_plan(plans, today)
    asking.choose(db, made, ask, shown, money)
    if refused is not None:
        widgets.problem(refused)
        st.caption("What this page shows is the plan without it.")
    if shown == asking.MONEY and refused is None:
        view.rules(db, made, ask, today)
    widgets.header("Orders")
    changed = worksheet.section(db, made, ask, money)
    view.said(made)
    why = "Recalculate first: your change is not in the plan yet." if changed else ""
    kept.accept(db, made, ask, today, "What was asked is refused; see above." if refused else why)
    view.before_and_after(made, seen)
    view.limits(made, seen)
    if shown == asking.TRADES:
        view.fewest(db, made, ask, today)
    kept.earlier(plans)
else:
    widgets.title("Nothing is held yet")
    widgets.context("Enter what the portfolio holds; then this page says what to trade")
    live.add_holdings()
