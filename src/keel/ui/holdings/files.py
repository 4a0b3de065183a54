"""Files of holdings on their page: looked at before they come in, pasted rows too, and what came, with a way back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.text import some
from keel.errors import KeelError
from keel.services.holdings import intake
from keel.services.holdings.intake import Preview
from keel.services.shared.held.reading import File
from keel.sources.files.disk import STATEMENT_LIMIT
from keel.ui.frame import dialogs, imported, widgets
from keel.ui.holdings import mapped, view
from keel.ui.holdings.pasted import Pasted, read_pasted
from keel.ui.holdings.table import forget

if TYPE_CHECKING:
    from keel.store.connection import Database
    from keel.store.holdings.imports import Import

FILE, PASTE = "holdings-file", "holdings-paste"
NOUN = "holdings"
MOST = 12  # lines and questions of a preview


def history(db: Database, portfolio_id: str) -> None:
    """Draws the files and typed changes that hold, each with a button that takes it back."""
    made = intake.history(db, portfolio_id)
    imported.refused(NOUN)
    if made:
        with st.expander(f"Changes ({len(made)})"):
            imported.listed(made, NOUN, _words, _undone)


def dialog(db: Database, portfolio_id: str, today: date) -> None:
    """Draws the dialog that was asked for."""
    if dialogs.asked() == FILE:
        _file(db, portfolio_id, today)
    elif dialogs.asked() == PASTE:
        _paste(db, portfolio_id, today)


def _words(one: Import) -> str:
    when = units.day(one.created_at.date()) if one.created_at else ""
    counted = f"{one.records} {'record' if one.records == 1 else 'records'}, {when}"
    name, format = (one.name, one.format) if one.name else ("Typed", "")
    return f"**{widgets.plain(name)}** {widgets.plain(format)}  \n:gray[{counted}]"


def _undone(db: Database, id: str) -> None:
    intake.undo(db, id)
    forget()


@st.dialog("Import holdings", width="large", on_dismiss=dialogs.close)
def _file(db: Database, portfolio_id: str, today: date) -> None:
    st.markdown(
        "The positions or the history of an account, as your broker or tracker exports them, or a CSV with the columns "
        "`symbol,quantity`. A list of holdings replaces what its accounts held."
    )
    file = st.file_uploader("File", key="holdings-upload", max_upload_size=STATEMENT_LIMIT // 1_000_000)
    if file is not None:
        _look(db, portfolio_id, (file.getvalue(), file.name), today)


@st.dialog("Paste rows", width="large", on_dismiss=dialogs.close)
def _paste(db: Database, portfolio_id: str, today: date) -> None:
    st.markdown("A row a product: its symbol and how many units, then what a unit cost and the account if you like.")
    text = st.text_area("Rows", key="holdings-rows", height=180, placeholder="VTI 120\nBND 80\nCASH 2500")
    if text.strip():
        rows = read_pasted(text)
        _look(db, portfolio_id, (rows.data, rows.name), today, rows)


def _look(db: Database, portfolio_id: str, file: tuple[bytes, str], today: date, rows: Pasted | None = None) -> None:
    """Draws what a file, its content and name, would come to, and imports it; ``rows`` where it was pasted."""
    data, name = file
    again = not st.session_state.get(f"planned-{name}", True)
    asked = File(data, name, today, _chosen(name), mapped.asked(data, name), again)
    try:
        seen = intake.read(db, portfolio_id, asked)
    except KeelError as error:
        widgets.problem(rows.refused(error) if rows else error)
        mapped.offer(data, name)
        return
    if rows:
        seen = replace(seen, complaints=rows.complaints(seen.complaints))
    if seen.same:
        st.markdown("This content was imported before: nothing would change.")
        return
    if widgets.action("Import", key="import-now", disabled=not seen.positions and not seen.changes):
        intake.record(db, portfolio_id, asked)
        view.say(f"{seen.format}: {len(seen.changes)} {'line' if len(seen.changes) == 1 else 'lines'} changed.")
        dialogs.close()
        forget()
        st.rerun()
    if seen.planned:
        st.checkbox(
            f"These are the plan’s orders: {widgets.plain(some(seen.planned))}",
            True,
            key=f"planned-{name}",
            help="An executed plan counts them already; only what was traded otherwise is corrected.",
        )
    _preview(seen)
    _unknown(seen, name)
    mapped.offer(data, name, seen.format)


def _preview(seen: Preview) -> None:
    """Draws what changes, line by line, and what is wrong."""
    import pandas as pd

    st.caption(f"{seen.format}: {seen.records} records, {seen.matched} products known here.")
    frame = pd.DataFrame(
        {
            "Product": [change.symbol for change in seen.changes],
            "Account": [change.account for change in seen.changes],
            "Now": [change.before for change in seen.changes],
            "Afterwards": [change.after for change in seen.changes],
        }
    )
    if len(frame):
        st.dataframe(frame.head(10 * MOST), hide_index=True, height="content", alt="What the file changes")
    else:
        st.markdown("Nothing that is held would change.")
    widgets.issues(seen.complaints, "holdings-complaint")


def _unknown(seen: Preview, name: str) -> None:
    """Asks what the names mean that nobody knows here; left empty they are held under their own name."""
    if not seen.unknown:
        return
    widgets.subheader(f"Not known here: {len(seen.unknown)}")
    st.caption("Type the symbol of the product that is meant; it is remembered. Left empty, the name stays as it is.")
    with st.container(horizontal=True):
        for one in seen.unknown[:MOST]:
            label = " ".join(dict.fromkeys(part for part in (one.symbol, one.name, one.isin) if part))
            st.text_input(widgets.plain(label), key=f"meant-{name}-{one.text}", width=220, placeholder="Symbol")


def _chosen(name: str) -> Mapping[str, str]:
    """What was typed for the names of a file."""
    start = f"meant-{name}-"
    typed = {str(key)[len(start) :]: value for key, value in st.session_state.items() if str(key).startswith(start)}
    return {text: value.strip() for text, value in typed.items() if isinstance(value, str) and value.strip()}
