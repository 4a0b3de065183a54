"""The lab's question: that of the run in the link, with what the form of the page says otherwise."""

from __future__ import annotations

import json

import streamlit as st

from keel.domain.study.question import Question, changed
from keel.errors import KeelError
from keel.ui.lab import draft
from keel.ui.question import state

PREFIX, ASKED_OF = "lab-ask", "lab-question-of"
WITHOUT = ("lag", "cost_bps", "benchmark")  # on the axes, or of no use here


def question(base: Question, run_id: str) -> Question:
    """The question of the run in the link, with what the form of this page says otherwise."""
    of = (base.portfolio_id, base.portfolio_version, run_id)
    if st.session_state.get(ASKED_OF) != of or not state.shown(PREFIX):
        state.fill(PREFIX, _linked(base, draft.chosen(base, run_id).get("ask", "")))
        st.session_state[ASKED_OF] = of
    return state.taken(PREFIX, base)


def _linked(base: Question, text: str) -> Question:
    """The question with the changes of a link or a draft; what cannot be read changes nothing."""
    try:
        return changed(base, json.loads(text)) if text else base
    except (ValueError, KeelError):
        return base
