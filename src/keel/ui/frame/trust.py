"""The trust row under a title: what weighs on the numbers below, a badge each, opening its sentence."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from keel.domain.study.trust import Caveat
from keel.ui.frame import session, widgets


def row(caveats: Sequence[Caveat], key: str) -> None:
    """Draws a badge a caveat that opens its sentence; nothing when there is none."""
    if not caveats:
        return
    with st.container(horizontal=True, gap="small"):
        for caveat in caveats:
            name = caveat.words.rstrip("0123456789.,% ").lower().replace(" ", "-")
            with st.popover(f":orange-badge[{caveat.words}]", type="tertiary", key=f"{key}-trust-{name}"):
                st.markdown(widgets.plain(caveat.sentence))
                if caveat.step and not session.ids().for_others:
                    widgets.link(caveat.step, "Refresh or import prices")
