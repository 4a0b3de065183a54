"""The profile's answers: in the controls of the page while it is open, and a draft for the next session."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.profile import questions
from keel.services.work import drafts
from keel.ui.frame import root, widgets

if TYPE_CHECKING:
    from keel.store.connection import Database

OPEN = "profile-open"


def resume(db: Database) -> None:
    """Fills the controls with the answers as they were left, once a session."""
    if OPEN in st.session_state:
        return
    st.session_state[OPEN] = drafts.answers(db)
    for question in questions.QUESTIONS:
        words = st.session_state[OPEN].get(question.id)
        if words in [answer.words for answer in question.answers]:
            st.session_state[key(question.id)] = words


def keep(db: Database) -> None:
    """Keeps the answers when they have changed, and says that they are kept."""
    given = {q.id: words for q in questions.QUESTIONS if (words := st.session_state.get(key(q.id)))}
    if given != st.session_state[OPEN]:
        drafts.keep_answers(db, given)
        st.session_state[OPEN] = given
    if given:
        with st.container(horizontal=True, vertical_alignment="center"):
            widgets.unsaved("Unsaved answers", "A template chosen with them makes a framework.")
            st.button("Discard them", key="discard-answers", on_click=discard)


def discard() -> None:
    """Takes every answer back."""
    drafts.keep_answers(root.database(), {})
    st.session_state[OPEN] = {}
    for question in questions.QUESTIONS:
        st.session_state[key(question.id)] = None


def key(question_id: str) -> str:
    """The session key of a question's control."""
    return f"profile-{question_id}"
