"""What watched portfolios have to say, on the start page: what holds and is not known yet, and what was."""

from __future__ import annotations

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
    """Draws a card an alert that holds and is not known; nothing where there never was one."""
    alerts = watch.listed(db)
    news = [alert for alert in alerts if alert.holds and alert.read_at is None]
    before = [alert for alert in alerts if alert not in news]
    if news:
        widgets.header("1 alert" if len(news) == 1 else f"{len(news)} alerts")
        with st.container(gap="xsmall"):
            for alert in news[:MOST_SHOWN]:
                _card(db, alert)
            if len(news) > MOST_SHOWN:
                with st.expander(f"{len(news) - MOST_SHOWN} more", on_change="rerun", key="more-alerts") as box:
                    if box.open:
                        for alert in widgets.page_of(news[MOST_SHOWN:], "alerts", "Alerts"):
                            _card(db, alert)
    if before:
        with st.expander("Alerts of before", on_change="rerun", key="known-alerts") as box:
            if box.open:
                st.markdown("\n".join(f"- {_history(alert)}" for alert in before[:MOST_BEFORE]))


def _card(db: Database, alert: Alert) -> None:
    portfolio = mapping.get_portfolio(db, alert.portfolio_id)
    ids = session.Ids(portfolio.framework_id, portfolio.framework_version, portfolio.id)
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(
            f"**{widgets.plain(portfolio.name)}**  \n{widgets.plain(alert.message)}  \n"
            f":small[Since {units.day(alert.began_at)}]",
            width="stretch",
        )
        st.badge(WORDS[alert.kind], icon=":material/notifications:", color="orange")
        widgets.link("rebalance" if alert.kind is Kind.plan else "drift", "Look at it", ids)
        st.button("Known", key=f"known-{alert.id}", on_click=_known, args=(alert.id,))


def _known(alert_id: str) -> None:
    watch.read(root.database(), alert_id, datetime.now(UTC))


def _history(alert: Alert) -> str:
    """An alert of before in one line."""
    until = f"until {units.day(alert.ended_at)}" if alert.ended_at else "still so"
    return f"{units.day(alert.began_at)}, {until}: {widgets.plain(alert.message)}"
