"""What is proposed, and by whom: the rules answer at once, a model by a job that can be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel import settings
from keel.domain.proposal.records import RULES
from keel.services.guided import proposals
from keel.services.guided.proposals import Answered
from keel.services.shared.asking.model import MODEL
from keel.ui.frame import root, waiting, widgets

if TYPE_CHECKING:
    from keel.services.guided.proposals import Wanted
    from keel.store.connection import Database

KEPT = "proposed"  # what the rules answered last, and to what


def who(key: str) -> str:
    """Who is to propose, as chosen; without a model there is nothing to choose."""
    model = settings.model()
    if model is None:
        return RULES
    names = {"Rules": RULES, model.name: MODEL}
    chosen = st.segmented_control("Who proposes?", list(names), default="Rules", key=f"{key}-by")
    return names.get(chosen or "Rules", RULES)


def answered(db: Database, wanted: Wanted, by: str, key: str) -> Answered | None:
    """What is proposed; None while the model is asked, and when nobody waits for it any more, after saying so."""
    return _by_rules(db, wanted) if by == RULES else _by_model(db, wanted, key)


def _by_rules(db: Database, wanted: Wanted) -> Answered:
    kept = st.session_state.get(KEPT)
    if kept is None or kept[0] != wanted:
        kept = st.session_state[KEPT] = (wanted, proposals.by_rules(db, wanted))
    answer: Answered = kept[1]
    return answer


def _by_model(db: Database, wanted: Wanted, key: str) -> Answered | None:
    job = proposals.find_asked(db, wanted) or proposals.ask_model(db, wanted)
    if waiting.unanswered(job, key):
        return None
    if job.answer is None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("Stopped: the model was not waited for.")
            st.button("Ask again", key=f"{key}-again", on_click=_ask, args=(wanted,))
    elif job.answer.proposed.fallback:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(widgets.plain(job.answer.proposed.fallback), icon=":material/info:")
            st.button("Ask again", key=f"{key}-again", on_click=_ask, args=(wanted,))
    return job.answer


def _ask(wanted: Wanted) -> None:
    proposals.ask_model(root.database(), wanted)
