"""What a portfolio held, over time: the drift of every day, and what the policy would have traded on one."""

from __future__ import annotations

from collections.abc import Sequence
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
    from keel.domain.framework.records import Framework
    from keel.services.live.past import History

LEAST = 1.0  # of any currency: what is less is said as nothing
ALL_ALONG = "As if held all along"


def show(portfolio_id: str, framework: Framework) -> None:
    """Draws the history as a heatmap and one day of it; or why there is none yet."""
    policy = framework.rebalancing
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
    _day(found, grid, chosen, framework)


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


def _day(found: History, grid: DriftGrid, column: int, framework: Framework) -> None:
    """One date: bullets, table and the plan of that day, with the way to that of today."""
    on = int(np.searchsorted(found.past.dates, grid.dates[column]))
    trade = found.past.trade(on, framework.rebalancing)
    widgets.subheader(view.day_title(grid, column, daily=True))
    total = 0.5 * float(np.abs(grid.drift[:, column]).sum() + found.past.outside[on])
    money = None if trade is None else trade * float(found.past.value[on])
    st.caption(
        widgets.plain(f"{units.pct(total)} of the portfolio sat in the wrong bucket · {_plan(money, framework)}")
    )
    if money is not None:
        st.markdown(widgets.plain(plan_words(grid.labels, money.tolist(), framework.base_ccy)))
    view.day(grid, column, trade, key="lived-bullets")
    widgets.link("rebalance", "Plan this now")


def _plan(money: Floats | None, framework: Framework) -> str:
    if money is None:
        return "the policy would not have traded"
    return f"the policy would have bought {units.money(float(np.maximum(money, 0.0).sum()), framework.base_ccy)}"


def plan_words(labels: Sequence[str], money: Sequence[float], currency: str) -> str:
    """What a day's plan would have sold and bought, the largest first; empty where it is nothing.

    >>> plan_words(["Shares", "Bonds", "Gold"], [-3200.0, 2900.0, 0.2], "USD")
    'Sell $3,200 of Shares; buy $2,900 of Bonds.'
    """
    rows = sorted(zip(labels, money, strict=True), key=lambda row: (row[1] > 0, -abs(row[1])))
    said = [
        f"{'sell' if amount < 0 else 'buy'} {units.money(abs(amount), currency)} of {label}"
        for label, amount in rows
        if abs(amount) >= LEAST
    ]
    words = "; ".join(said)
    return f"{words[:1].upper()}{words[1:]}." if words else ""
