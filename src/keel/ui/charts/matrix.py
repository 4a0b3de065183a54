"""How the leaves moved together, and what each added."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from keel import units
from keel.domain.arrays import Floats
from keel.ui.charts.strip import labels_of
from keel.ui.charts.tokens import DIVERGING, DOWN, INK, QUIET, SEQUENTIAL, SLOTS, figure, scale, vertical


def correlation(labels: Sequence[str], matrix: Floats) -> go.Figure:
    """Correlations of leaf returns, shape ``(m, m)``, lower half only; NaN reads –.

    The scale diverges round zero when some are negative. Rows have a number and a name, columns the number: names
    would lie on each other on a phone.
    """
    names = labels_of(labels)
    lower = np.tril(np.ones_like(matrix, dtype=bool), k=-1)
    shown = np.where(lower, matrix, np.nan)
    text = [
        [units.number(v) if low else "" for v, low in zip(*row, strict=True)] for row in zip(shown, lower, strict=True)
    ]
    both = bool(np.nanmin(shown, initial=1.0) < 0)
    heat = dict(
        type="heatmap",
        x=names[:-1],
        y=names,
        z=shown[:, :-1],
        zmin=-1 if both else 0,
        zmax=1,
        colorscale=scale(DIVERGING[3:7] if both else SEQUENTIAL[:4]),
        xgap=2,
        ygap=2,
        showscale=False,
        text=[row[:-1] for row in text],
        texttemplate="%{text}",
        textfont={"size": 12, "color": INK},
        hovertemplate="%{y} and %{x}: %{text}<extra></extra>",
        hoverongaps=False,
    )
    numbers = [str(n) for n, _ in enumerate(names, 1)]
    numbered = [f"{name}  <b>{n}</b>" for n, name in zip(numbers, names, strict=True)]
    across = dict(type="category", tickvals=names[:-1], ticktext=[f"<b>{n}</b>" for n in numbers[:-1]], tickangle=0)
    down = dict(
        type="category", autorange="reversed", showgrid=False, tickvals=names, ticktext=numbered, ticklabelstandoff=4
    )
    return figure([heat], dict(hovermode="closest", xaxis=across, yaxis=down), 60 + 34 * len(names))


def contribution(labels: Sequence[str], values: Floats, slots: Sequence[int]) -> go.Figure:
    """Each leaf's part of the total growth as a bar; fractions of the first value."""
    names = labels_of(labels)
    bars = dict(
        type="bar",
        y=names,
        x=values,
        orientation="h",
        width=0.5,
        marker={"color": [SLOTS[s] for s in slots], "line": {"width": 0}},
        hovertemplate="%{y}: %{x:+.1%}<extra></extra>",
    )
    side = dict(x=1, xref="paper", showarrow=False, xanchor="right", xshift=62, font={"color": INK, "size": 13})
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()), 1e-6)
    layout = dict(
        hovermode="closest",
        xaxis=dict(range=[low * 1.1, high * 1.05], tickformat=".0%", nticks=5),
        yaxis=dict(type="category", **DOWN),
        shapes=[vertical(0, {"color": QUIET, "width": 1})],
        annotations=[
            dict(y=name, text=units.pct(float(value)), **side) for name, value in zip(names, values, strict=True)
        ],
    )
    return figure([bars], layout, 36 + 34 * len(names), right=66)
