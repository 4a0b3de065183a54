"""The columns of a table that no format knows: which is what, said once and remembered by its header."""

from __future__ import annotations

import streamlit as st

from keel.services.shared.held.columns import header_of
from keel.sources.brokers.columns import Columns
from keel.ui.frame import widgets

TABLE = "Table"  # what a file is called that is read by its columns
THINGS = {
    "symbol": "Symbol",
    "isin": "ISIN",
    "name": "Name",
    "quantity": "Quantity",
    "price": "Price a unit",
    "amount": "Amount of money",
    "date": "Date",
    "kind": "What happened",
    "currency": "Currency",
    "fee": "Fee",
    "account": "Account",
}


def asked(data: bytes, name: str) -> Columns | None:
    """The columns as they were said for this file, None where nothing was."""
    header = header_of(data, name)
    if header is None or not st.session_state.get(_key(header.fingerprint, "said")):
        return None
    told = {thing: st.session_state.get(_key(header.fingerprint, thing)) or "" for thing in THINGS}
    return Columns(**told)  # type: ignore[arg-type]  # texts, all of them


def offer(data: bytes, name: str, format: str = TABLE) -> None:
    """Draws a choice of columns for what is a table of no known format; nothing for another file."""
    header = header_of(data, name)
    if header is None or format != TABLE:
        return
    with st.expander("Which column is what", expanded=asked(data, name) is not None):
        st.caption("A product, by symbol, ISIN or name, and a quantity are needed. It is remembered for such files.")
        with st.container(horizontal=True):
            for thing, words in THINGS.items():
                guessed = getattr(header.guess, thing)
                options = [column for column in dict.fromkeys(header.columns) if column]
                st.selectbox(
                    words,
                    options,
                    index=options.index(guessed) if guessed in options else None,
                    format_func=widgets.plain,
                    placeholder="None",
                    key=_key(header.fingerprint, thing),
                    width=170,
                )
        st.checkbox("Read the file by these columns", key=_key(header.fingerprint, "said"))


def _key(fingerprint: str, thing: str) -> str:
    return f"columns-{fingerprint}-{thing}"
