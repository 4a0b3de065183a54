"""The search for any product: symbols and names that hold what was typed, the exact symbol first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from keel.domain.market.instrument import Instrument
from keel.domain.market.search import search as search_in
from keel.ui.frame import widgets

MOST = 6


def search(key: str, universe: Mapping[str, Instrument], use: Callable[[Instrument], None]) -> bool:
    """True when the search found something; draws it, each product a button that calls ``use``."""
    typed = st.text_input("Any product", key=key, placeholder="Symbol or name, then Enter")
    if not typed.strip():
        return False
    found = search_in(universe.values(), typed)
    for instrument in found[:MOST]:
        st.button(
            widgets.plain(f"{instrument.symbol} · {instrument.name}"),
            key=f"{key}-{instrument.id}",
            width="stretch",
            on_click=use,
            args=(instrument,),
        )
    if len(found) > MOST:
        st.caption(f"{len(found) - MOST} more: type more of the name.")
    if not found:
        st.caption(widgets.plain(f"{typed.strip()} is not known here, neither as a symbol nor in a name."))
    return bool(found)
