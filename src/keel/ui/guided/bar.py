"""The slim bar of the run one is in: its steps, where one is, and what is next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from keel import units
from keel.domain.workflow.graph import ordered
from keel.domain.workflow.run import RunStatus, StepStatus, next_step, waits_for
from keel.errors import WorkflowNotFoundError
from keel.services.guided import workflows
from keel.services.guided.workflows import Told
from keel.ui.frame import session, widgets
from keel.ui.frame.findings import listed
from keel.ui.frame.waiting import waiting
from keel.ui.guided import suggesting, told

if TYPE_CHECKING:
    from keel.domain.workflow.definition import Step
    from keel.domain.workflow.run import WorkflowRun
    from keel.store.connection import Database

MARKS = {
    StepStatus.done: ":green[:material/check:]",
    StepStatus.skipped: ":gray[:material/remove:]",
    StepStatus.failed: ":red[:material/error:]",
    StepStatus.interrupted: ":orange[:material/warning:]",
    StepStatus.running: ":material/hourglass_top:",
}
ACCEPT = "accept"  # the question that lets a broken limit pass
OVER = (RunStatus.done, RunStatus.cancelled)


def show(db: Database, page: str) -> None:
    """Draws the bar of the run in the link on the page of that id; nothing without one."""
    ids = session.ids()
    if not ids.guide:
        return
    try:
        run = workflows.get(db, ids.guide)
    except WorkflowNotFoundError:
        return
    following = next_step(run)
    answers = told.given(db, run, ids).get(following.id, {}) if following else {}
    elsewhere = following is not None and page != following.page
    here = following is not None and (not elsewhere or bool(answers and following.needs))
    with st.container(border=True, key="guide", gap="xsmall"):
        st.markdown(f":gray[{widgets.plain(run.workflow.name)}]{units.SPACE}· {_trail(run, following)}")
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_words(run, following, elsewhere=here and elsewhere), width="stretch")
            with st.container(horizontal=True, vertical_alignment="center", width="content"):  # wraps as one
                if following is not None and here:
                    _controls(db, run, following, answers)
                elif following is not None:
                    widgets.link(following.page, f"Open {following.name.lower()}", told.onward(run, ids))
                _again(db, run)
                st.button("Leave", key="guide-leave", type="tertiary", help=_LEAVE, on_click=_leave)

        if following is not None and page == following.page and not answers:
            suggesting.row(db, run, following, lambda said: _go(db, run, said))
        job = workflows.job_of(db, run)
        if job is not None:
            waiting(job, "guide-step")


_LEAVE = "The run stays as it is; the start page leads back to it."


def _trail(run: WorkflowRun, following: Step | None) -> str:
    """The steps in their order: what is done has a mark, the next one is bold."""
    words = []
    for step in ordered(run.workflow):
        mark = MARKS.get(run.steps[step.id].status, "")
        name = widgets.plain(step.name)
        words.append(f"{mark}{units.SPACE if mark else ''}{f'**{name}**' if step is following else name}")
    return " → ".join(words)


def _words(run: WorkflowRun, following: Step | None, *, elsewhere: bool) -> str:
    """What is next, or why it stands; ``elsewhere`` says that it goes on with what another page has open."""
    if run.status in OVER:
        return "Every step is done." if run.status is RunStatus.done else "This run was given up."
    if following is None:
        return "A step is under way."
    progress = run.steps[following.id]
    if progress.status is StepStatus.failed:
        return widgets.plain(progress.message)
    again = "It was interrupted; nothing of it was stored. " if progress.status is StepStatus.interrupted else ""
    place = [step.id for step in ordered(run.workflow)].index(following.id) + 1
    words = f"{following.name} is next: go on with what is open." if elsewhere else following.words
    before = told.made_before(run)
    kept = f" Made before and still there: {widgets.plain(listed(before))}." if before else ""
    return f"Step {place} of {len(run.workflow.steps)}: {again}{widgets.plain(words)}{kept}"


def _controls(db: Database, run: WorkflowRun, following: Step, answers: Mapping[str, Any]) -> None:
    """Draws the buttons that do the next step with what the link tells it."""
    failed = run.steps[following.id].status is StepStatus.failed
    if failed and ACCEPT in [question.id for question in following.questions]:
        if st.button("Accept it", key="guide-accept", help="The limit stays broken, and is said."):
            _go(db, run, Told(_today(), {following.id: {ACCEPT: True}}, later=told.later(run, following)))
        return
    again = failed and following.needs and not answers  # it would fail as before
    ready = not waits_for(run, following, answers or None) and not again
    why = None if ready else "First do what the line says"
    if st.button("Go on", key="guide-on", icon=":material/arrow_forward:", disabled=not ready, help=why):
        _go(db, run, Told(_today(), told.given(db, run, session.ids()), later=told.later(run, following)))
    if following.skippable and st.button("Skip", key="guide-skip"):
        _go(db, run, Told(_today(), skipped=[following.id], later=told.later(run, following)))


def _again(db: Database, run: WorkflowRun) -> None:
    """Draws the steps that are settled, each to be done again; nothing while there are none or one is under way."""
    settled = [step for step in ordered(run.workflow) if run.steps[step.id].status.settled]
    if not settled or run.status in (RunStatus.running, RunStatus.cancelled):
        return
    with st.popover("Do a step again", key="guide-again"):
        st.caption("It and the steps that build on it are open again. What they made stays.")
        for step in settled:
            if st.button(widgets.plain(step.name), key=f"again-{step.id}", width="stretch"):
                now = workflows.repeat(db, run.id, step.id, Told(_today(), later=[s.id for s in run.workflow.steps]))
                session.go(step.page, told.back(now, session.ids(), step))


def _go(db: Database, run: WorkflowRun, said: Told) -> None:
    """Goes on with the run, and to the page of what is next."""
    after = workflows.go_on(db, run.id, replace(said, background=True))
    session.go(told.page_of(after), told.onward(after, session.ids()))


def _leave() -> None:
    session.put(replace(session.ids(), guide=""))


def _today() -> date:
    return datetime.now(UTC).date()
