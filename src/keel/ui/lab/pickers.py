"""The chosen policy by its place on each axis."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from keel.domain.market.frequency import session_noun
from keel.domain.study.sweepable import SWEEPABLE
from keel.ui.lab import axes as lab_axes
from keel.ui.lab.axes import DESTINATIONS, LAGS
from keel.ui.lab.inputs import choose
from keel.ui.lab.landscape import Place

if TYPE_CHECKING:
    from keel.ui.lab.inputs import Choices

WIDTH = 170  # px: two beside each other on a phone


def pickers(now: Choices, frequency: str) -> None:
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
        ("lag", "Trade at", [LAGS.get(lag, f"{lag} closes later") for lag in a.lags]),
        ("offset", "Day of the look", days),
    )
    with st.container(horizontal=True):
        for axis, label, words in boxes:
            if len(words) > 1 or axis in ("look", "width"):
                _picker(now, axis, label, words)
        for name, values in a.others.items():
            if len(values) > 1:
                _mixture(now, name, [SWEEPABLE[name].said(value) for value in values])


def _mixture(now: Choices, name: str, words: list[str]) -> None:
    """Draws the choice on one of the further axes."""
    key, at = f"lab-pick-{name}", list(now.axes.others).index(name)
    places = [int(i) for i in np.unravel_index(now.place.other, now.axes.mixture)]
    st.session_state[key] = places[at]

    def picked() -> None:
        places[at] = st.session_state[key]
        choose(now.axes, now.place._replace(other=int(np.ravel_multi_index(places, now.axes.mixture))))

    label = SWEEPABLE[name].label
    st.selectbox(label, range(len(words)), format_func=lambda i: words[i], key=key, on_change=picked, width=WIDTH)


def _picker(now: Choices, axis: str, label: str, words: list[str]) -> None:
    key = f"lab-pick-{Place._fields.index(axis)}"
    st.session_state[key] = getattr(now.place, axis)

    def picked() -> None:
        choose(now.axes, now.place._replace(**{axis: st.session_state[key]}))

    st.selectbox(label, range(len(words)), format_func=lambda i: words[i], key=key, on_change=picked, width=WIDTH)
