"""A page as a client is shown it: the way in, whose name stands above it, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.services import pack
from keel.ui.frame import session, widgets

if TYPE_CHECKING:
    from keel.store.connection import Database


def button(step: str, to: session.Ids) -> None:
    """Draws the button that shows a step without menu and controls."""
    if st.button("Present", key="present", icon=":material/slideshow:"):
        session.go(step, to)


def firm(db: Database) -> None:
    """Draws the name of the firm, where one is kept."""
    name = pack.brand(db).firm
    if name:
        st.caption(widgets.plain(name))


def leave(step: str) -> None:
    """Draws the way back to the step as it is worked on."""
    if st.button("Leave the presentation", key="leave", type="tertiary", icon=":material/close:"):
        session.go(step, session.forward(present=False))  # a link to the page that is open leads nowhere
