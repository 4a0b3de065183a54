"""A proposal as a change of a stored framework: what would change and why, saved as a version or edited first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.issue import errors
from keel.errors import EditConflictError, ProfileNotFoundError
from keel.services import design
from keel.services.guided import profiles
from keel.services.guided.proposals import Wanted
from keel.ui.allocation import state
from keel.ui.allocation.draft import changed
from keel.ui.frame import widgets
from keel.ui.proposal import asked, shown
from keel.ui.question.form import WIDE

if TYPE_CHECKING:
    from keel.domain.framework.records import Framework
    from keel.domain.profile.record import InvestorProfile
    from keel.services.guided.proposals import Proposed
    from keel.store.connection import Database
    from keel.ui.allocation.draft import Draft

OPEN, COUNT = "framework-proposing", "framework-proposals"  # for which framework it is open; how many there were


def button(draft: Draft) -> None:
    """Draws the button that opens the proposal below; nothing for a framework that is not stored."""
    if not draft.base.version:
        return
    if st.button("Propose changes", icon=":material/edit_note:", key="propose-changes"):
        st.session_state[OPEN] = draft.base.id
        st.session_state[COUNT] = st.session_state.get(COUNT, 0) + 1


def panel(db: Database, draft: Draft) -> None:
    """Draws what is proposed for the framework, once it was asked for."""
    if st.session_state.get(OPEN) != draft.base.id:
        return
    st.divider()
    with st.container(key=f"arrives-changes-{st.session_state[COUNT]}"):
        profile = _profile(db, draft.base)
        if profile is not None:
            by = asked.who("changes")
            answer = asked.answered(db, Wanted(profile, draft.base), by, "changes")
            if answer is not None:
                _shown(db, draft, answer.proposed, profile)
                return
        _closing()


def _profile(db: Database, framework: Framework) -> InvestorProfile | None:
    """Whose proposal: the framework's own profile at its newest version, else one that is chosen; None for none."""
    known = profiles.listed(db)
    try:
        own = profiles.get(db, framework.profile_id) if framework.profile_id else None
    except ProfileNotFoundError:
        own = None
    choices = [*([own] if own else []), *(p for p in known if own is None or p.id != own.id)]
    if not choices:
        st.markdown("A proposal follows a profile: answer five questions and save them first.")
        widgets.link("profile", "Open the profile")
        return None
    names = {p.id: f"{p.name}, {p.assessed.risk_band} risk" for p in choices}
    asks = "For which profile?"
    chosen = st.selectbox(asks, list(names), format_func=names.__getitem__, key="changes-profile", width=WIDE)
    return next(p for p in choices if p.id == chosen)


def _shown(db: Database, draft: Draft, proposed: Proposed, profile: InvestorProfile) -> None:
    lines = list(shown.changes(proposed))
    many = "1 change" if len(lines) == 1 else f"{len(lines)} changes"
    shown.head(proposed, f"{many} proposed for {profile.name}" if lines else "Nothing to change")
    if lines:
        st.markdown("\n".join(lines))
    shown.rest(proposed)
    blocked = "Save or discard your own changes first." if draft.dirty else ""
    blocked = blocked or ("It has errors: edit it first." if errors(proposed.findings) else "")
    if lines and blocked:
        st.caption(blocked)
    with st.container(horizontal=True, vertical_alignment="center"):
        if lines:
            _ways(db, draft, proposed.proposal.framework, blocked=bool(blocked))
        _closing()


def _ways(db: Database, draft: Draft, framework: Framework, *, blocked: bool) -> None:
    """Draws the ways to take a proposal; another button saves what a person edited."""
    label = f"Save the proposal as version {draft.latest + 1}"
    if st.button(label, icon=":material/check:", key="accept-changes", disabled=blocked):
        _accept(db, draft, framework)
    if st.button("Edit it first", key="edit-changes"):
        state.keep(changed(draft, framework))
        _close()
        st.rerun()


def _closing() -> None:
    st.button("Close", key="close-changes", on_click=_close)


def _accept(db: Database, draft: Draft, framework: Framework) -> None:
    """Saves the proposal as the next version."""
    try:
        saved = design.revise(db, draft.base.id, draft.latest, framework)
    except EditConflictError as error:
        widgets.problem(error)
        return
    _close()
    state.open_saved(db, draft, saved)


def _close() -> None:
    st.session_state[OPEN] = ""
