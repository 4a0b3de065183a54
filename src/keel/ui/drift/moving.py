"""A portfolio going to the newest version of its framework, seen first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from keel import units
from keel.domain.plan.gains import in_words
from keel.errors import EditConflictError
from keel.services.live import move
from keel.ui.allocation.versions import changes
from keel.ui.frame import root, session, widgets

if TYPE_CHECKING:
    from keel.domain.portfolio.records import Portfolio
    from keel.services.live.move import Move


def offer(portfolio: Portfolio, newest: int) -> None:
    """Draws that a newer version is there and the way to look at it; nothing where it is the newest."""
    if newest <= portfolio.framework_version:
        return
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":orange-badge[:material/update: Version {newest}] The allocation has a newer version than the"
            f" {portfolio.framework_version} this portfolio follows."
        )
        if st.button(f"Look at moving to version {newest}", key="move"):
            _look(portfolio.id, newest)


@st.dialog("Move to the newer version", width="large")
def _look(portfolio_id: str, version: int) -> None:
    db = root.database()
    seen = move.preview(db, portfolio_id, version, today=datetime.now(UTC).date())
    widgets.subheader("What changes")
    changes(seen.changes, "Both versions are the same.")
    _products(seen)
    _trades(seen)
    if widgets.action(f"Move to version {version}", key="move-accept"):
        try:
            after = move.accept(db, portfolio_id, version, expected_version=seen.portfolio.version)
        except EditConflictError as error:
            widgets.problem(error)
            return
        session.put(session.forward(version=after.framework_version, run=""))
        st.rerun()


def _trades(seen: Move) -> None:
    """What the policy would then trade of what is held, with the gain and the tax."""
    import pandas as pd

    plan, money = seen.plan, seen.framework.base_ccy
    if plan is None:
        return
    widgets.subheader("What would be traded")
    if not plan.orders:
        st.markdown("Nothing: every bucket would be in band.")
        return
    index = pd.Index([widgets.plain(order.symbol) for order in plan.orders], name="Product")
    rows = {
        "Account": [widgets.plain(order.account) for order in plan.orders],
        "Value": [order.value for order in plan.orders],
        "Gain": [order.gain for order in plan.orders],
    }
    forms: dict[str, Any] = dict.fromkeys(("Value", "Gain"), lambda amount: units.money(amount, money))
    frame = pd.DataFrame(rows, index=index).astype(dict.fromkeys(forms, "float64"))
    st.table(frame.style.format(forms), border="horizontal", alt="Orders after the move")
    after = f"Drift {units.pct(plan.drift_before)} → {units.pct(plan.drift_after)}"
    st.caption(widgets.plain(f"{after} · {in_words(plan.realised, money)}"))


def _products(seen: Move) -> None:
    """The products that go along, those that do not, and what is left open."""
    widgets.subheader("Its products")
    along = [pick.symbol for chosen in seen.moved.picks.values() for pick in chosen]
    lines = [f"Go along: {', '.join(along) or 'none'}"]
    if seen.moved.dropped:
        lines.append(f"Left behind: {', '.join(pick.symbol for pick in seen.moved.dropped)}")
    lines += [
        f"{leaf.label} has no product: {units.weight(leaf.target_weight)} in cash until one is chosen"
        for leaf in seen.moved.open
    ]
    st.markdown("\n".join(f"- {widgets.plain(line)}" for line in lines))
