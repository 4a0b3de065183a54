"""What the portfolio held: leaf weights over time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from keel.domain.arrays import Days, Floats
from keel.ui.charts.series import iso, set_apart
from keel.ui.charts.strip import escape
from keel.ui.charts.tokens import PAPER, SLOTS, finish

_MOST_COLUMNS = 400


def weights_over_time(dates: Days, labels: Sequence[str], weights: Floats, slots: Sequence[int]) -> go.Figure:
    """Leaf weights stacked to 100 %, shape ``(n, m)``, first label on top; long paths are shown at even steps."""
    n = len(dates)
    keep = np.unique(np.linspace(0, n - 1, min(n, _MOST_COLUMNS)).astype(np.int64))
    days = iso(dates[keep])
    fig = go.Figure()
    for j in reversed(range(len(labels))):
        fig.add_scatter(
            x=days,
            y=np.round(weights[keep, j], 5),
            name=labels[j],
            mode="lines",
            stackgroup="one",
            line={"width": 0.8, "color": PAPER},
            fillcolor=SLOTS[slots[j]],
            hovertemplate=f"%{{y:.1%}}<extra>{escape(labels[j])}</extra>",
        )
    finish(fig, 340, right=12 + 7 * max(map(len, labels)))
    fig.update_yaxes(range=[0, 1], tickvals=[0, 0.25, 0.5, 0.75, 1], tickformat=".0%")
    fig.update_xaxes(hoverformat="%d %b %Y")
    last = weights[-1]
    tops = 1 - np.cumsum(last) + last / 2
    for label, slot, y in zip(labels, slots, set_apart([float(t) for t in tops], gap=0.065, high=1.0), strict=True):
        fig.add_annotation(
            x=1,
            xref="x domain",
            y=y,
            text=escape(label),
            font={"color": SLOTS[slot], "size": 13},
            showarrow=False,
            xanchor="left",
            xshift=6,
        )
    return fig
