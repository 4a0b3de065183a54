"""The portfolios of a framework on the mapping page, with what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.services import mapping
from keel.services.work import shelf
from keel.ui.frame import session
from keel.ui.frame import shelf as shelf_parts

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.records import Portfolio
    from keel.store.connection import Database


def show(db: Database, framework: Framework, now: Portfolio | None) -> None:
    """Draws the framework's portfolios with what can be done with them, drawn only when opened."""
    entries = shelf.portfolios_of(db, framework.id)
    if not entries:
        return
    with st.expander(f"Portfolios ({len(entries)})", on_change="rerun", key="mapping-portfolios") as box:
        if box.open:
            shelf_parts.manage(db, entries, now.id if now is not None else "", lambda id: _open(db, id))


def _open(db: Database, id: str) -> None:
    """Opens the mapping of a portfolio at the framework version it fills."""
    version = mapping.get_portfolio(db, id).framework_version if id else session.ids().version
    session.go("mapping", session.forward(version=version, portfolio=id, run=""))
