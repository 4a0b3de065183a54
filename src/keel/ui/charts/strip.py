"""The allocation strip: targets as one stacked bar."""

from __future__ import annotations

from functools import lru_cache

import plotly.graph_objects as go

from keel import units
from keel.ui.charts.tokens import PAPER, SHADE, SLOTS, finish

WRITTEN = 0.12  # a narrower part has no room for its number


@lru_cache(maxsize=512)
def allocation_strip(
    labels: tuple[str, ...], weights: tuple[float, ...], slots: tuple[int, ...], height: int = 40
) -> go.Figure:
    """Targets in tree order, 12 % and more in figures, what is missing grey. The figure is shared: do not change it."""
    fig = go.Figure()
    for label, weight, slot in zip(labels, weights, slots, strict=True):
        _part(fig, label, weight, SLOTS[slot])
    rest = 1 - sum(weights)
    if rest > units.WEIGHT_TOLERANCE:
        _part(fig, "not placed", rest, SHADE, line=0, written=False)
    fig.update_layout(barmode="stack", bargap=0, hovermode="closest")
    finish(fig, height)
    fig.update_layout(margin=dict(l=0, r=0, t=0, b=0, pad=0))
    fig.update_xaxes(visible=False, range=[0, max(1.0, sum(weights))])
    fig.update_yaxes(visible=False)
    return fig


def _part(fig: go.Figure, label: str, weight: float, colour: str, *, line: float = 1.5, written: bool = True) -> None:
    fig.add_bar(
        x=[weight],
        y=[""],
        orientation="h",
        name=label,
        marker=dict(color=colour, line=dict(width=line, color=PAPER)),
        text=units.number(100 * weight, 0) if written and weight >= WRITTEN else "",
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont=dict(color=PAPER, size=13),
        hovertemplate=f"{escape(label)} {units.weight(weight)}<extra></extra>",
    )


def escape(text: str) -> str:
    """A person's words for plotly, which reads a small HTML and ``%{…}`` in hover text.

    >>> escape("<b>R&D %{x}")
    '&lt;b&gt;R&amp;D % {x}'
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("%{", "% {")
