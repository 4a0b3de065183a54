"""The allocation strip: targets as one stacked bar."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import plotly.graph_objects as go

from keel import units
from keel.ui.charts.tokens import HOVER, KEEL, PAPER, SHADE, SLOTS, Values, assembled

WRITTEN = 0.12  # a narrower part has no room for its number


@lru_cache(maxsize=512)
def allocation_strip(
    labels: tuple[str, ...], weights: tuple[float, ...], slots: tuple[int, ...], height: int = 40
) -> go.Figure:
    """Targets in tree order, 12 % and more in figures, what is missing grey. The figure is shared: do not change it."""
    parts = [_part(n, w, SLOTS[slot]) for n, w, slot in zip(labels, weights, slots, strict=True)]
    rest = 1 - sum(weights)
    if rest > units.WEIGHT_TOLERANCE:
        parts.append(_part("not placed", rest, SHADE, line=0, written=False))
    layout = dict(
        template=KEEL,
        height=height,
        margin=dict(l=0, r=0, t=0, b=0, pad=0),
        barmode="stack",
        bargap=0,
        hovermode="closest",
        hoverlabel=HOVER,
        dragmode=False,
        showlegend=False,
        xaxis=dict(visible=False, fixedrange=True, range=[0, max(1.0, sum(weights))]),
        yaxis=dict(visible=False, fixedrange=True),
    )
    return assembled(parts, layout)


def _part(label: str, weight: float, colour: str, *, line: float = 1.5, written: bool = True) -> Values:
    return dict(
        type="bar",
        x=[weight],
        y=[""],
        orientation="h",
        name=label,
        marker=dict(color=colour, line=dict(width=line, color=PAPER)),
        text=units.weight(weight, 0, most=1).removesuffix("%") if written and weight >= WRITTEN else "",
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont=dict(color=PAPER, size=13),
        hovertemplate=f"{escape(label)} {units.weight(weight)}<extra></extra>",
    )


LONGEST = 28  # characters of a label on an axis


def labels_of(names: Sequence[str]) -> list[str]:
    """The labels of an axis for plotly: long ones cut in the middle, and none like another.

    >>> labels_of(["Equity", "International developed markets small value"])
    ['Equity', 'International d…small value']
    >>> len(set(labels_of(["Same", "Same"])))
    2
    """
    labels: list[str] = []
    for name in names:
        label = escape(name if len(name) <= LONGEST else f"{name[:15].rstrip()}…{name[-11:].lstrip()}")
        labels.append(label + "\u200b" * sum(other.rstrip("\u200b") == label for other in labels))
    return labels


def escape(text: str) -> str:
    """A person's words for plotly, which reads a small HTML and ``%{…}`` in hover text.

    >>> escape("<b>R&D %{x}")
    '&lt;b&gt;R&amp;D % {x}'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "% {")
