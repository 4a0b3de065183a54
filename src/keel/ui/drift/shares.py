"""The shares of a bucket's products, edited on the drift page: saving writes the next version of the framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.framework.tree import leaves
from keel.errors import KeelError
from keel.services import design
from keel.services.live import move
from keel.ui.frame import root, session, widgets
from keel.ui.targets.shares import read_shares, shares_table

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.records import Portfolio


def button(portfolio: Portfolio, framework: Framework, newest: int) -> None:
    """Draws the button that opens the products of a bucket and their shares; on the newest version only."""
    stale = newest > framework.version
    why = f"Move to version {newest} first" if stale else None
    if st.button("Edit shares", icon=":material/percent:", key="edit-shares", disabled=stale, help=why):
        _edit(portfolio, framework)


@st.dialog("Products and their shares")
def _edit(portfolio: Portfolio, framework: Framework) -> None:
    ends = {leaf.path: leaf for leaf in leaves(framework)}
    path = st.selectbox("Bucket", list(ends), format_func=lambda path: ends[path].label, key="shares-bucket")
    picked = {pick.symbol: pick.share for pick in portfolio.picks if pick.path == path}
    rows = shares_table(picked or {h.symbol: h.share for h in ends[path].holdings}, f"live-shares-{path}")
    st.caption(f"Saved as version {framework.version + 1} of the allocation, which this portfolio then follows.")
    if widgets.action("Save", key="save-shares"):
        try:
            _save(portfolio, framework, path, read_shares(rows))
        except KeelError as error:
            widgets.problem(error)


def _save(portfolio: Portfolio, framework: Framework, path: str, shares: dict[str, float]) -> None:
    """Writes the next version and takes the portfolio to it."""
    db = root.database()
    saved = design.set_holdings(db, framework.id, {path: shares}, framework.version)
    move.accept(db, portfolio.id, saved.version, expected_version=portfolio.version)
    session.put(session.forward(version=saved.version, run=""))
    st.rerun()
