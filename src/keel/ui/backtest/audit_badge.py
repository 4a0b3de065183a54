"""The audit of a run on its page: a button, how long the replay has taken, and the badge that stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel.errors import KeelError
from keel.services import audit
from keel.ui.frame import root, waiting, widgets

if TYPE_CHECKING:
    from keel.audit.comparison import Audit
    from keel.services.study import Study

POLL_SECONDS = 1.0
ABOUT = "vectorbt, another engine, replays this run's own trades. It takes 10 seconds, a minute the first time."


def show(study: Study) -> None:
    """Draws the button, or what came of it. While the replay runs only this piece is drawn again."""
    job = audit.find(root.database(), study.run_id)
    polling = job is not None and not job.finished()
    st.fragment(_piece, run_every=POLL_SECONDS if polling else None)(study, polling)


def _piece(study: Study, polling: bool) -> None:
    job = audit.find(root.database(), study.run_id)
    if polling and job is not None and job.finished():
        st.rerun()  # the whole page, which draws this piece without asking again each second
    if job is None:
        _button("Audit this run", lambda: audit.begin(root.database(), study.run_id))
    elif not job.finished():
        st.markdown(f":gray-badge[:material/hourglass_top: Replaying through vectorbt, {job.seconds:.0f} s]")
    elif job.interrupted:
        waiting.interrupted(job, "backtest-audit")
    elif job.answer:
        st.markdown(badge(job.answer), help=details(job.answer))
    else:
        if isinstance(job.error, KeelError):
            widgets.problem(job.error)
        _button("Audit again", lambda: waiting.begin_again(job))


def _button(label: str, begin: Callable[[], object]) -> None:
    able = audit.available()
    about = ABOUT if able else "This needs vectorbt: pip install 'keel[audit]'."
    if st.button(label, icon=":material/verified:", key="backtest-audit", help=about, disabled=not able):
        begin()
        st.rerun()


def badge(audits: Sequence[Audit]) -> str:
    """The outcome in one badge: identical to the last digits that count, or the first that differs and its day."""
    differing = next((a for a in audits if not a.ok), None)
    if differing is not None:
        words = f"{differing.policy} {audit.sentence(differing)}"
        return f":red-badge[:material/error: {widgets.plain(words)}]"
    return ":green-badge[:material/verified: Checked by a second engine: identical]"


def details(audits: Sequence[Audit]) -> str:
    """A line a policy, with how many orders were replayed."""
    lines = [
        f"- **{widgets.plain(a.policy)}**: {widgets.plain(audit.sentence(a))}, {a.orders:,} orders" for a in audits
    ]
    return "\n".join(lines)
