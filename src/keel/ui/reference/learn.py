"""The parts of the learn page: glossary, band explainer, conventions."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from keel import units, vocabulary
from keel.domain.policy.kinds import (
    Absolute,
    Band,
    FiveTwentyFive,
    Hybrid,
    Relative,
    half_width,
)
from keel.ui.frame import widgets
from keel.vocabulary import Term

BANDS: dict[str, Band] = {
    "±5 points": Absolute(500),
    "20% of target": Relative(2000),
    "5/25, the smaller of two": FiveTwentyFive(),
    "20% of target, at least 1 point": Hybrid(),
}

KINDS = ("record", "word", "list", "text")  # what a thing is in the code, no unit to a reader


def matching(wanted: str) -> tuple[Term, ...]:
    """The terms whose word or meaning holds the text, all of them for an empty one.

    >>> [term.word for term in matching("whole portfolio")]
    ['target']
    """
    text = wanted.strip().casefold()
    return tuple(t for t in vocabulary.TERMS if text in t.word.casefold() or text in t.meaning.casefold())


def glossary(group: str, terms: Sequence[Term]) -> None:
    """Draws a table of words."""
    import pandas as pd

    frame = pd.DataFrame(
        {
            "Meaning": [term.meaning + (f" {term.formula}." if term.formula else "") for term in terms],
            "Unit": ["" if term.unit in KINDS else term.unit for term in terms],
        },
        index=pd.Index([term.word[:1].upper() + term.word[1:] for term in terms], name="Word"),
    ).map(widgets.plain)
    st.table(frame, border="horizontal", alt=f"{group}: words, meanings and units")


def bands() -> None:
    """Draws a target, and what each kind of band permits around it."""
    import pandas as pd

    target = widgets.number("Target, %", 10, 0, 100, 1, width=200) / 100
    widths = {name: half_width(band, target)[0] for name, band in BANDS.items()}
    frame = pd.DataFrame(
        {
            "Half-width": [units.band(w) for w in widths.values()],
            "Trades below": [units.pct(max(target - w, 0.0)) for w in widths.values()],
            "Trades above": [units.pct(target + w) for w in widths.values()],
        },
        index=pd.Index(list(widths), name="Band"),
    )
    st.table(frame, border="horizontal", alt=f"Bands around a target of {units.pct(target)}")
    st.caption("A weight exactly on the edge does not trade.")


def conventions() -> None:
    """Draws the list of conventions."""
    for words, meaning in vocabulary.CONVENTIONS:
        st.markdown(f"- **{widgets.plain(words)}.** {widgets.plain(meaning)}")
