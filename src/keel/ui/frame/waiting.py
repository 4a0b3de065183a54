"""What stands where an answer will be: how far the work is and a way to stop it, or that a restart ended it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from keel.errors import KeelError
from keel.services.shared import jobs
from keel.ui.frame import root, widgets

if TYPE_CHECKING:
    from keel.services.shared.job import Job

AT_ONCE = 0.3  # s: what takes less is shown without a word about waiting
POLL = 0.4  # s


def waiting(job: Job[Any], key: str) -> None:
    """Draws how far the work is, and a way to stop it. Only this piece is drawn again until it has ended."""

    @st.fragment(run_every=POLL)
    def piece() -> None:
        if job.finished():
            st.rerun()
        with st.container(horizontal=True, vertical_alignment="center"):
            st.progress(min(job.done / job.total, 1.0) if job.total else 0.0, text=job.words(), width="stretch")
            st.button("Stop", key=f"{key}-stop", icon=":material/stop:", on_click=job.stop, disabled=job.stopped())

    piece()


def unanswered(job: Job[Any], key: str) -> bool:
    """Whether there is no answer; draws in its place how far the work is, that a restart ended it, or what failed."""
    if not job.finished(AT_ONCE):
        waiting(job, key)
    elif job.interrupted:
        interrupted(job, key)
    elif isinstance(job.error, KeelError):
        widgets.problem(job.error)
    elif job.error is not None:
        widgets.failure(job.error)
    else:
        return False
    return True


def interrupted(job: Job[Any], key: str) -> None:
    """Says that a restart ended the work, with a way to begin it again."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":orange-badge[:material/warning: Interrupted] {interrupted_words(job)}")
        st.button("Start again", key=f"{key}-again", on_click=begin_again, args=(job,))


def interrupted_words(job: Job[Any]) -> str:
    """What a restart ended, in a sentence."""
    if not job.total:
        return "Keel was restarted before this was done."
    return f"Keel was restarted when {job.done:,} of {job.total:,} {job.noun} were done."


def begin_again(job: Job[Any]) -> None:
    """Begins the work of a job anew: one that was interrupted, stopped or failed."""
    jobs.again(root.database(), job.row.id)
