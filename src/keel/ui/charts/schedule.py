"""Deposits that come again: how many histories have been in band after each."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from keel import units
from keel.ui.charts.tokens import REFERENCE, SHADE, SLOTS, Values, figure, vertical


def in_band_after(reached: Sequence[float], noun: str, per_year: int, flat: int | None) -> go.Figure:
    """The part of histories in band after each of n deposits, and after how many it is while prices stay."""
    count = list(range(1, len(reached) + 1))
    line = dict(
        type="scatter",
        x=count,
        y=list(reached),
        mode="lines",
        line=dict(color=SLOTS[0], width=2, shape="hv"),
        fill="tozeroy",
        fillcolor=SHADE,
        customdata=[units.pct(part, 0) for part in reached],
        hovertemplate="%{customdata} of histories in band<extra></extra>",
    )
    across = dict(
        title=dict(text=f"{noun.capitalize()}s", standoff=8),
        dtick=max(1, min(per_year, len(reached))),
        tick0=0,
        tickangle=0,
    )
    upward = dict(range=[0.0, 1.04], tickvals=[0.0, 0.5, 1.0], ticktext=["0%", "50%", "100%"])
    mark = {} if flat is None or flat > len(reached) else _mark(flat)
    return figure([line], dict(xaxis=across, yaxis=upward, **mark), 200)


def _mark(flat: int) -> dict[str, list[Values]]:
    """Where one arrives while prices stay."""
    words = dict(
        text="prices stay", x=flat, y=1.0, yref="y domain", xanchor="left", xshift=4, showarrow=False,
        font=dict(color=REFERENCE, size=12),
    )  # fmt: skip
    return {"shapes": [vertical(flat, dict(color=REFERENCE, width=1.5, dash="dot"))], "annotations": [words]}
