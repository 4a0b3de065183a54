"""The controls of a band: its kind and its widths."""

from __future__ import annotations

import streamlit as st

from keel import vocabulary
from keel.domain.policy.kinds import KINDS, Band, Width, for_leaves
from keel.ui.frame import widgets


def band_input(now: Band | None, key: str, *, none: str = "") -> Band | None:
    """The chosen band of a policy; with ``none`` that of a bucket, which may also have no band of its own."""
    kinds = {kind.label: name for name, kind in KINDS.items() if not none or for_leaves(kind.build())}
    options = [*([none] if none else []), *kinds]
    start = next((name for name, kind in kinds.items() if now is not None and now.kind == kind), options[0])
    chosen = st.segmented_control(
        "Band", options, default=start, required=True, key=f"{key}-kind", help=vocabulary.tip("band"), wrap=True
    )
    if chosen not in kinds:
        return None
    kind = KINDS[kinds[chosen]]
    shown = now if now is not None and now.kind == kinds[chosen] else kind.build()
    with st.container(horizontal=True):
        widths = {width.name: _width(width, getattr(shown, width.name), key) for width in kind.widths}
    return kind.build(**widths)


def _width(width: Width, value: float, key: str) -> float:
    """The width in bps, typed in percent or points; one left alone stays to the last bit."""
    shown = value / 100
    typed = widgets.number(width.label, shown, 0, 100, 0.25, key=f"{key}-{width.name}", width=170)
    return value if typed == shown else round(100 * typed, 6)
