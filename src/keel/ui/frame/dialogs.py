"""Which dialog is open: one at a time, by name, until it is dismissed or done."""

from __future__ import annotations

import streamlit as st

_OPEN, _WHERE = "dialog", "dialog-where"


def arrive(step_id: str, framework_id: str) -> None:
    """Closes what was opened at another step or for another framework: whoever leaves by the back button leaves it.

    A link may name no framework, and its page then the one it means.
    """
    step_before, framework_before = st.session_state.get(_WHERE, (step_id, ""))
    if step_before != step_id or framework_before not in ("", framework_id):
        close()
    st.session_state[_WHERE] = step_id, framework_id


def ask_for(name: str, popover: str = "") -> None:
    """Opens the dialog of that name with the next run; a ``popover`` closes first, as it would stay above."""
    if popover:
        st.session_state[popover] = False
    st.session_state[_OPEN] = name


def asked() -> str:
    """The name of the dialog to draw; empty for none."""
    return str(st.session_state.get(_OPEN, ""))


def close() -> None:
    """Lets the next run draw no dialog."""
    st.session_state.pop(_OPEN, None)
