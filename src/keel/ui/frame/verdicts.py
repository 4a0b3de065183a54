"""Verdicts on limits as a badge and a sentence, the same on every page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from keel.domain.constraints.evaluation import Status, Verdict, in_full
from keel.ui.frame import widgets

BADGES = {
    Status.passed: ":green-badge[:material/check: Limit met]",
    Status.failed: ":red-badge[:material/close: Limit broken]",
    Status.unknown: ":gray-badge[:material/help: Limit not known]",
}


def verdicts(found: Sequence[Verdict]) -> None:
    """Draws each limit that is broken or not known with who breaks it, and in one line those that are met."""
    met = [verdict for verdict in found if verdict.status is Status.passed]
    for verdict in sorted(found, key=lambda v: v.status is not Status.failed):
        if verdict.status is not Status.passed or len(met) == 1:
            st.markdown(f"{BADGES[verdict.status]} {widgets.plain(in_full(verdict))}")
    if len(met) > 1:
        each = "  \n".join(widgets.plain(in_full(verdict)) for verdict in met)
        st.markdown(f":green-badge[:material/check: {len(met)} limits met]", help=each)
