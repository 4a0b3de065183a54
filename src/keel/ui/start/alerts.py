"""What watched portfolios have to say, on the start page: what holds and is not known yet, and what was."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.watch.alert import Alert, Kind
from keel.services import mapping
from keel.services.live import watch
from keel.ui.frame import root, session, widgets

if TYPE_CHECKING:
    from keel.store.connection import Database

MOST_SHOWN, MOST_BEFORE = 5, 50
WORDS = {Kind.breach: "Out of band", Kind.plan: "Plan left", Kind.prices: "Old prices"}


def show(db: Database) -> None:
    """Draws a card a portfolio with what holds and is not known; nothing where there never was an alert."""
    alerts = watch.current(db, datetime.now(UTC))
    news = [alert for alert in alerts if alert.holds and alert.read_at is None]
    known = [alert for alert in alerts if not (alert.holds and alert.read_at is None)]
    if news:
        widgets.header("1 alert" if len(news) == 1 else f"{len(news)} alerts")
        portfolios = list(dict.fromkeys(alert.portfolio_id for alert in news))
        cards = [[alert for alert in news if alert.portfolio_id == id] for id in portfolios]
        with st.container(gap="xsmall"):
            for card in cards[:MOST_SHOWN]:
                _card(db, card)
            if len(cards) > MOST_SHOWN:
                with st.expander(
                    f"{len(cards) - MOST_SHOWN} more portfolios", on_change="rerun", key="more-alerts"
                ) as box:
                    if box.open:
                        for card in widgets.page_of(cards[MOST_SHOWN:], "alerts", "Portfolios with alerts"):
                            _card(db, card)
    if known:
        with st.expander("Alerts of before", on_change="rerun", key="known-alerts") as box:
            if box.open:
                st.markdown("\n".join(f"- {_history(alert)}" for alert in known[:MOST_BEFORE]))


def _card(db: Database, alerts: Sequence[Alert]) -> None:
    """What a portfolio has to say, where to look at it, and the way to say that it is known."""
    portfolio = mapping.get_portfolio(db, alerts[0].portfolio_id)
    ids = session.Ids(portfolio.framework_id, portfolio.framework_version, portfolio.id)
    with st.container(border=True):
        st.markdown(f"**{widgets.plain(portfolio.name)}**\n\n" + "\n".join(f"- {_said(alert)}" for alert in alerts))
        with st.container(horizontal=True, vertical_alignment="center"):
            for kind in dict.fromkeys(alert.kind for alert in alerts):
                st.badge(WORDS[kind], icon=":material/notifications:", color="orange")
            widgets.link("drift", "Open drift", ids)
            if any(alert.kind is Kind.plan for alert in alerts):
                widgets.link("rebalance", "Open the plan", ids)
            marked = tuple(alert.id for alert in alerts)
            st.button("Mark as known", key=f"known-{portfolio.id}", on_click=_known, args=(marked,))


def _known(alert_ids: Sequence[str]) -> None:
    for alert_id in alert_ids:
        watch.read(root.database(), alert_id, datetime.now(UTC))


def _said(alert: Alert) -> str:
    return f"{widgets.plain(alert.message)} :small[Since {units.day(alert.began_at)}.]"


def _history(alert: Alert) -> str:
    """An alert of before in one line."""
    until = f"until {units.day(alert.ended_at)}" if alert.ended_at else "still so"
    return f"{units.day(alert.began_at)}, {until}: {widgets.plain(alert.message)}"
