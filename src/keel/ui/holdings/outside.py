"""Holdings that no bucket takes: said, and assigned to a bucket by choice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import streamlit as st

from keel import units
from keel.domain.framework.records import Framework
from keel.domain.market.prices import CASH
from keel.domain.portfolio.position import Role
from keel.domain.portfolio.records import Portfolio
from keel.errors import KeelError
from keel.services.holdings import table
from keel.services.holdings.show import Shown
from keel.services.shared.held.worth import Holding
from keel.store.connection import Database
from keel.ui.frame import session, widgets
from keel.ui.holdings import rows
from keel.ui.holdings.table import forget

NEW, ASKED = "new", "new-bucket-of"  # no path, which has a slash; the choice that a new bucket was asked of
MOST = 8  # that are asked about one by one; the table has the column too


def strangers(portfolio: Portfolio, framework: Framework, shown: Shown) -> list[Holding]:
    """The holdings that no bucket of the framework takes, those left out of the value aside."""
    taken = {pick.symbol for pick in portfolio.picks} | {CASH}
    paths = rows.buckets(framework)
    return [
        holding
        for holding in shown.holdings
        for p in [holding.stored.position]
        if p.symbol not in taken and p.bucket not in paths and p.role is not Role.excluded
    ]


def section(db: Database, portfolio: Portfolio, framework: Framework, shown: Shown, today: date) -> None:
    """Draws each with a choice of buckets; nothing when all have their place."""
    found = strangers(portfolio, framework, shown)
    if not found:
        return
    worth = sum(holding.value or 0.0 for holding in found)
    widgets.header(f"Outside the framework: {units.money(worth, shown.currency)}")
    st.caption(
        "No bucket takes these, so the next plan sells them. Say where each belongs; or keep it with another role in"
        " the table: frozen stays and counts, excluded stays and does not."
    )
    named = {**rows.buckets(framework), NEW: "New bucket …"}
    with st.container(horizontal=True):
        for holding in found[:MOST]:
            p = holding.stored.position
            with st.container(border=True, width=250):
                st.markdown(
                    f"**{widgets.plain(p.symbol)}** {widgets.plain(p.account)}"
                    f"  \n{widgets.plain(_worth(holding, shown.currency))}"
                )
                key = f"bucket-of-{holding.stored.instrument_id}-{p.account}"
                st.selectbox(
                    f"Bucket of {p.symbol}",
                    list(named),
                    index=None,
                    format_func=named.__getitem__,
                    placeholder="Choose a bucket",
                    key=key,
                    label_visibility="collapsed",
                    on_change=_assign,
                    args=(db, portfolio.id, shown, holding, key, today),
                )
                if st.session_state.get(ASKED) == key:
                    _new_bucket(db, portfolio, shown, holding, key, today)
    if len(found) > MOST:
        st.caption(f"{len(found) - MOST} more stand in the table.")


def _worth(holding: Holding, currency: str) -> str:
    return "No price" if holding.value is None else units.money(holding.value, currency)


def _assign(db: Database, portfolio_id: str, shown: Shown, holding: Holding, key: str, today: date) -> None:
    path = st.session_state[key]
    if path == NEW:
        st.session_state[ASKED] = key
        return
    st.session_state.pop(ASKED, None)
    _put(db, portfolio_id, shown, holding, path, today)


def _new_bucket(db: Database, portfolio: Portfolio, shown: Shown, holding: Holding, key: str, today: date) -> None:
    """Draws the name and the target of a bucket of its own, which the others make room for."""
    weight = 100 * (holding.value or 0.0) / shown.value if shown.value else 0.0
    name = st.text_input("Name", holding.stored.position.symbol, max_chars=60, key=f"{key}-name")
    target = st.number_input("Target, %", 0.0, 100.0, round(weight, 1) or 1.0, 1.0, "%.12g", key=f"{key}-target")
    st.caption("The other buckets make room in proportion.")
    if not st.button("Add bucket", key=f"{key}-add"):
        return
    try:
        bucket = table.Addition(name, (target or 0.0) / 100)
        after = table.put_in_new_bucket(db, portfolio, bucket, holding.stored, today)
    except KeelError as error:
        widgets.problem(error)
        return
    st.session_state.pop(ASKED, None)
    forget()
    session.put(session.forward(version=after.framework_version, run=""))
    st.rerun()


def _put(db: Database, portfolio_id: str, shown: Shown, holding: Holding, path: str, today: date) -> None:
    """Assigns a holding to the bucket of a path."""
    held = [
        replace(one.stored.position, bucket=path) if one is holding else one.stored.position for one in shown.holdings
    ]
    table.put(db, portfolio_id, held, today)
    forget()
