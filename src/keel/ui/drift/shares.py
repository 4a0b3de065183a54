"""The shares of a bucket's products, edited on the drift page: saving writes the next version of the framework."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.framework.tree import leaves
from keel.errors import KeelError
from keel.services import design
from keel.services.live import move
from keel.ui.frame import dialogs, root, session, widgets
from keel.ui.targets.shares import read_shares, same_shares, shares_table

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.records import Portfolio


NAME = "edit-shares"


def button(portfolio: Portfolio, framework: Framework, newest: int) -> None:
    """Draws the button that opens the products of a bucket and their shares; on the newest version only."""
    stale = newest > framework.version
    why = f"Move to version {newest} first" if stale else None
    words, icon = "Edit shares", ":material/percent:"
    st.button(words, icon=icon, key=NAME, disabled=stale, help=why, on_click=dialogs.ask_for, args=(NAME,))
    if dialogs.asked() == NAME and not stale:
        _edit(portfolio, framework)


@st.dialog("Products and their shares", on_dismiss=dialogs.close)
def _edit(portfolio: Portfolio, framework: Framework) -> None:
    ends = {leaf.path: leaf for leaf in leaves(framework)}
    path = st.selectbox("Bucket", list(ends), format_func=lambda path: ends[path].label, key="shares-bucket")
    picked = {pick.symbol: pick.share for pick in portfolio.picks if pick.path == path}
    rows = shares_table(picked or {h.symbol: h.share for h in ends[path].holdings}, f"live-shares-{path}")
    st.caption(f"Saved as version {framework.version + 1} of the allocation, which this portfolio then follows.")
    if widgets.action("Save", key="save-shares"):
        try:
            shares = read_shares(rows)
            own = {holding.symbol: holding.share for holding in ends[path].holdings}
            if same_shares(shares, own):
                _say_same(same_shares(shares, picked or own))
                return
            _save(portfolio, framework, path, shares)
        except KeelError as error:
            widgets.problem(error)


def _say_same(followed: bool) -> None:
    """Says that the allocation has the typed shares already, and where a portfolio of other products takes them."""
    if followed:
        st.markdown(":gray-badge[:material/check: Same] These are the shares there are already. Nothing was saved.")
        return
    st.markdown(
        ":gray-badge[:material/check: Same] The allocation has these shares; this portfolio holds other products."
    )
    widgets.link("mapping", "Choose its products")


def _save(portfolio: Portfolio, framework: Framework, path: str, shares: dict[str, float]) -> None:
    """Writes the next version and takes the portfolio to it."""
    db = root.database()
    saved = design.set_holdings(db, framework.id, {path: shares}, framework.version)
    move.accept(db, portfolio.id, saved.version, expected_version=portfolio.version)
    dialogs.close()
    session.put(session.forward(version=saved.version, run=""))
    st.rerun()
