"""The ways to begin a workflow, and to go on with the runs that wait."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import streamlit as st

from keel import settings, units
from keel.domain.workflow.run import RunStatus, next_step
from keel.services import mapping
from keel.services.guided import workflows
from keel.services.guided.workflows import Told
from keel.ui.frame import session, widgets
from keel.ui.guided import told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keel.domain.workflow.definition import Workflow
    from keel.domain.workflow.run import WorkflowRun
    from keel.services.live.morning import Line
    from keel.store.connection import Database

MOST = 3  # runs drawn at once
OVER = (RunStatus.done, RunStatus.cancelled)


def section(db: Database, held: Sequence[Line]) -> None:
    """Draws the workflows to begin, a review for what holds something, and the runs that wait."""
    widgets.header("Step by step")
    with st.container(horizontal=True, vertical_alignment="center"):
        for workflow in workflows.definitions(settings.load()):
            if not _asks_for_a_portfolio(workflow):
                _button(db, workflow)
            elif held:
                _of_a_portfolio(db, workflow, held)
    waiting = [run for run in workflows.listed(db) if run.status not in OVER]
    with st.container(gap="xsmall", key="workflow-runs"):
        for run in waiting[:MOST]:
            _line(db, run)
        if waiting[MOST:]:
            with st.expander(f"{len(waiting) - MOST} more", on_change="rerun", key="more-workflow-runs") as box:
                if box.open:
                    for run in widgets.page_of(waiting[MOST:], "workflow-runs", "Runs"):
                        _line(db, run)


def _asks_for_a_portfolio(workflow: Workflow) -> bool:
    return frozenset({"portfolio_id"}) in workflow.step(workflow.entry[0]).needs


def _button(db: Database, workflow: Workflow) -> None:
    if st.button(workflow.name, icon=":material/conversion_path:", key=f"begin-{workflow.id}", help=workflow.purpose):
        _begin(db, workflow, session.Ids())


def _of_a_portfolio(db: Database, workflow: Workflow, held: Sequence[Line]) -> None:
    with st.popover(workflow.name, icon=":material/event_repeat:", help=workflow.purpose):
        for line in held:
            portfolio = line.portfolio
            if st.button(widgets.plain(portfolio.name), key=f"begin-{workflow.id}-{portfolio.id}", width="stretch"):
                ids = session.Ids(portfolio.framework_id, portfolio.framework_version, portfolio.id)
                _begin(db, workflow, ids)


def _begin(db: Database, workflow: Workflow, ids: session.Ids) -> None:
    """Begins a run that waits at its first step, and opens the page of that."""
    everything = [step.id for step in workflow.steps]
    run = workflows.begin(db, workflow.id, Told(datetime.now(UTC).date(), later=everything))
    session.go(told.page_of(run), told.onward(run, ids))


def _line(db: Database, run: WorkflowRun) -> None:
    following = next_step(run)
    with st.container(horizontal=True, vertical_alignment="center", border=True):
        st.markdown(f"**{widgets.plain(run.workflow.name)}**  \n{widgets.plain(_words(db, run))}", width="stretch")
        if run.status in (RunStatus.failed, RunStatus.interrupted):
            st.badge(run.status.value.capitalize(), icon=":material/warning:", color="orange")
        under_way = run.status is RunStatus.running
        why = "A step is under way" if under_way else "What it made stays."
        if st.button("Give up", key=f"cancel-{run.id}", type="tertiary", help=why, disabled=under_way):
            workflows.cancel(db, run.id)
            st.rerun()
        widgets.link(told.page_of(run), "Go on" if following else "Look at it", told.onward(run, session.Ids()))


def _words(db: Database, run: WorkflowRun) -> str:
    """What is next, of what, and when it was last gone on with."""
    following, made = next_step(run), told.outputs(run)
    of = made.get("framework_name", "")
    if not of and "portfolio_id" in made:
        of = mapping.get_portfolio(db, made["portfolio_id"]).name
    next_words = f"{following.name} is next" if following else "A step is under way"
    when = units.day(run.updated_at.date()) if run.updated_at else ""
    return f"{units.SPACE}· ".join(part for part in (next_words, of, when) if part)
