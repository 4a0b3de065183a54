"""What can be done with something stored: another name, a copy, away into the archive after a question, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.errors import KeelError
from keel.services.work import shelf
from keel.ui.frame import dialogs, widgets
from keel.ui.frame.findings import listed, shortened

if TYPE_CHECKING:
    from keel.services.work.shelf import Entry
    from keel.store.archive import Noun
    from keel.store.connection import Database

MOST_SHOWN = 20  # archived ones at first
USERS: dict[str, tuple[str, str]] = {
    "profile": ("framework", "frameworks"),
    "framework": ("portfolio", "portfolios"),
    "portfolio": ("run", "runs"),
}

Open = Callable[[str], None]  # opens what has that id; an empty one leads away from what is archived


def manage(db: Database, entries: Sequence[Entry], current: str, go: Open) -> None:
    """Draws the choice of one entry and what can be done with it; ``go`` opens an id, or leaves for an empty one."""
    if not entries:
        return
    by_id = {entry.id: entry for entry in entries}
    noun = entries[0].noun
    start = list(by_id).index(current) if current in by_id else 0
    key = f"shelf-{noun}"
    chosen = st.selectbox(
        noun.capitalize(), list(by_id), start, format_func=lambda id: words(by_id[id]), key=f"{key}-{current}"
    )
    entry = by_id[chosen or entries[0].id]
    name = st.text_input("Name", entry.name, key=f"{key}-name-{entry.id}-{entry.name}", max_chars=shelf.MOST_IN_NAME)
    with st.container(horizontal=True):
        if st.button("Rename", key=f"{key}-rename", disabled=name.strip() in {"", entry.name}):
            shelf.rename(db, noun, entry.id, name)
            st.rerun()
        if st.button("Duplicate", key=f"{key}-duplicate"):
            go(shelf.duplicate(db, noun, entry.id))
        if st.button("Open", key=f"{key}-open", disabled=entry.id == current):
            go(entry.id)
        st.button("Archive…", key=f"{key}-archive", on_click=dialogs.ask_for, args=(entry.id,))
        if dialogs.asked() == entry.id:
            ask(db, noun, entry.id, entry.name, lambda: go("" if entry.id == current else current))


def words(entry: Entry) -> str:
    """An entry as a line of the list.

    >>> from datetime import datetime
    >>> from keel.services.work.shelf import Entry
    >>> words(Entry("portfolio", "pf_1", "Mine", 2, datetime(2026, 5, 1, 9, 5)))
    'Mine · version 2 · 1 May 2026, 09:05'
    """
    version = f"{'portfolio ' if entry.noun == 'run' else ''}version {entry.version}" if entry.version else ""
    at = f"{units.day(entry.at)}, {entry.at:%H:%M}" if entry.at else ""
    return " · ".join(part for part in (entry.name, version, at) if part)


@st.dialog("Archive", on_dismiss=dialogs.close)
def ask(db: Database, noun: Noun, id: str, name: str, gone: Callable[[], None]) -> None:
    """Draws who uses it and the question; ``gone`` is called once it is away."""
    st.markdown(f"**{widgets.plain(name)}** leaves the lists. Nothing is deleted: the start page brings it back.")
    st.markdown(widgets.plain(used_by(noun, shelf.users(db, noun, id))))
    with st.container(horizontal=True):
        if widgets.action(f"Archive the {noun}", key=f"archive-{noun}"):
            shelf.put_away(db, noun, id)
            dialogs.close()
            gone()
            st.rerun()
        if st.button("Keep it", key=f"keep-{noun}"):
            dialogs.close()
            st.rerun()


def used_by(noun: str, names: Sequence[str]) -> str:
    """Who uses it, in a sentence.

    >>> used_by("framework", ["A", "B"]), used_by("portfolio", [])
    ('2 portfolios use it and keep working: A and B.', 'Nothing uses it.')
    >>> used_by("portfolio", list("abcdefg"))
    '7 runs use it and keep working: a, b, c, d, e and 2 more.'
    """
    if not names:
        return "Nothing uses it."
    one, many = USERS[noun]
    named = listed(shortened(names))
    count = f"1 {one} uses it and keeps" if len(names) == 1 else f"{len(names)} {many} use it and keep"
    return f"{count} working: {named}."


def archived(db: Database) -> None:
    """Draws what is archived, each with its way back; nothing when nothing is."""
    away = shelf.archived(db)
    if not away:
        return
    with st.expander(f"Archived ({len(away)})", on_change="rerun", key="archived") as box:
        for one in away[:MOST_SHOWN] if box.open else ():
            with st.container(horizontal=True, vertical_alignment="center"):
                at = f", archived {units.day(one.archived_at)}" if one.archived_at else ""
                st.markdown(f"**{widgets.plain(one.name)}** · {one.noun}{at}", width="content")
                st.button("Restore", key=f"restore-{one.id}", on_click=_restore, args=(db, one.noun, one.id))
        if box.open and len(away) > MOST_SHOWN:
            st.caption(f"The last {MOST_SHOWN} of {len(away)}.")


def _restore(db: Database, noun: Noun, id: str) -> None:
    try:
        shelf.bring_back(db, noun, id)
    except KeelError as error:
        widgets.problem(error)
