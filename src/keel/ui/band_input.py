"""The controls of a band: its kind and its widths."""

from __future__ import annotations

from dataclasses import fields

import streamlit as st

from keel import vocabulary
from keel.domain.policy import Absolute, Band, Corridor, FiveTwentyFive, Hybrid, Relative

KINDS: dict[str, type[Band]] = {
    "± points": Absolute,
    "% of target": Relative,
    "5/25": FiveTwentyFive,
    "% of target, floor": Hybrid,
    "Below and above": Corridor,
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
    start = next((name for name, kind in KINDS.items() if isinstance(now, kind)), options[0])
    chosen = st.segmented_control(
        "Band", options, default=start, required=True, key=f"{key}-kind", help=vocabulary.tip("band"), wrap=True
    )
    if chosen not in KINDS:
        return None
    kind = KINDS[chosen]
    shown = now if isinstance(now, kind) else kind()
    with st.container(horizontal=True):
        widths = {f.name: _width(f.name, getattr(shown, f.name), key) for f in fields(kind) if f.name != "kind"}
    st.caption("100 bps are one percentage point; of a target, 2,000 bps are a fifth.")
    return kind(**widths)


def _width(name: str, value: float, key: str) -> float:
    typed = st.number_input(
        WIDTHS[name], 0.0, 10_000.0, float(value), 25.0, format="%.6g", key=f"{key}-{name}", width=170, required=True
    )
    return float(typed)
