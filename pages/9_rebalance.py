"""Rebalance: what to trade, or where money goes and comes from, as a worksheet that one accepts and carries out."""

from datetime import UTC, datetime

import streamlit as st

from keel.services import mapping
from keel.services.live import plan, standing
from keel.services.work import drafts
from keel.ui.backtest.answers import of_portfolio
from keel.ui.drift import live
from keel.ui.frame import dialogs, root, session, widgets
from keel.ui.handover import dialog, presenting
from keel.ui.rebalance import asking, kept, regular, view, worksheet

db, ids = root.database(), session.ids()
today = datetime.now(UTC).date()
portfolio = mapping.get_portfolio(db, ids.portfolio)

known = standing.standing(db, portfolio.id)
seen = live.judged(db, portfolio.id, today) if known.held else None
if seen is not None:
    plans = plan.listed(db, portfolio.id)
    accepted = kept.next_of(plans)
    if accepted and not ids.present:
        kept.carry_out(accepted, seen, today)
        live.unsaved(db, portfolio.id)
        with st.container(horizontal=True, vertical_alignment="center"):
            dialog.button()
            presenting.button("rebalance", session.forward(present=True))
        if dialogs.asked() == dialog.NAME:
            dialog.show(portfolio.name, lambda: of_portfolio(portfolio, known.run_id), accepted)
        kept.earlier(plans)
        st.stop()
    draft = drafts.ask(db, portfolio.id)
    shown = asking.kind(draft)
    ask = asking.of(draft, shown)
    made, refused = view.planned(db, portfolio.id, ask, today)
    money = seen.framework.base_ccy
    if ids.present:
        same = accepted is not None and accepted.portfolio_version == portfolio.version
        view.present(db, accepted if accepted and same else made, seen)
        st.stop()
    if refused is None:
        view.head(db, made, seen)
    else:
        view.refusal(refused, seen)
    live.unsaved(db, portfolio.id)
    kept.open_plan(plans)
    asking.choose(db, made, ask, shown, money)
    if refused is None:
        if shown == asking.MONEY:
            view.rules(db, made, ask, today)
        widgets.header("Orders")
        changed = worksheet.section(db, made, ask, money)
        view.said(made)
        view.let_through(made)
        kept.accept(db, made, ask, today, changed=changed)
        with st.container(horizontal=True, vertical_alignment="center"):
            dialog.button()
            presenting.button("rebalance", session.forward(present=True))
        if dialogs.asked() == dialog.NAME:
            dialog.show(portfolio.name, lambda: of_portfolio(portfolio, known.run_id), made)
        if ask.deposit:
            regular.section(db, portfolio.id, ask, today)
        view.before_and_after(made, seen)
        view.limits(made, seen)
        if shown == asking.TRADES:
            view.fewest(db, made, ask, today)
    elif ask.limits.edits:
        worksheet.reset(db, made, ask)
    kept.earlier(plans)
elif not known.held:
    widgets.title("Nothing is held yet")
    widgets.context("Enter what the portfolio holds; then this page says what to trade")
    live.add_holdings()
