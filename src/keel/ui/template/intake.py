"""Ways to begin: a file, an empty framework, a template."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from keel import settings
from keel.domain.framework.records import Framework
from keel.domain.issue import Finding, errors
from keel.errors import InputError, KeelError
from keel.services import design
from keel.ui.allocation import state, tree_rows
from keel.ui.allocation.draft import begin, changed
from keel.ui.charts.strip import allocation_strip
from keel.ui.frame import session, widgets

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from keel.store.connection import Database

UNNAMED = "My allocation"


def open_allocation(framework: Framework, portfolio_id: str = "") -> None:
    """Leaves for the allocation page of a framework just stored, or of one that is only a draft yet."""
    ids, version = session.ids(), framework.version or None
    to = session.Ids(framework.id, version, portfolio_id, profile=ids.profile, guide=ids.guide)
    session.go("allocation", to)


def empty_card(db: Database) -> None:
    """Draws the card of an empty framework."""
    with st.container(horizontal=True):
        widgets.header("Your own")
    widgets.chart(allocation_strip((), (), ()), alt="Nothing placed yet", key="strip-empty")
    st.markdown("Nothing yet: add buckets by asset class, region, sector or any word, and give them targets.")
    st.space("stretch")
    if st.button("Start empty", icon=":material/add:", key="empty", width="stretch"):
        _start_empty(db)


def import_card(db: Database) -> None:
    """Draws the card of a file."""
    with st.container(horizontal=True):
        widgets.header("From a file")
    st.markdown("A JSON, CSV or Excel file with buckets and targets. Every problem is named with its row and column.")
    st.space("stretch")
    if st.button("Import a file", icon=":material/upload:", key="import", width="stretch"):
        _import(db)


def import_button(db: Database) -> None:
    """Draws the button that opens the import dialog."""
    if st.button("Import a file", icon=":material/upload:", key="import"):
        _import(db)


@st.dialog("Import a framework")
def _import(db: Database) -> None:
    """Reads a file; what is wrong with it is said here, warnings are shown before going on."""
    limit = settings.load().max_framework_bytes
    st.markdown(
        "A JSON, CSV or Excel file of buckets and targets. A table needs the columns `path` and `target_weight`."
    )
    file = st.file_uploader("File", max_upload_size=limit // 1_000_000)  # any type: ours says what to do instead
    below = st.empty()
    if file is None:
        return
    below.caption(widgets.plain(f"Reading {file.name}"))  # what was said of the file before goes at once
    with below.container():
        _read(db, file)


def _read(db: Database, file: UploadedFile) -> None:
    """Imports the file and leads on, or says what is wrong and how to go on from there."""
    reading, stored = f"read-{file.file_id}", f"imported-{file.file_id}"
    try:
        if reading not in st.session_state:
            st.session_state[reading] = design.read_file(file.getvalue(), file.name)
        framework, issues = st.session_state[reading]
        if errors(issues):
            _mend(framework, issues)
            return
        if stored not in st.session_state:
            st.session_state[stored] = design.save_new(db, framework, issues)
    except KeelError as error:
        widgets.problem(error)
        return
    saved: Framework = st.session_state[stored]
    st.markdown(f":green-badge[:material/check: Imported] **{widgets.plain(saved.name)}**")
    widgets.issues(issues, "import")
    if widgets.action("Open it", key="open-import"):
        open_allocation(saved)


def _mend(framework: Framework, issues: tuple[Finding, ...]) -> None:
    """Says what is wrong with a file that was read, and opens it in the editor when that can help."""
    count = len(errors(issues))
    st.markdown(f"The file was read, but has {count} {'error' if count == 1 else 'errors'}.")
    mendable = design.mendable(issues)
    if mendable and widgets.action("Fix it in the editor", key="mend-import"):
        draft = design.unsaved(framework)
        empty = replace(draft, buckets=(), constraints=())
        state.keep(changed(begin(empty, draft.version), draft))
        open_allocation(draft)
    widgets.issues(issues, "import")
    if not mendable:
        st.caption("Correct the file and choose it again.")


@st.dialog("Start empty")
def _start_empty(db: Database) -> None:
    """Asks for a name and opens the empty framework."""
    name = st.text_input("Name", placeholder=UNNAMED)
    if not widgets.action("Create", key="create"):
        return
    try:
        title = tree_rows.require_text(name, "A framework", tree_rows.MOST_IN_TITLE) if name.strip() else ""
    except InputError as error:
        widgets.problem(error)
        return
    open_allocation(design.create_empty(db, title or design.free_name(db, UNNAMED)))
