"""The portfolios that hold something, the one that needs a trade most first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.services.live import morning
from keel.ui.frame import session, widgets

if TYPE_CHECKING:
    from keel.services.live.morning import Line
    from keel.store.connection import Database

MOST_SHOWN = 5


def show(db: Database) -> tuple[Line, ...]:
    """The portfolios that hold something, a line drawn for each with its way to the drift page; none draw nothing."""
    lines = morning.morning(db, datetime.now(UTC).date())
    if not lines:
        return ()
    calls = sum(line.rebalance_needed for line in lines)
    many = "portfolio" if len(lines) == 1 else "portfolios"
    widgets.header(f"{calls} of {len(lines)} {many} out of band" if calls else _calm(len(lines)))
    with st.container(gap="xsmall", key="morning"):
        for line in lines[:MOST_SHOWN]:
            _line(line)
        rest = lines[MOST_SHOWN:]
        if rest:
            with st.expander(f"{len(rest)} more", on_change="rerun", key="more-portfolios") as box:
                if box.open:
                    for line in widgets.page_of(rest, "morning", "Portfolios"):
                        _line(line)
    return lines


def _calm(count: int) -> str:
    return "The portfolio is in band" if count == 1 else f"All {count} portfolios are in band"


def _line(line: Line) -> None:
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**{widgets.plain(line.portfolio.name)}**  \n{widgets.plain(_words(line))}", width="stretch")
        if line.rebalance_needed:
            st.badge(_count(line.out_of_band), icon=":material/warning:", color="orange")
        elif not line.trouble:
            st.badge("In band", color="gray")
        portfolio = line.portfolio
        ids = session.Ids(portfolio.framework_id, portfolio.framework_version, portfolio.id)
        widgets.link("drift", "Open drift", ids)


def _count(buckets: int) -> str:
    return "1 out of band" if buckets == 1 else f"{buckets} out of band"


def _words(line: Line) -> str:
    """What it is worth, how far it is off, and where most."""
    if line.trouble:
        return line.trouble
    value = units.money(line.value, line.currency)
    off = f"{line.largest} {units.pp(line.drift)}" if line.total_drift else "on target"
    return f"{value} · {units.pct(line.total_drift)} to move · {off}"
