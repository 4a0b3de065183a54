"""The controls of a band: its kind and its widths."""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from keel import vocabulary
from keel.domain.policy import Band
from keel.domain.policy_json import BANDS
from keel.ui import widgets

KINDS = {
    "± points": "absolute",
    "% of target": "relative",
    "5/25": "five_twenty_five",
    "% of target, floor": "hybrid",
    "Below and above": "corridor",
}
WIDTHS = {
    "width_bps": "Width, bps",
    "absolute_bps": "Points, bps",
    "relative_bps": "Of target, bps",
    "floor_bps": "At least, bps",
    "below_bps": "Below, bps",
    "above_bps": "Above, bps",
}


def band_input(now: Band | None, key: str, *, none: str = "") -> Band | None:
    """The chosen band; None for the choice named ``none``, which is on offer when it has a name."""
    options = [*([none] if none else []), *KINDS]
    start = next((name for name, kind in KINDS.items() if now is not None and now.kind == kind), options[0])
    chosen = st.segmented_control(
        "Band", options, default=start, required=True, key=f"{key}-kind", help=vocabulary.tip("band"), wrap=True
    )
    if chosen not in KINDS:
        return None
    build = BANDS[KINDS[chosen]]
    shown = now if now is not None and now.kind == KINDS[chosen] else build()
    with st.container(horizontal=True):
        widths = {f.name: _width(f.name, getattr(shown, f.name), key) for f in fields(shown) if f.name != "kind"}
    st.caption("100 bps are one percentage point; of a target, 2,000 bps are a fifth.")
    return build(**widths)


def _width(name: str, value: float, key: str) -> float:
    return widgets.number(WIDTHS[name], value, 0, 10_000, 25, key=f"{key}-{name}", width=170)
