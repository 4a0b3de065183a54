"""What the portfolio held: leaf weights over time, and its parts against their targets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from keel import units
from keel.domain.arrays import Days, Floats
from keel.domain.picture import iso, set_apart
from keel.ui.charts.strip import escape, labels_of
from keel.ui.charts.tokens import DOWN, GRID, INK, PAPER, QUIET, SLOTS, figure

_MOST_COLUMNS = 400


def weights_over_time(dates: Days, labels: Sequence[str], weights: Floats, slots: Sequence[int]) -> go.Figure:
    """Leaf weights stacked to 100 %, shape ``(n, m)``, first label on top; long paths are shown at even steps."""
    n = len(dates)
    keep = np.unique(np.linspace(0, n - 1, min(n, _MOST_COLUMNS)).astype(np.int64))
    days = iso(dates[keep])
    areas = [
        dict(
            type="scatter",
            x=days,
            y=np.round(weights[keep, j], 5),
            name=labels[j],
            mode="lines",
            stackgroup="one",
            line={"width": 0.8, "color": PAPER},
            fillcolor=SLOTS[slots[j]],
            hovertemplate=f"%{{y:.1%}}<extra>{escape(labels[j])}</extra>",
        )
        for j in reversed(range(len(labels)))
    ]
    last = weights[-1]
    tops = 1 - np.cumsum(last) + last / 2
    places = set_apart([float(t) for t in tops], gap=0.065, high=1.0)
    side = dict(x=1, xref="x domain", showarrow=False, xanchor="left", xshift=6)
    layout = dict(
        xaxis=dict(hoverformat="%d %b %Y"),
        yaxis=dict(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%"),
        annotations=[
            dict(y=y, text=escape(label), font={"color": SLOTS[slot], "size": 13}, **side)
            for label, slot, y in zip(labels, slots, places, strict=True)
        ],
    )
    return figure(areas, layout, 340, right=12 + 7 * max(map(len, labels)))


def held_and_targeted(
    labels: Sequence[str], held: Sequence[float], targets: Sequence[float | None], faint: Sequence[bool]
) -> go.Figure:
    """A bar a part for what is held, with a tick at its target; ``faint`` parts are those that are none, in grey."""
    names = labels_of(labels)
    words = [
        units.pct(w) + ("" if t is None else f" against {units.pct(t)}") for w, t in zip(held, targets, strict=True)
    ]
    bars = dict(
        type="bar",
        y=names,
        x=list(held),
        orientation="h",
        width=0.5,
        marker={"color": [QUIET if pale else SLOTS[0] for pale in faint], "line": {"width": 0}},
        customdata=words,
        hovertemplate="%{y}: %{customdata}<extra></extra>",
    )
    aimed = [(name, target) for name, target in zip(names, targets, strict=True) if target]
    ticks = dict(
        type="scatter",
        x=[target for _, target in aimed],
        y=[name for name, _ in aimed],
        mode="markers",
        marker={"symbol": "line-ns", "size": 22, "line": {"width": 2, "color": INK}},
        hoverinfo="skip",
    )
    reach = max([*held, *(target or 0.0 for target in targets), 0.01])
    along = dict(tickformat=".0%", range=[0.0, reach * 1.04], showgrid=True, gridcolor=GRID, nticks=5, zeroline=False)
    side = dict(x=1, xref="paper", showarrow=False, xanchor="right", xshift=62, align="right")
    font = {"color": INK, "size": 13}
    notes = [dict(y=name, text=units.pct(w), font=font, **side) for name, w in zip(names, held, strict=True)]
    layout = dict(hovermode="closest", xaxis=along, yaxis=DOWN, annotations=notes)
    return figure([bars, ticks], layout, 36 + 32 * len(names), right=66)
