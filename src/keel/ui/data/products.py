"""Products on the data page: the search over all of them, and files of one's own looked at, imported and undone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import streamlit as st

from keel import units
from keel.errors import KeelError
from keel.services.market import products
from keel.services.market.search import Found, search
from keel.sources.files.disk import TABLE_LIMIT, spooled
from keel.ui.frame import dialogs, imported, root, widgets

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from keel.domain.market.instrument import Instrument
    from keel.services.market.products import Preview
    from keel.store.connection import Database
    from keel.store.market.products import UniverseImport

DIALOG = "import-universe"
NOUN = "products"
TYPED = "product-search"
SHOWN = 20  # products of a search
MOST_COMPLAINTS = 6


def section(db: Database) -> None:
    """Draws the search with what it finds, the way in for files, what came by it, and the dialog while it is open."""
    typed = str(st.session_state.get(TYPED) or "").strip()
    found = search(db, typed, SHOWN)
    every = found.total if not typed else search(db, "", 1).total
    job = products.last_work(db)
    widgets.header(f"{units.number(every, 0)} products")
    st.caption("A fact that is not known stays blank; a rule on it counts as unknown, never as passed.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Find a product", key=TYPED, placeholder="Symbol, ISIN or words of a name", width=260)
        st.button("Import products", icon=":material/upload:", key=DIALOG, on_click=dialogs.ask_for, args=(DIALOG,))
        st.button(
            "Fetch ETFs",
            icon=":material/cloud_download:",
            key="fetch-universe",
            on_click=_fetch,
            disabled=job is not None and not job.finished(),
            help="From FinanceDatabase, over the network. It fills what is missing and replaces nothing else.",
        )
    if typed:
        _found(typed, found)
    imported.refused(NOUN)
    if job is not None:
        imported.under_way(job, "products")
    made = products.history(db)
    if made:
        with st.expander(f"Imports of products: {len(made)}"):
            imported.listed(made, NOUN, _words, products.undo)
    if dialogs.asked() == DIALOG:
        _dialog(db)


def _found(typed: str, found: Found) -> None:
    if not found.total:
        st.caption(widgets.plain(f"{typed} is not known here, neither as a symbol nor in a name."))
        return
    _table(found.products)
    if found.total > len(found.products):
        st.caption(f"The first {len(found.products)} of {units.number(found.total, 0)}: type more of the name.")


def _table(rows: Sequence[Instrument]) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {
            "Symbol": [i.symbol for i in rows],
            "Name": [i.name for i in rows],
            "Type": [i.type.value for i in rows],
            "Class": [i.asset_class for i in rows],
            "Region": [i.region for i in rows],
            "Fee, %": [None if i.expense_ratio is None else 100 * i.expense_ratio for i in rows],
            "Size, $ m": [None if i.aum_usd is None else i.aum_usd / 1e6 for i in rows],
            "Since": [i.inception for i in rows],
            "Proxy": [i.proxy for i in rows],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        height="content",
        placeholder=units.MISSING,
        column_config={
            "Symbol": st.column_config.TextColumn(pinned=True),
            "Fee, %": st.column_config.NumberColumn(format="%.2f"),
            "Size, $ m": st.column_config.NumberColumn(format="localized"),
        },
        alt="Products with their facts",
    )


def _words(one: UniverseImport) -> str:
    counted = f"{_counted(one.products)}, {units.number(one.created, 0)} of them new"
    return f"**{widgets.plain(one.name)}**  \n:gray[{counted}]"


def _counted(products: int) -> str:
    return f"{units.number(products, 0)} {'product' if products == 1 else 'products'}"


def _fetch() -> None:
    products.ask_fetch(root.database())


@st.dialog("Import products", width="large", on_dismiss=dialogs.close)
def _dialog(db: Database) -> None:
    """Looks at the file that is given and imports it; every cell that cannot be read is named."""
    st.markdown(
        "A row a product, a column a fact: `symbol` at least, and what you know of `name`, `type`, `asset_class`, "
        "`region`, `sector`, `currency`, `expense_ratio`, `aum_usd`, `isin`. CSV, parquet or XLSX."
    )
    file = st.file_uploader("File", max_upload_size=TABLE_LIMIT // 1_000_000, key="universe-file")
    if file is None:
        return
    found = imported.looked(file, NOUN, lambda path: products.preview(db, path, file.name))
    if isinstance(found, KeelError):
        widgets.problem(found)
        return
    complaints = found.file.complaints
    count = len(found.file.products)
    if widgets.action(f"Import {_counted(count)}", key="import-products-now", disabled=bool(complaints) or not count):
        _import(db, file)
    for error in complaints[:MOST_COMPLAINTS]:
        widgets.problem(error)
    if len(complaints) > MOST_COMPLAINTS:
        st.caption("More cells cannot be read. Correct these first.")
    _preview(found)


def _import(db: Database, file: UploadedFile) -> None:
    """Stores the file, a large one as background work, and closes the dialog."""
    if file.size > products.AT_ONCE:
        products.ask_import(db, file.name, file.getvalue())
    else:
        with spooled(file.getvalue()) as path:
            products.commit(db, path, file.name)
    imported.forget()
    dialogs.close()
    st.rerun()


def _preview(found: Preview) -> None:
    """What the file brings, its first rows as they stand, and what is to be said of it."""
    import pandas as pd

    notes = [*found.notes, *([f"{found.name} was imported before: nothing will change."] if found.same else [])]
    st.caption("  \n".join(widgets.plain(note) for note in notes))
    rows = [{"symbol": row["symbol"], "known as": _known(found, row["symbol"]), **row} for row in found.file.head]
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        height="content",
        placeholder=units.MISSING,
        alt="First rows as read",
    )


def _known(found: Preview, symbol: str) -> str:
    known = found.known.get(symbol)
    return known.name or known.symbol if known else "new"
