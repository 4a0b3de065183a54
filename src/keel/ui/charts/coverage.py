"""Coverage: from when to when each series has prices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import plotly.graph_objects as go

from keel import units
from keel.ui.charts.strip import labels_of
from keel.ui.charts.tokens import DOWN, GRID, SLOTS, figure

DAY_MS = 86_400_000


def coverage_bars(labels: Sequence[str], first: Sequence[date], last: Sequence[date], slot: int = 0) -> go.Figure:
    """A bar per series over time, in the order given."""
    names = labels_of(labels)
    bars = dict(
        type="bar",
        y=names,
        base=[day.isoformat() for day in first],
        x=[(b - a).days * DAY_MS for a, b in zip(first, last, strict=True)],
        orientation="h",
        marker=dict(color=SLOTS[slot], line=dict(width=0)),
        customdata=[units.span(a, b) for a, b in zip(first, last, strict=True)],
        hovertemplate="%{y}<br>%{customdata}<extra></extra>",
    )
    layout = dict(
        hovermode="closest",
        bargap=0.45,
        xaxis=dict(type="date", showgrid=True, gridcolor=GRID, hoverformat="%b %Y"),
        yaxis=DOWN,
    )
    return figure([bars], layout, 40 + 22 * len(names))
