"""Prices of one's own on the data page: files looked at and imported, imports undone, and the way to a backtest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.domain.framework.equal import equal_parts
from keel.domain.market.currencies import CURRENCIES
from keel.domain.market.instrument import InstrumentType
from keel.domain.reading.day import DayForm
from keel.errors import AmbiguousDatesError, KeelError
from keel.services import design, mapping
from keel.services.market import imports
from keel.services.market.imports import DATASET, Incoming, Preview
from keel.sources.files.disk import PRICES_LIMIT, spooled
from keel.ui.frame import dialogs, imported, session, widgets

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from keel.store.connection import Database
    from keel.store.market.imports import Import

DIALOG = "import-prices"
NOUN = "prices"
KINDS = {
    InstrumentType.etf: "ETFs",
    InstrumentType.stock: "Stocks",
    InstrumentType.fund: "Funds",
    InstrumentType.index: "Indices",
}
DATES = "import-dates"
FORMS = {DayForm.day_first: "Day first: 3 April", DayForm.month_first: "Month first: 4 March"}
USUAL = ("USD", "EUR", "GBP", "CHF", "JPY")
MOST_SERIES = 30  # named before they are stored
MOST_NOTES = 6
MOST_HELD = 60  # buckets of a framework that is made of an import


def section(db: Database) -> None:
    """Draws the way in for files, what came by it, and the dialog while it is open."""
    widgets.header("Your prices")
    made = imports.history(db)
    st.caption(
        "CSV, parquet or XLSX files, one or a whole folder. Your series of a product comes before the sample's."
        if not made
        else "Your series of a product comes before the sample's."
    )
    with st.container(horizontal=True):
        st.button("Import files", icon=":material/upload:", key=DIALOG, on_click=dialogs.ask_for, args=(DIALOG,))
        if made and st.button("Backtest them in equal parts", icon=":material/show_chart:", key="backtest-own"):
            backtest(db, made)
    imported.refused(NOUN)
    if (job := imports.last_import(db)) is not None:
        imported.under_way(job, "import")
    if made:
        with st.expander(f"Imports: {len(made)}"):
            imported.listed(made, NOUN, _words, imports.undo)
    if dialogs.asked() == DIALOG:
        _dialog(db)


def remedy(of: str) -> None:
    """Draws the button that leads from a finding to files."""
    st.button("Import prices", icon=":material/upload:", key=f"import-{of}", on_click=dialogs.ask_for, args=(DIALOG,))


def backtest(db: Database, made: Sequence[Import]) -> None:
    """Leaves for the backtest of the newest dataset's symbols in equal parts."""
    symbols = dict.fromkeys(symbol for one in made if one.dataset == made[0].dataset for symbol in one.symbols)
    chosen = list(symbols)[:MOST_HELD]
    currencies = imports.currencies(db, chosen)
    framework = equal_parts(chosen, design.free_name(db, f"{made[0].dataset} in equal parts"), currencies[0])
    saved = design.save_new(db, framework, ())
    portfolio = mapping.portfolio_of(db, saved.id)
    session.go("backtest", session.Ids(framework=saved.id, version=saved.version, portfolio=portfolio.id))


def _words(one: Import) -> str:
    names = ", ".join(one.symbols[:6]) + (f" and {len(one.symbols) - 6} more" if len(one.symbols) > 6 else "")
    counted = f"{units.number(one.rows, 0)} prices, {units.span(one.first, one.last)}"
    return f"**{widgets.plain(one.dataset)}** {widgets.plain(names)}  \n:gray[{counted}]"


@st.dialog("Import prices", width="large", on_dismiss=dialogs.close)
def _dialog(db: Database) -> None:
    """Looks at the files that are given and imports them; what is wrong with one is said under its name."""
    st.markdown(
        "One column a symbol, or rows of date, symbol and close. A file with one close a day is named by its symbol, "
        "such as `SPY.csv`."
    )
    files = st.file_uploader(
        "Files", accept_multiple_files=True, max_upload_size=PRICES_LIMIT // 1_000_000, key="price-files"
    )
    with st.container(horizontal=True):
        dataset = st.text_input("Dataset", DATASET, key="import-dataset", max_chars=60, width=220)
        others = sorted(CURRENCIES - set(USUAL))
        currency = st.selectbox("Currency", (*USUAL, *others), key="import-currency", width=110)
        kind = st.selectbox("New symbols are", list(KINDS), format_func=KINDS.__getitem__, key="import-kind", width=150)
    if not files:
        return
    incoming = Incoming(dataset, currency, kind, st.session_state.get(DATES))
    seen = [(file, _looked(db, file, incoming)) for file in files]
    if incoming.dates is not None or any(isinstance(found, AmbiguousDatesError) for _, found in seen):
        st.segmented_control("Dates such as 03/04/2020", list(FORMS), format_func=FORMS.__getitem__, key=DATES)
    good = [(file, found) for file, found in seen if isinstance(found, Preview)]
    label = f"Import {len(good)} {'file' if len(good) == 1 else 'files'}"
    if good and widgets.action(label, key="import-now"):
        _import(db, [file for file, _ in good], incoming)
    for found in [found for _, found in seen if isinstance(found, KeelError)]:
        widgets.problem(found)
    if good:
        _table([found for _, found in good])


def _looked(db: Database, file: UploadedFile, incoming: Incoming) -> Preview | KeelError:
    return imported.looked(file, incoming, lambda path: imports.preview(db, path, file.name, incoming))


def _import(db: Database, files: Sequence[UploadedFile], incoming: Incoming) -> None:
    """Stores the files, each in a transaction of its own, large ones as background work, and closes the dialog."""
    if sum(file.size for file in files) > imports.AT_ONCE:
        imports.ask_import(db, [(file.name, file.getvalue()) for file in files], incoming)
    else:
        for file in files:
            with spooled(file.getvalue()) as path:
                imports.commit(db, path, file.name, incoming)
    imported.forget()
    dialogs.close()
    st.rerun()


def _table(found: Sequence[Preview]) -> None:
    """The series of the files with what is to be said of them, and in an expander the first rows of each."""
    import pandas as pd

    every = [(one.name, line) for one in found for line in one.lines]
    lines = every[:MOST_SERIES]
    frame = pd.DataFrame(
        {
            "Symbol": [line.series.symbol for _, line in lines],
            "Known as": [line.instrument.name if line.instrument else "new" for _, line in lines],
            "From": [line.series.first for _, line in lines],
            "To": [line.series.last for _, line in lines],
            "Prices": [line.series.sessions for _, line in lines],
            "Frequency": [line.series.frequency for _, line in lines],
            "File": [name for name, _ in lines],
        }
    )
    st.dataframe(frame, hide_index=True, height="content", alt="The series of the files")
    notes = [f"and {units.number(len(every) - len(lines), 0)} more."] if len(every) > len(lines) else []
    said = list(dict.fromkeys(note for one in found for note in one.notes))
    notes += said[:MOST_NOTES] + ([f"and {len(said) - MOST_NOTES} notes more."] if len(said) > MOST_NOTES else [])
    notes += [f"{one.name} was imported before: nothing will change." for one in found if one.same]
    st.caption("  \n".join(widgets.plain(note) for note in notes))
    with st.expander("First rows as read"):
        head = pd.DataFrame([day._asdict() for one in found[:MOST_SERIES] for day in one.head])
        head.columns = ["Symbol", "Date", "Close", "Adjusted close", "Volume"]
        st.dataframe(head, hide_index=True, height=260, placeholder=units.MISSING, alt="First rows as read")
