"""A run as a client is shown it: the finding, what weighs on it, the pictures, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.services import design, pack
from keel.services.market import health
from keel.ui.backtest import figures, view
from keel.ui.frame import root, session, widgets

if TYPE_CHECKING:
    from keel.services.study import Study


def button(study: Study) -> None:
    """Draws the button that begins the presentation."""
    if st.button("Present", key="backtest-present", icon=":material/slideshow:"):
        session.go("backtest", session.forward(run=study.run_id, present=True))


def show(study: Study) -> None:
    """Draws the presentation of a run."""
    db, meta = root.database(), study.results[0].meta
    framework = design.get_framework(db, meta.framework_id, meta.framework_version)
    firm = pack.brand(db).firm
    if firm:
        st.caption(widgets.plain(firm))
    widgets.title(view.finding(study))
    figures.measured(study, framework, "presented")
    view.warnings(study)
    figures.pictures(study, framework)
    view.assumptions(study, framework.base_ccy, health.of_products(db, study.sources))
    if st.button("Leave the presentation", key="backtest-leave", type="tertiary", icon=":material/close:"):
        session.go("backtest", session.forward(present=False))  # a link to the page that is open leads nowhere
