"""What was chosen in the lab, as it stands in a link: read from the link, or where it says nothing from the draft."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from keel.domain.study.question import Question
from keel.services.work import drafts
from keel.ui.frame import root, session
from keel.ui.lab.axes import OTHERS, Axes, to_text

NAMES = (*to_text(Axes()), *OTHERS, "cost", "colour", "at", "luck", "ask")
OPENED, KEPT = "lab-opened", "lab-kept"


def chosen(question: Question, run_id: str) -> Mapping[str, str]:
    """What the link that opened the session says of the lab; else what was left of this portfolio beside this run."""
    linked = {name: words for name, words in st.query_params.to_dict().items() if name in NAMES}
    if linked and OPENED not in st.session_state:
        return linked
    return drafts.lab(root.database(), question.portfolio_id, run_id)


def keep(question: Question, run_id: str, words: Mapping[str, str]) -> None:
    """Keeps what is chosen when it has changed, for the next session; the first look at a lab leaves no draft."""
    state, now = st.session_state, (question.portfolio_id, run_id, dict(words))
    state[OPENED] = True
    before = state.get(KEPT)
    if before is not None and before[:2] == now[:2] and before != now:
        drafts.keep_lab(root.database(), *now)
    state[KEPT] = now


def write(question: Question, words: Mapping[str, str]) -> None:
    """Writes what is chosen into the link, and keeps it."""
    ids = session.ids()
    keep(question, ids.run, words)
    params = session.query(ids) | dict(words)
    if params != st.query_params.to_dict():
        st.query_params.from_dict(params)
