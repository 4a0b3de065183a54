"""The controls of a band: its kind and its widths."""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from keel import vocabulary
from keel.domain.policy.as_json import BANDS
from keel.domain.policy.records import Band
from keel.ui.frame import widgets

KINDS = {
    "± points": "absolute",
    "% of target": "relative",
    "5/25": "five_twenty_five",
    "% of target, floor": "hybrid",
    "Below and above": "corridor",
}
WHOLE_BOOK = {"Tracking error": "tracking_error"}  # judges all leaves together, so no bucket can have its own
WIDTHS = {
    "width_bps": "Width, bps",
    "absolute_bps": "Points, bps",
    "relative_bps": "Of target, bps",
    "floor_bps": "At least, bps",
    "below_bps": "Below, bps",
    "above_bps": "Above, bps",
    "limit_bps": "Limit, bps a year",
}


def band_input(now: Band | None, key: str, *, none: str = "") -> Band | None:
    """The chosen band of a policy; with ``none`` that of a bucket, which may also have no band of its own."""
    kinds = KINDS if none else KINDS | WHOLE_BOOK
    options = [*([none] if none else []), *kinds]
    start = next((name for name, kind in kinds.items() if now is not None and now.kind == kind), options[0])
    chosen = st.segmented_control(
        "Band", options, default=start, required=True, key=f"{key}-kind", help=vocabulary.tip("band"), wrap=True
    )
    if chosen not in kinds:
        return None
    build = BANDS[kinds[chosen]]
    shown = now if now is not None and now.kind == kinds[chosen] else build()
    with st.container(horizontal=True):
        widths = {f.name: _width(f.name, getattr(shown, f.name), key) for f in fields(shown) if f.name != "kind"}
    st.caption("100 bps are one percentage point; of a target, 2,000 bps are a fifth.")
    return build(**widths)


def _width(name: str, value: float, key: str) -> float:
    return widgets.number(WIDTHS[name], value, 0, 10_000, 25, key=f"{key}-{name}", width=170)
