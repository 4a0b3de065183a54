"""What a shared link shows to whoever has it: the newest state of one portfolio, and nothing to press."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.errors import LinkNotFoundError
from keel.services import report
from keel.services.access import links
from keel.services.access.rate import visiting
from keel.services.live import plan
from keel.ui.components.manners import manners
from keel.ui.drift import live
from keel.ui.frame import root, widgets
from keel.ui.handover import presenting
from keel.ui.rebalance import view

if TYPE_CHECKING:
    from keel.domain.access.link import Link
    from keel.domain.plan.record import PlanRecord
    from keel.services.report import Judged
    from keel.store.connection import Database

VISITS = visiting()  # by address, as over REST


def page(secret: str) -> None:
    """Draws what a link shows, or that it leads nowhere."""
    manners(presenting=True)
    with widgets.failures():
        VISITS.require(st.context.ip_address or "")
        try:
            theirs, link = links.follow(root.opened(), secret)
        except LinkNotFoundError as error:
            widgets.title(error.message.rstrip("."))
            widgets.context(error.hint.rstrip("."))
        else:
            _show(theirs, link)


def _show(db: Database, link: Link) -> None:
    presenting.firm(db)
    widgets.context(f"Shared to look at until {units.day(link.expires_at)}", "always the newest state")
    shown = report.shown(db, link.portfolio_id, datetime.now(UTC).date())
    seen = shown.judged
    if seen is None:
        widgets.title("There is nothing to show yet")
        widgets.context(shown.name, shown.trouble.rstrip("."))
        return
    live.head(db, seen)
    live.buckets(seen)
    widgets.header("What is held")
    live.held(seen)
    live.accounts(seen)
    live.limits(seen)
    if shown.waiting is not None:
        _plan(shown.waiting, seen)


def _plan(waiting: PlanRecord, seen: Judged) -> None:
    """Draws the orders of the plan that waits to be carried out."""
    widgets.header("Plan")
    widgets.context(f"Accepted on {units.day(waiting.accepted_at)}", "not carried out yet")
    view.orders(plan.orders(waiting), seen.framework.base_ccy)
    view.said(waiting)
