"""The way in for somebody who holds something and has no framework yet."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from keel.errors import KeelError
from keel.services import design
from keel.services.holdings.begin import begin
from keel.services.shared.held.reading import File
from keel.sources.files.disk import STATEMENT_LIMIT
from keel.ui.frame import dialogs, session, widgets
from keel.ui.holdings import mapped
from keel.ui.holdings.pasted import read_pasted

if TYPE_CHECKING:
    from keel.store.connection import Database

DIALOG = "begin-held"
UNNAMED = "My portfolio"
ROWS = "VTI 120\nBND 80\nCASH 2500"
USUAL = ("USD", "EUR", "GBP", "CHF", "JPY", "CAD", "AUD")


def button(db: Database, today: date) -> None:
    """Draws the button that opens the dialog, and the dialog while it is open."""
    words, icon = "Start from what is held", ":material/account_balance:"
    st.button(words, icon=icon, key=DIALOG, on_click=dialogs.ask_for, args=(DIALOG,))
    if dialogs.asked() == DIALOG:
        _dialog(db, today)


@st.dialog("Start from what is held", width="large", on_dismiss=dialogs.close)
def _dialog(db: Database, today: date) -> None:
    """Takes a file of holdings and leaves for the portfolio that begins with it."""
    st.markdown(
        "A file of your broker or tracker, or rows of symbol and quantity. Its asset classes and regions "
        "become the buckets, what they weigh today their targets. Both can be changed."
    )
    with st.container(horizontal=True):
        name = st.text_input("Name", placeholder=UNNAMED, key="begin-name", max_chars=60, width=260)
        currency = st.selectbox("Currency", USUAL, key="begin-currency", width=110)
    file = st.file_uploader("File", key="begin-file", max_upload_size=STATEMENT_LIMIT // 1_000_000)
    rows = None
    if file is not None:
        data, called = file.getvalue(), file.name
    else:
        text = st.text_area("Or type or paste rows", key="begin-rows", height=140, placeholder=ROWS)
        if not text.strip():
            return
        rows = read_pasted(text)
        data, called = rows.data, rows.name
    mapped.offer(data, called)
    if not widgets.action("Begin", key="begin-now"):
        return
    asked = File(data, called, today, said=mapped.asked(data, called))
    try:
        begun = begin(db, asked, name.strip() or design.free_name(db, UNNAMED), currency)
    except KeelError as error:
        widgets.problem(rows.refused(error) if rows else error)
        return
    made = begun.portfolio
    dialogs.close()
    session.go("holdings", session.Ids(made.framework_id, made.framework_version, made.id))
