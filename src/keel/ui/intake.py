"""Ways to begin: a file, an empty framework, a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel import settings
from keel.domain.framework import Framework
from keel.errors import InvalidFrameworkError, KeelError
from keel.services import design
from keel.ui import session, widgets
from keel.ui.charts.strip import allocation_strip

if TYPE_CHECKING:
    from keel.store.connection import Database


def open_allocation(framework: Framework) -> None:
    """Leaves for the allocation page of a framework just stored."""
    session.go("allocation", session.Ids(framework=framework.id, version=framework.version))


def empty_card(db: Database) -> None:
    """Nothing; the card of an empty framework."""
    with st.container(horizontal=True):
        widgets.header("Your own")
    widgets.chart(allocation_strip((), (), ()), alt="Nothing placed yet", key="strip-empty")
    st.markdown("Nothing yet: add buckets by asset class, region, sector or any word, and give them targets.")
    st.space("stretch")
    if st.button("Start empty", icon=":material/add:", key="empty", width="stretch"):
        _start_empty(db)


def import_card(db: Database) -> None:
    """Nothing; the card of a file."""
    with st.container(horizontal=True):
        widgets.header("From a file")
    st.markdown("A JSON or CSV file with buckets and targets. Every problem is named with its row and column.")
    st.space("stretch")
    if st.button("Import a file", icon=":material/upload:", key="import", width="stretch"):
        _import(db)


def import_button(db: Database) -> None:
    """Nothing; the button that opens the import dialog."""
    if st.button("Import a file", icon=":material/upload:", key="import"):
        _import(db)


@st.dialog("Import a framework")
def _import(db: Database) -> None:
    """Reads a JSON or CSV file; what is wrong with it is said here, warnings are shown before going on."""
    limit = settings.load().max_framework_bytes
    st.markdown("A JSON or CSV file of buckets and targets. CSV needs the columns `path` and `target_weight`.")
    file = st.file_uploader("File", type=["json", "csv", "txt"], max_upload_size=limit // 1_000_000)
    if file is None:
        return
    kept = f"imported-{file.file_id}"
    try:
        if kept not in st.session_state:
            framework, issues = design.import_framework(db, file.getvalue(), file.name)
            st.session_state[kept] = (framework.id, framework.version, framework.name, issues)
    except InvalidFrameworkError as error:
        widgets.problem(error)
        widgets.issues(error.issues, "import")
        return
    except KeelError as error:
        widgets.problem(error)
        return
    framework_id, version, name, issues = st.session_state[kept]
    st.markdown(f":green-badge[:material/check: Imported] **{widgets.plain(name)}**")
    widgets.issues(issues, "import")
    if widgets.action("Open it", key="open-import"):
        session.go("allocation", session.Ids(framework=framework_id, version=version))


@st.dialog("Start empty")
def _start_empty(db: Database) -> None:
    """Nothing; asks for a name and opens the empty framework."""
    name = st.text_input("Name", max_chars=120, placeholder="My allocation")
    if widgets.action("Create", key="create"):
        open_allocation(design.create_empty(db, name.strip() or "My allocation"))
