"""What the mapping page says about unsaved changes of the allocation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel.ui.frame import session, widgets

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework


def not_in_it(framework: Framework, edited: Sequence[int]) -> None:
    """Says that the allocation has unsaved changes, which are not what products are chosen for."""
    if edited:
        with st.container(horizontal=True, vertical_alignment="center"):
            words = f"You are choosing for version {framework.version}; unsaved changes are not in it."
            st.markdown(f":orange-badge[:material/edit: Draft] {words}", width="content")
            widgets.link("allocation", "Open them", session.forward(version=edited[0], portfolio="", run=""))
