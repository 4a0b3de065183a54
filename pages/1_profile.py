"""Profile: a few questions, the risk band they lead to, and the templates that fit it."""

import streamlit as st

from keel import settings
from keel.domain.profile import questions
from keel.services import design
from keel.ui.frame import session, widgets

widgets.title("How much risk fits?")
widgets.context("Five questions, answered for one investor", "A start for a conversation, not advice")

answers: dict[str, int] = {}
for question in questions.QUESTIONS:
    words = [answer.words for answer in question.answers]
    chosen = st.segmented_control(question.words, words, key=f"profile-{question.id}", persist_state="session")
    if chosen is not None:
        answers[question.id] = words.index(chosen)

found = questions.assess(answers)
if found is None:
    left = len(questions.QUESTIONS) - len(answers)
    widgets.header(f"{left} question{'s' if left > 1 else ''} to go")
    widgets.link("template", "Skip: show every template")
else:
    fitting = [t.name for t in design.templates(settings.load()) if t.risk_band == found.risk_band]
    widgets.header(f"{found.risk_band.capitalize()} risk: {widgets.either(fitting)}")
    if found.cap:
        st.markdown(found.cap)
    with st.container(horizontal=True, vertical_alignment="center"):
        if widgets.action("Choose a template", key="choose"):
            session.go("template", session.forward(risk=found.risk_band))
        widgets.link("template", "Show every template", session.forward(risk=""))
    with st.expander("How this is scored"):
        st.markdown(
            f"{found.points} of {found.possible} points. From {questions.MEDIUM_FROM:.0%} of them the risk is medium, "
            f"from {questions.HIGH_FROM:.0%} high. Money needed within {questions.SHORT} years is never more than low, "
            f"within {questions.MIDDLE} never more than medium."
        )
