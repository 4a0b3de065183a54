"""What a portfolio held, over time: the drift of every day, and what the policy would have traded on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from keel import units
from keel.domain.drift.grid import DriftGrid
from keel.services.live import past
from keel.ui.drift import columns, view
from keel.ui.frame import root, widgets
from keel.ui.frame.findings import drift_finding

if TYPE_CHECKING:
    from keel.domain.arrays import Floats
    from keel.domain.policy.records import Policy
    from keel.services.live.past import History

ALL_ALONG = "As if held all along"


def show(portfolio_id: str, policy: Policy) -> None:
    """Draws the history as a heatmap and one day of it; or why there is none yet."""
    widgets.header("How it came here")
    recorded = past.history(root.database(), portfolio_id)
    head = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        found = _chosen(portfolio_id, recorded)
        if found is None:
            st.markdown("There are no closes yet of what is held.")
            return
        whole = found.past.grid(policy)
        spans = columns.offered(whole.dates)
        span = st.segmented_control("Period", spans, default=spans[-1], required=True, key="lived-period")
    period = columns.since(whole, columns.PERIODS[span])
    which = columns.columns(period)
    grid = columns.shown(period, which)
    chosen = view.chosen_column(grid)
    with head:
        st.markdown(f"**{drift_finding(period.breach, period.labels, 'day')}**")
        st.caption(widgets.plain(_basis(found, period)))
    view.picture(grid, which.sampled, chosen, key=f"lived-grid-{span}-{found.assumed}")
    _day(found, grid, chosen, policy)


def _chosen(portfolio_id: str, recorded: History | None) -> History | None:
    """The history of the records; before them, or where they are of one day, that of what they first say."""
    if recorded is not None and not st.toggle(ALL_ALONG, key="lived-assumed", help=_HELP):
        return recorded
    return past.history(root.database(), portfolio_id, assumed=True)


_HELP = "What the first records say is taken to have been held before them too."


def _basis(found: History, grid: DriftGrid) -> str:
    first, last = (grid.dates[i].astype(object) for i in (0, -1))
    words = f"{units.day(first)} – {units.day(last)}, raw closes, judged by the targets of now."
    if found.assumed:
        words += f" Before {units.day(found.began)} as if what was held then had been held all along."
    return words


def _day(found: History, grid: DriftGrid, column: int, policy: Policy) -> None:
    """One date: bullets, table and the plan of that day."""
    on = int(np.searchsorted(found.past.dates, grid.dates[column]))
    trade = found.past.trade(on, policy)
    widgets.subheader(view.day_title(grid, column, daily=True))
    total = 0.5 * float(np.abs(grid.drift[:, column]).sum() + found.past.outside[on])
    st.caption(widgets.plain(f"{units.pct(total)} of the portfolio sat in the wrong bucket · {_plan(trade)}"))
    view.day(grid, column, trade, key="lived-bullets")


def _plan(trade: Floats | None) -> str:
    if trade is None:
        return "the policy would not have traded"
    return f"the policy would have bought {units.pct(float(np.maximum(trade, 0.0).sum()))} of it"
