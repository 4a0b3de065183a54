"""The search for any product: symbols, ISINs and names that hold what was typed, the exact symbol first."""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

from keel.domain.market.instrument import Instrument
from keel.services.market.search import search as search_in
from keel.ui.frame import root, widgets

MOST = 6


def search(key: str, use: Callable[[Instrument], None], without: Collection[str] = ()) -> bool:
    """True when the search found something; draws it, each product a button that calls ``use``.

    ``without`` are the ids of products that are not offered.
    """
    typed = st.text_input("Any product", key=key, placeholder="Symbol, ISIN or name, then Enter")
    if not typed.strip():
        return False
    found = search_in(root.database(), typed, MOST + len(without))
    others = [instrument for instrument in found.products if instrument.id not in without]
    for instrument in others[:MOST]:
        st.button(
            widgets.plain(f"{instrument.symbol} · {instrument.name}"),
            key=f"{key}-{instrument.id}",
            width="stretch",
            on_click=use,
            args=(instrument,),
        )
    more = found.total - (len(found.products) - len(others)) - MOST
    if more > 0:
        st.caption(f"{more:,} more: type more of the name.")
    if not others:
        st.caption(widgets.plain(f"{typed.strip()} is not known here, neither as a symbol nor in a name."))
    return bool(others)
