"""What a framework says of itself: name, description, base currency, benchmark and risk band, in a dialog."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.exchange.framework_json import LONGEST_DESCRIPTION
from keel.domain.market.currencies import CURRENCIES
from keel.services.market.benchmarks import benchmarks, blends
from keel.ui.allocation import state, tree_rows
from keel.ui.frame import dialogs, widgets

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.store.connection import Database

RISKS = {"": "None", "low": "Low", "medium": "Medium", "high": "High"}


@st.dialog("Name and details", on_dismiss=dialogs.close)
def show(db: Database) -> None:
    """Draws the details, and closes when they are applied to the unsaved version."""
    now = state.current().now
    with st.form("framework-details", border=False):
        name = st.text_input("Name", now.name, max_chars=tree_rows.MOST_IN_TITLE)
        about = st.text_area("Description", now.description, max_chars=LONGEST_DESCRIPTION)
        ccy = _choice("Base currency", [now.base_ccy, *sorted(CURRENCIES)], now.base_ccy)
        names = [blend.name for blend in blends(db)]
        benchmark = _choice("Benchmark", ["", now.benchmark, *names, *benchmarks(db)], now.benchmark)
        risk = _choice("Risk band", [*RISKS, now.risk_band], now.risk_band)
        st.caption("They are part of the next version: save it to keep them.")
        applied = st.form_submit_button(":violet[Apply]", type="primary", key="apply-details")
    if not applied:
        return

    def work(framework: Framework) -> Framework:
        title = tree_rows.require_text(name, "A framework", tree_rows.MOST_IN_TITLE)
        return replace(
            framework, name=title, description=about.strip(), base_ccy=ccy, benchmark=benchmark, risk_band=risk
        )

    if state.step(work):
        dialogs.close()
        st.rerun()
    st.error(widgets.plain(state.note()))


def _choice(label: str, options: list[str], now: str) -> str:
    """One of the options, each once; an empty one is none."""
    each = list(dict.fromkeys(options))
    chosen = st.selectbox(label, each, each.index(now), format_func=lambda word: RISKS.get(word, word))
    return chosen or ""
