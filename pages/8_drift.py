"""Drift: what is held against its targets, or when a run's buckets left their bands."""

from datetime import UTC, datetime

import streamlit as st

from keel import vocabulary
from keel.services import mapping
from keel.services.live import standing as live_standing
from keel.ui.backtest.answers import of_portfolio
from keel.ui.drift import backtested, live, lived, moving, shares
from keel.ui.frame import dialogs, session, widgets
from keel.ui.frame.root import database
from keel.ui.handover import dialog, presenting, sharing

LIVE, BACKTEST = "Live", "Backtest"

db, ids = database(), session.ids()
portfolio = mapping.get_portfolio(db, ids.portfolio)
standing = live_standing.standing(db, portfolio.id)
run = ids.run or standing.run_id
views = [LIVE] * standing.held + [BACKTEST] * bool(run)
asked = BACKTEST if st.query_params.get("view") == "backtest" and run else None
shown = asked or next(iter(views), "")
if ids.present and standing.held:
    told = live.judged(db, portfolio.id, datetime.now(UTC).date())
    if told:
        live.present(db, told)
    st.stop()
if len(views) > 1:
    shown = st.segmented_control("What is shown", views, default=shown, required=True, key="drift-view") or shown
    live.remember(shown == BACKTEST)

if shown == LIVE:
    seen = live.judged(db, portfolio.id, datetime.now(UTC).date())
    if seen is None:
        st.stop()
    live.head(db, seen)
    if widgets.action("Plan the trades", key="plan-trades"):
        session.go("rebalance")
    live.unsaved(db, portfolio.id)
    moving.offer(portfolio, standing.newest)
    live.buckets(seen)
    live.holdings(seen)
    live.accounts(seen)
    with st.container(horizontal=True, vertical_alignment="center"):
        shares.button(portfolio, seen.framework, standing.newest)
        live.download(seen)
        dialog.button()
        presenting.button("drift", session.forward(present=True))
        sharing.button(portfolio.id)
        live.add_holdings("Change what is held")
    if dialogs.asked() == dialog.NAME:
        dialog.show(portfolio.name, lambda: of_portfolio(portfolio, standing.run_id))
    live.ahead(seen)
    live.limits(seen)
    lived.show(portfolio.id, seen.framework)
elif shown == BACKTEST:
    backtested.show(run)
    if standing.held:
        widgets.link("rebalance", "Plan the trades of what is held now")
    else:
        live.add_holdings()
    st.caption(vocabulary.HYPOTHETICAL)
else:
    widgets.title("Nothing is held yet")
    widgets.context("Enter what the portfolio holds, or run a backtest to see when it would have drifted")
    live.add_holdings()
    widgets.link("backtest", "Run a backtest")
