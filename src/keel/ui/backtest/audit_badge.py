"""The audit of a run on its page: a button, how long the replay has taken, and the badge that stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.services import audit
from keel.ui.frame import widgets

if TYPE_CHECKING:
    from keel.services.audit import Job
    from keel.services.study import Study

POLL_SECONDS = 1.0
ABOUT = "vectorbt, another engine, replays this run's own trades. It takes 10 seconds, a minute the first time."


def show(study: Study) -> None:
    """Draws the button, or what came of it. While the replay runs only this piece is drawn again."""
    job = audit.find(study)
    polling = job is not None and job.running
    st.fragment(_piece, run_every=POLL_SECONDS if polling else None)(study, polling)


def _piece(study: Study, polling: bool) -> None:
    job = audit.find(study)
    if polling and job is not None and not job.running:
        st.rerun()  # the whole page, which draws this piece without asking again each second
    if job is None:
        _button(study, "Audit this run")
    elif job.running:
        st.markdown(f":gray-badge[:material/hourglass_top: Replaying through vectorbt, {job.seconds:.0f} s]")
    elif job.error is not None:
        widgets.problem(job.error)
        _button(study, "Audit again")
    else:
        st.markdown(badge(job), help=details(job))


def _button(study: Study, label: str) -> None:
    able = audit.available()
    about = ABOUT if able else "This needs vectorbt: pip install 'keel[audit]'."
    if st.button(label, icon=":material/verified:", key="backtest-audit", help=about, disabled=not able):
        audit.begin(study)
        st.rerun()


def badge(job: Job) -> str:
    """The outcome in one badge: the largest difference of all policies, or the first that differs and its day."""
    differing = next((a for a in job.audits if not a.ok), None)
    if differing is not None:
        words = f"{differing.policy} {audit.sentence(differing)}"
        return f":red-badge[:material/error: {widgets.plain(words)}]"
    words = audit.sentence(max(job.audits, key=lambda a: a.largest_difference))
    return f":green-badge[:material/verified: {widgets.plain(words[:1].upper() + words[1:])}]"


def details(job: Job) -> str:
    """A line a policy, with how many orders were replayed."""
    lines = [
        f"- **{widgets.plain(a.policy)}**: {widgets.plain(audit.sentence(a))}, {a.orders:,} orders" for a in job.audits
    ]
    return "\n".join(lines)
