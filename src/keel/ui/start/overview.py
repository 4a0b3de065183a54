"""The frameworks at a glance, with what comes next for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import journey, units
from keel.domain.framework.slots import slots
from keel.services import design
from keel.services.work import progress
from keel.ui.allocation import tree_rows
from keel.ui.charts.strip import allocation_strip
from keel.ui.frame import session, widgets

if TYPE_CHECKING:
    from keel.services.design import FrameworkSummary
    from keel.store.connection import Database

A_ROW = 3
TOUR = (
    ("template", "Choose a starting point and shape it: targets, limits, rules."),
    ("mapping", "Let every bucket find products that fit its rules."),
    ("backtest", "Compare rebalancing policies on real prices, costs included."),
    ("drift", "See when it left its bands, and what the policy would trade."),
)


def cards(db: Database, frameworks: Sequence[FrameworkSummary]) -> None:
    """Draws a card per framework: its picture, its version and the next step."""
    for start in range(0, len(frameworks), A_ROW):
        row = frameworks[start : start + A_ROW]
        for column, summary in zip(st.columns(A_ROW), row, strict=False):
            with column.container(border=True, height="stretch"):
                _card(db, summary)


def _card(db: Database, summary: FrameworkSummary) -> None:
    framework = design.get_framework(db, summary.id)
    with st.container(horizontal=True, vertical_alignment="center", wrap=False):
        widgets.header(summary.name)
        widgets.risk_badge(summary.risk_band)
    labels, weights, colours = tree_rows.strip(framework, slots(framework))
    if labels:
        alt = "Targets: " + ", ".join(f"{n} {units.weight(w)}" for n, w in zip(labels, weights, strict=True))
        widgets.chart(allocation_strip(labels, weights, colours), alt=alt, key=f"strip-{summary.id}")
    count = summary.bucket_count
    st.caption(f"Version {summary.version}{units.SPACE}· {count} bucket{'' if count == 1 else 's'}")
    st.space("stretch")
    _next(db, summary)


def _next(db: Database, summary: FrameworkSummary) -> None:
    """The way to the design, and to the furthest step that its state allows."""
    found = progress.progress(db, summary.id, summary.version)
    ids = session.Ids(summary.id, summary.version, found.portfolio_id, found.run_id)
    with st.container(gap="xxsmall"):
        widgets.link("allocation", "Open the allocation", ids)
        if found.run_id:
            widgets.link("backtest", "Open the backtest", ids)
            widgets.link("drift", "See the drift", ids)
        elif found.portfolio_id:
            widgets.link("backtest", "Next: backtest it", ids)
        else:
            widgets.link("mapping", "Next: choose products", ids)


def links(frameworks: Sequence[FrameworkSummary]) -> None:
    """Draws a line per framework, a page of them at a time."""
    for summary in widgets.page_of(frameworks, "frameworks", "Frameworks"):
        ids = session.Ids(framework=summary.id, version=summary.version)
        widgets.link("allocation", f"{widgets.plain(summary.name)}, version {summary.version}", ids)


def tour() -> None:
    """Draws the way through in four steps."""
    for column, (step_id, words) in zip(st.columns(len(TOUR)), TOUR, strict=True):
        with column.container(border=True, height="stretch"):
            st.subheader(journey.find(step_id).title, anchor=False)
            st.markdown(words)
