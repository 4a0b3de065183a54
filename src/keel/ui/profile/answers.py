"""The profile's answers: in the controls of the page while it is open, and a draft for the next session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.profile import questions
from keel.services.work import drafts
from keel.ui.frame import root, widgets

if TYPE_CHECKING:
    from keel.domain.profile.record import InvestorProfile
    from keel.store.connection import Database

OPEN, SHOWN = "profile-open", "profile-shown"


def resume(db: Database, stored: InvestorProfile | None) -> None:
    """Fills the controls with the answers as they were left, or those of a profile just opened, once a session."""
    if stored is not None and st.session_state.get(SHOWN) != stored.id:
        st.session_state[OPEN] = _fill(words_of(stored))
    elif OPEN not in st.session_state:
        st.session_state[OPEN] = _fill(drafts.answers(db))
    st.session_state[SHOWN] = stored.id if stored else ""


def _fill(answers: Mapping[str, str]) -> Mapping[str, str]:
    for question in questions.QUESTIONS:
        words = answers.get(question.id)
        if words in [answer.words for answer in question.answers]:
            st.session_state[key(question.id)] = words
    return answers


def words_of(profile: InvestorProfile) -> dict[str, str]:
    """The answers of a profile in words, by question."""
    return {q.id: a.words for q in questions.QUESTIONS for a in q.answers if a.id == profile.answers[q.id]}


def keep(db: Database, stored: InvestorProfile | None) -> None:
    """Keeps the answers when they have changed, and says so unless they are those of the stored profile."""
    given = {q.id: words for q in questions.QUESTIONS if (words := st.session_state.get(key(q.id)))}
    saved = stored is not None and given == words_of(stored)
    if given != st.session_state[OPEN]:
        drafts.keep_answers(db, {} if saved else given)
        st.session_state[OPEN] = given
    if given and not saved:
        with st.container(horizontal=True, vertical_alignment="center"):
            widgets.unsaved("Unsaved answers", "“Save the profile” keeps them under a name.")
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
