"""How sure a difference between two policies is: over resampled histories, and over start dates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go

from keel.domain.arrays import Days, Floats
from keel.domain.picture import iso
from keel.ui.charts.frontier import ticks
from keel.ui.charts.tokens import INK, QUIET, REFERENCE, SHADE, SLOTS, finish

BARS = 40

Form = Callable[[float | None], str]


def differences(
    draws: Floats, *, seen: float | None, low: float | None, high: float | None, metric: str, form: Form
) -> go.Figure:
    """How often resampled histories gave which difference; the interval shaded, nothing and what was seen marked."""
    known = draws[np.isfinite(draws)]
    ends = [*known.tolist(), 0.0, *([seen] if seen is not None else [])]
    first, last = min(ends), max(ends)
    count, edges = np.histogram(known, BARS, (first, last if last > first else first + 1e-9))
    middle = (edges[1:] + edges[:-1]) / 2
    better = middle > 0
    fig = go.Figure()
    fig.add_bar(
        x=middle,
        y=count,
        width=np.diff(edges) * 0.86,
        marker=dict(color=[SLOTS[0] if up else REFERENCE for up in better], line_width=0),
        customdata=[[form(a), form(b)] for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)],
        hovertemplate="%{y} histories: " + metric + " %{customdata[0]} to %{customdata[1]}<extra></extra>",
    )
    fig.update_layout(hovermode="closest")
    finish(fig, 260)
    fig.update_layout(margin_t=44)
    if low is not None and high is not None:
        fig.add_vrect(x0=low, x1=high, fillcolor=SHADE, line_width=0, layer="below")
    fig.add_vline(x=0, line=dict(color=QUIET, width=1.5))
    marks = [(0.0, "no difference", QUIET, 0)]
    if seen is not None:
        fig.add_vline(x=seen, line=dict(color=INK, width=2))
        marks.append((seen, f"seen {form(seen)}", INK, 18))
    for x, text, colour, up in marks:
        right = x > (first + last) / 2
        fig.add_annotation(
            x=x, y=1, yref="y domain", yanchor="bottom", yshift=2 + up, text=text, showarrow=False,
            xanchor="right" if right else "left", font=dict(color=colour, size=12),
        )  # fmt: skip
    fig.update_xaxes(**ticks(edges, form, 4), tickangle=0)
    fig.update_yaxes(title=dict(text="Histories", standoff=8), nticks=4)
    return fig


def by_start(starts: Days, difference: Floats, *, metric: str, form: Form) -> go.Figure:
    """The difference had one begun on another date, against nothing."""
    days = iso(starts)
    fig = go.Figure()
    for sign, colour in ((1, SLOTS[0]), (-1, REFERENCE)):
        side = np.where(sign * difference > 0, difference, 0.0)
        fig.add_bar(
            x=days,
            y=side,
            marker=dict(color=colour, line_width=0),
            customdata=[form(v) for v in difference.tolist()],
            hovertemplate="%{x|%b %Y}: " + metric + " %{customdata}<extra></extra>",
        )
    fig.update_layout(hovermode="closest", barmode="overlay", bargap=0)
    finish(fig, 240)
    fig.update_layout(bargap=0)
    fig.add_hline(y=0, line=dict(color=QUIET, width=1))
    fig.update_xaxes(title=dict(text="Bought on", standoff=8))
    fig.update_yaxes(**ticks(np.append(difference, 0.0), form))
    return fig
