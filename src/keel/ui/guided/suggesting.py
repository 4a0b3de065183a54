"""What a generator suggests for the next step: its question, whose words it is in, and the buttons that take it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from keel import settings
from keel.domain.proposal.putting import taken
from keel.domain.proposal.records import RULES
from keel.services import design
from keel.services.guided import workflows
from keel.services.guided.workflows import Told
from keel.services.shared.asking.model import MODEL
from keel.services.shared.asking.questions import questions
from keel.ui.frame import root, widgets
from keel.ui.frame.waiting import waiting
from keel.ui.guided import told

if TYPE_CHECKING:
    from keel.domain.proposal.putting import Put
    from keel.domain.workflow.definition import Step
    from keel.domain.workflow.run import WorkflowRun
    from keel.store.connection import Database

PROPOSAL = "proposal"  # the question whether a framework is to be proposed
Go = Callable[[Told], None]


def row(db: Database, run: WorkflowRun, step: Step, go: Go) -> None:
    """Draws the question with the buttons that answer it as suggested; nothing where nothing is."""
    puts = {put.id: put for put in questions(run)}
    suggested = taken(step, list(puts.values()))
    if not suggested and not any(put.answer for put in puts.values()):
        return
    asking = workflows.find_questions(db, run)
    if asking is not None and not asking.finished():
        waiting(asking, "guide-asks")
        return
    first = puts[next(iter(suggested), PROPOSAL)]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            f"{widgets.plain(first.words)} {_by(first)}", width="content", help=widgets.plain(first.reason) or None
        )
        if suggested and st.button(f"Take {_named(first)}", key="guide-take"):
            go(_told(run, step, {}, take=True))
        if PROPOSAL in puts and puts[PROPOSAL].answer:
            _proposals(run, step, go)
        _reworded(run, step)
    if asking is not None and asking.answer is not None and asking.answer.fallback:
        st.caption(widgets.plain(asking.answer.fallback))


def _by(put: Put) -> str:
    """Whose words they are."""
    return f":gray-badge[Asked by {'the rules' if put.by == RULES else widgets.plain(put.by)}]"


def _named(put: Put) -> str:
    """What is suggested, a template by its name."""
    names = {template.id: template.name for template in design.templates(settings.load())}
    return widgets.plain(names.get(str(put.answer), str(put.answer)))


def _proposals(run: WorkflowRun, step: Step, go: Go) -> None:
    """Draws the buttons that have a framework proposed, by the rules and by the model that is set up."""
    if st.button("Have one proposed", key="guide-propose"):
        go(_told(run, step, {PROPOSAL: RULES}))
    model = settings.model()
    if model is not None and st.button(f"Have {widgets.plain(model.name)} propose one", key="guide-model"):
        go(_told(run, step, {PROPOSAL: MODEL}))


def _reworded(run: WorkflowRun, step: Step) -> None:
    """Draws the button that has the model put the question."""
    model = settings.model()
    if model is not None and step.put_by_generator:
        words = f"Let {widgets.plain(model.name)} ask"
        st.button(words, key="guide-reword", type="tertiary", on_click=_ask, args=(run.id,))


def _ask(run_id: str) -> None:
    workflows.ask_questions(root.database(), run_id)


def _told(run: WorkflowRun, step: Step, given: dict[str, str], *, take: bool = False) -> Told:
    today, later = datetime.now(UTC).date(), told.later(run, step)
    return Told(today, {step.id: given} if given else {}, later=later, take=take)
