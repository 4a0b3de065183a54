"""The chosen policy by its place on each axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from keel.domain.market.frequency import session_noun
from keel.ui.lab import axes as lab_axes
from keel.ui.lab.axes import DESTINATIONS, LAGS
from keel.ui.lab.inputs import choose
from keel.ui.lab.landscape import Place

if TYPE_CHECKING:
    from keel.ui.lab.inputs import Asked


def pickers(now: Asked, frequency: str) -> None:
    """Draws the chosen policy by its place on each axis: the keyboard's way to what a click does."""
    a = now.axes
    kind = a.kind
    widths = [kind.words.format(f"{w / 100:.4g}") for w in a.widths()]
    looks = [lab_axes.look_words(word, frequency) for word in a.looks]
    noun = session_noun(frequency)
    days = ["on the day"] + [f"{n} {noun if n == 1 else noun + 's'} later" for n in range(1, a.offsets)]
    boxes = (
        ("width", "Band", widths),
        ("look", "Look", looks),
        ("destination", "Trades", [DESTINATIONS[d] for d in a.destinations]),
        ("lag", "Filled at", [LAGS.get(lag, f"{lag} closes later") for lag in a.lags]),
        ("offset", "Day of the look", days),
    )
    with st.container(horizontal=True):
        for axis, label, words in boxes:
            if len(words) > 1 or axis in ("look", "width"):
                _picker(now, axis, label, words)


def _picker(now: Asked, axis: str, label: str, words: list[str]) -> None:
    key = f"lab-pick-{Place._fields.index(axis)}"
    st.session_state[key] = getattr(now.place, axis)

    def picked() -> None:
        choose(now.axes, now.place._replace(**{axis: st.session_state[key]}))

    st.selectbox(label, range(len(words)), format_func=lambda i: words[i], key=key, on_change=picked, width=200)
