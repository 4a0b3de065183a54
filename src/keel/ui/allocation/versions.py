"""Versions of a framework: the list, what changed between two, and the answer to somebody else's save."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.framework.diff import Change
from keel.services import design
from keel.ui.frame import dialogs, session, widgets

if TYPE_CHECKING:
    from keel.store.connection import Database

WHOLE_DATE = 280  # px that a version takes with its date


@st.dialog("Versions", width="medium", on_dismiss=dialogs.close)
def show(db: Database, framework_id: str, open_version: int) -> None:
    """Draws the list of versions and the changes between two of them."""
    found = sorted(design.versions(db, framework_id), key=lambda v: v.version, reverse=True)
    numbers = [v.version for v in found]
    words = {
        v.version: f"Version {v.version}, {units.day(v.updated_at)} {v.updated_at:%H:%M}" for v in found if v.updated_at
    }
    with st.container(horizontal=True, vertical_alignment="bottom"):
        older, newer = (
            st.selectbox(label, choices, format_func=lambda n: words.get(n, f"Version {n}"), width=WHOLE_DATE)
            for label, choices in (("From", numbers[1:] or numbers), ("To", numbers))
        )
    changes(design.diff(db, framework_id, older, newer), f"Version {older} and version {newer} are the same.")
    with st.container(horizontal=True):
        for number in dict.fromkeys((older, newer)):
            if number != open_version and st.button(f"Open version {number}", key=f"open-{number}"):
                dialogs.close()
                session.go("allocation", session.forward(version=number, portfolio="", run=""))
        newest = numbers[0]
        if older != newest and st.button(f"Save version {older} as version {newest + 1}", key="restore-version"):
            dialogs.close()
            saved = design.restore(db, framework_id, older, newest)
            session.go("allocation", session.forward(version=saved.version, portfolio="", run=""))


def changes(found: Sequence[Change], none: str) -> None:
    """Draws the changes as a list, or ``none``."""
    if not found:
        st.markdown(none)
        return
    st.markdown("\n".join(f"- {widgets.plain(str(change))}" for change in found))
