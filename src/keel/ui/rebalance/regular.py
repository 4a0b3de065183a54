"""The same deposit again and again: when what is held is in band, computed when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.plan.deposits.prospect import NOUNS, Prospect, basis, details, finding
from keel.domain.plan.deposits.schedule import PER_YEAR, Schedule
from keel.domain.policy.records import Cadence
from keel.services.live import schedule
from keel.ui.charts.schedule import in_band_after
from keel.ui.frame import widgets
from keel.ui.rebalance.asking import own_key

if TYPE_CHECKING:
    from datetime import date

    from keel.domain.plan.ask import Ask
    from keel.store.connection import Database

EVERY = "plan-every"


def section(db: Database, portfolio_id: str, ask: Ask, today: date) -> None:
    """Draws after how many deposits of the amount that is asked every bucket is in its band."""
    with st.expander("The same amount again and again", on_change="rerun", key="plan-regular") as box:
        if not box.open:
            return
        every = st.segmented_control(
            "Every",
            list(PER_YEAR),
            default=Cadence.monthly,
            required=True,
            format_func=lambda cadence: NOUNS[cadence].capitalize(),
            key=own_key(EVERY),
        )
        asked = Schedule(ask.deposit, every or Cadence.monthly, ask.rule, ask.account)
        found = schedule.regular(db, portfolio_id, asked, today)
        widgets.subheader(finding(found))
        for words in details(found):
            st.markdown(widgets.plain(words))
        _picture(found)
        for words in basis(found):
            st.caption(widgets.plain(words))


def _picture(found: Prospect) -> None:
    """Draws how many histories are in band after each deposit; nothing without histories."""
    if found.spread is None:
        return
    noun, last = NOUNS[found.schedule.cadence], found.spread.reached[-1]
    alt = f"Part of histories in band after each {noun}: {units.pct(last, 0)} after {found.spread.horizon}"
    st.caption("How many of the histories have been in band by then")
    picture = in_band_after(found.spread.reached, noun, found.schedule.per_year, found.flat)
    widgets.chart(picture, alt=alt, key="plan-regular-picture")
