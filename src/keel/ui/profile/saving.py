"""Profiles kept under a name: saving the answers as one, and opening those there are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.profile.record import InvestorProfile, Wishes, assessed
from keel.errors import KeelError, ProfileNotFoundError
from keel.services.guided import profiles
from keel.services.work import drafts, shelf
from keel.ui.frame import session, widgets
from keel.ui.frame.shelf import manage
from keel.ui.profile.proposing import wished

if TYPE_CHECKING:
    from keel.store.connection import Database

LONGEST = 80  # characters of a name


def opened(db: Database) -> InvestorProfile | None:
    """The stored profile of the link; None without one, or when there is none of that id."""
    id = session.ids().profile
    try:
        return profiles.get(db, id) if id else None
    except ProfileNotFoundError:
        return None


def wishes(stored: InvestorProfile | None) -> Wishes:
    """The wishes of a stored profile; none in particular without one."""
    return stored.wishes if stored else Wishes()


def section(db: Database, stored: InvestorProfile | None, answers: Mapping[str, str]) -> None:
    """Draws the name and the button that keeps the answers, or says that they are kept."""
    if stored is not None and _same(stored, answers):
        words = f"**{widgets.plain(stored.name)}**, version {stored.version}"
        st.markdown(f":green-badge[:material/check: Saved] {words}")
        return
    before = stored.name if stored else ""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.text_input("Name", before, LONGEST, f"profile-name-{before}", placeholder="Whose it is", width=280)
        words = f"Save as version {stored.version + 1}" if stored else "Save the profile"
        if st.button(words, icon=":material/save:", key="save-profile", disabled=not name.strip()):
            _save(db, stored, assessed(name, answers, wished(wishes(stored))))


def _same(stored: InvestorProfile, answers: Mapping[str, str]) -> bool:
    return dict(stored.answers) == dict(answers) and wished(stored.wishes) == stored.wishes


def _save(db: Database, stored: InvestorProfile | None, profile: InvestorProfile) -> None:
    try:
        saved = profiles.save(db, profile, stored.id if stored else "", stored.version if stored else None)
    except KeelError as error:
        widgets.problem(error)
        return
    drafts.keep_answers(db, {})
    session.put(session.forward(profile=saved.id, risk=saved.assessed.risk_band))
    st.rerun()


def others(db: Database, stored: InvestorProfile | None) -> None:
    """Draws a link to each other stored profile; nothing without any."""
    known = [profile for profile in profiles.listed(db) if stored is None or profile.id != stored.id]
    if not known:
        return
    with st.expander(f"Stored profiles ({len(known)})"):
        for profile in widgets.page_of(known, "profiles", "Profiles"):
            words = f"{widgets.plain(profile.name)}, version {profile.version}: {profile.assessed.risk_band} risk"
            widgets.link("profile", words, session.forward(profile=profile.id, risk=profile.assessed.risk_band))


def manage_all(db: Database, stored: InvestorProfile | None) -> None:
    """Draws what can be done with the stored profiles: another name, a copy, away; nothing without any."""
    entries = shelf.list_profiles(db)
    if not entries:
        return
    with st.expander("Rename, copy or archive a profile", on_change="rerun", key="profiles-managed") as box:
        if box.open:
            manage(db, entries, stored.id if stored else "", _open)


def _open(id: str) -> None:
    session.go("profile", session.forward(profile=id, risk=""))
