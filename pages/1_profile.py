"""Profile: a few questions, the risk band they lead to, and the templates that fit it."""

import streamlit as st

from keel import settings
from keel.domain.profile import questions, scoring
from keel.domain.profile.words import SKIPPED, points
from keel.services.guided import profiles
from keel.services.market.record import template_record
from keel.ui.frame import session, widgets
from keel.ui.frame.root import database
from keel.ui.profile import proposing, saving
from keel.ui.profile.answers import keep, key, resume
from keel.ui.template.cards import against_worst_year, worst_year

widgets.title("How much risk fits?")
widgets.context("Five questions, answered for one investor", "A start for a conversation, not advice")

stored = saving.opened(database())
resume(database(), stored)
answers: dict[str, str] = {}
for question in questions.QUESTIONS:
    ids = {answer.words: answer.id for answer in question.answers}
    chosen = st.segmented_control(question.words, list(ids), key=key(question.id), persist_state="session")
    if chosen is not None:
        answers[question.id] = ids[chosen]
keep(database(), stored)

found = scoring.assess(answers)
if found is None:
    left = len(questions.QUESTIONS) - len(answers)
    widgets.header(f"{left} question{'s' if left > 1 else ''} to go")
    widgets.link("template", "Skip: show every template", session.forward(profile="", risk=""))
    st.caption(SKIPPED)
else:
    fitting = profiles.fitting(settings.load(), found.risk_band)
    widgets.header(f"{found.risk_band.capitalize()} risk: {widgets.either([t.name for t in fitting])}")
    if found.held_by:
        st.markdown(
            f"The answers point to {found.whole.band} risk together, "
            f"but this allows no more than {found.risk_band}:\n\n"
            + "\n".join(f"- {widgets.plain(words)}" for words in found.held_by)
        )
    worst = {t.name: worst_year(template_record(database(), t).metrics) for t in fitting if t.framework.buckets}
    st.markdown("\n".join(f"- {against_worst_year(t, w, found.worst_year)}" for t, w in worst.items() if w is not None))
    saving.section(database(), stored, answers)
    with st.container(horizontal=True, vertical_alignment="center"):
        if widgets.action("Choose a template", key="choose"):
            session.go("template", session.forward(risk=found.risk_band))
        proposing.button()
        widgets.link("template", "Show every template", session.forward(risk=""))
    with st.expander("How this is scored"):
        st.markdown(
            f"{found.whole.points} of {found.whole.possible} points: {points(found)}. "
            f"From {scoring.MEDIUM_FROM:.0%} of them the risk is medium, "
            f"from {scoring.HIGH_FROM:.0%} high. A careful answer allows no more than its own band, "
            "whatever the others are:\n\n" + "\n".join(f"- {widgets.plain(line)}" for line in questions.limits())
        )
        st.caption(f"After {found.source}. The points of each answer and the thresholds are Keel's own.")
        st.caption("Worst years are those of the template's record on the sample, rebalanced yearly, without costs.")
    proposing.panel(database(), answers, saving.wishes(stored))
saving.others(database(), stored)
saving.manage_all(database(), stored)
