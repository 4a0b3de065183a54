"""The dialog in which a study becomes something to hand over: for whom, by whom, and the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.brand import LONGEST_LINE, LONGEST_NAME, Paper
from keel.domain.text import slug
from keel.errors import KeelError
from keel.services import pack
from keel.services.pack import Change
from keel.ui.frame import dialogs, root, widgets

if TYPE_CHECKING:
    from keel.domain.plan.record import PlanRecord
    from keel.services.study import Study

NAME = "client-pack"
PAPERS = {Paper.a4: "A4", Paper.letter: "Letter"}
FORMS = {  # ending: label, kind of file, icon
    ".pdf": ("Download PDF", "application/pdf", ":material/picture_as_pdf:"),
    ".xlsx": ("Workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ":material/table:"),
    ".keel.zip": ("Bundle", "application/zip", ":material/folder_zip:"),
}
ABOUT = {
    ".pdf": "The policy, the backtest and what it rests on, to read and print.",
    ".xlsx": "The numbers, with sums that stay alive.",
    ".keel.zip": "Everything the run rests on; keel replay computes it again.",
}


def button() -> None:
    """Draws the button that opens the dialog."""
    asked = partial(dialogs.ask_for, NAME)
    st.button("Client pack", key="pack-open", icon=":material/assignment_ind:", on_click=asked)


@st.dialog("Client pack", on_dismiss=dialogs.close)
def show(name: str, asked: Callable[[], Study], plan: PlanRecord | None = None) -> None:
    """Draws for whom and by whom the pack of a study is, and the files to download, called by ``name``.

    A ``plan`` takes the place of the newest that is kept.
    """
    try:
        study = asked()
    except KeelError as error:
        widgets.problem(error)
        return
    client = st.text_input("For", placeholder="such as the client's name", max_chars=LONGEST_NAME, key="pack-client")
    db = root.database()
    paper = st.segmented_control(
        "Paper",
        list(PAPERS),
        default=pack.sheet_for(pack.brand(db), pack.currency(db, study)),
        required=True,
        format_func=PAPERS.__getitem__,
        key="pack-paper",
        on_change=_keep_paper,
    )
    _brand()
    for ending in FORMS:
        _download(name, partial(_file, study, plan, client, paper, ending), ending)
    st.caption("The workbook has live sums. The bundle holds everything the run rests on, to be computed again.")


def _keep_paper() -> None:
    """Keeps the paper that was chosen for all packs to come."""
    pack.save_brand(root.database(), Change(paper=st.session_state["pack-paper"]))


def _brand() -> None:
    """Draws who hands over, kept as soon as it is typed."""
    brand = pack.brand(root.database())
    label = f"By {widgets.plain(brand.firm)}" if brand.firm else "Your firm's name and logo"
    with st.expander(label):
        firm = st.text_input("Firm", brand.firm, max_chars=LONGEST_NAME, key="pack-firm")
        line = st.text_input(
            "Line on the cover", brand.line, placeholder="such as an address", max_chars=LONGEST_LINE, key="pack-line"
        )
        logo = st.file_uploader("Logo", ["png", "svg"], key="pack-logo", max_upload_size=1)
        left = brand.logo is not None and st.checkbox("Without the logo kept so far", key="pack-no-logo")
        if brand.logo is not None and not left:
            st.caption("A logo is kept. A new file takes its place.")
        if st.button("Save", key="pack-save"):
            _save(Change(firm, line, logo.getvalue() if logo else b"" if left else None))


def _save(change: Change) -> None:
    try:
        pack.save_brand(root.database(), change)
    except KeelError as error:
        widgets.problem(error)
        return
    st.rerun(scope="fragment")


def _download(name: str, made: Callable[[], bytes], ending: str) -> None:
    """Draws the button of one file, which is made when it is pressed."""
    label, kind, icon = FORMS[ending]
    first = ending == ".pdf"
    st.download_button(
        f":violet[{label}]" if first else label,
        data=made,
        file_name=f"{slug(name).replace('_', '-') or 'keel'}-pack{ending}",
        mime=kind,
        type="primary" if first else "secondary",
        on_click="ignore",
        icon=icon,
        help=ABOUT[ending],
        width="stretch",
        key=f"pack-{ending}",
    )


def _file(study: Study, plan: PlanRecord | None, client: str, paper: Paper, ending: str) -> bytes:
    material = pack.material(root.database(), study, datetime.now(UTC).date())
    signed = pack.signed(replace(material, plan=plan or material.plan), client=client)
    return pack.file(signed, ending, paper)
