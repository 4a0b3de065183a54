"""How sure a difference between two policies is: over resampled histories, and over start dates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go

from keel.domain.arrays import Days, Floats
from keel.domain.picture import iso
from keel.ui.charts.frontier import ticks
from keel.ui.charts.tokens import INK, QUIET, REFERENCE, SHADE, SLOTS, Values, figure, horizontal, vertical

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
    bars = dict(
        type="bar",
        x=middle,
        y=count,
        width=np.diff(edges) * 0.86,
        marker=dict(color=[SLOTS[0] if up else REFERENCE for up in better], line=dict(width=0)),
        customdata=[[form(a), form(b)] for a, b in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)],
        hovertemplate="%{y} histories: " + metric + " %{customdata[0]} to %{customdata[1]}<extra></extra>",
    )
    shapes = [vertical(0, dict(color=QUIET, width=1.5))]
    if low is not None and high is not None:
        shapes.insert(0, _span(low, high))
    marks = [(0.0, "no difference", QUIET, 0)]
    if seen is not None:
        shapes.append(vertical(seen, dict(color=INK, width=2)))
        marks.append((seen, f"seen {form(seen)}", INK, 18))
    layout = dict(
        hovermode="closest",
        xaxis=dict(tickangle=0, **ticks(edges, form, 4)),
        yaxis=dict(title=dict(text="Histories", standoff=8), nticks=4),
        shapes=shapes,
        annotations=[_words(*mark, right=mark[0] > (first + last) / 2) for mark in marks],
    )
    return figure([bars], layout, 260, top=44)


def _span(low: float, high: float) -> Values:
    """The interval, behind the bars."""
    place = {"type": "rect", "x0": low, "x1": high, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
    return {**place, "fillcolor": SHADE, "line": {"width": 0}, "layer": "below"}


def _words(x: float, text: str, colour: str, up: int, *, right: bool) -> Values:
    """What a line stands for, above it."""
    return dict(
        x=x, y=1, yref="y domain", yanchor="bottom", yshift=2 + up, text=text, showarrow=False,
        xanchor="right" if right else "left", font=dict(color=colour, size=12),
    )  # fmt: skip


def by_start(starts: Days, difference: Floats, *, metric: str, form: Form) -> go.Figure:
    """The difference had one begun on another date, against nothing."""
    days = iso(starts)
    bars = []
    for sign, colour in ((1, SLOTS[0]), (-1, REFERENCE)):
        side = np.where(sign * difference > 0, difference, 0.0)
        bar = dict(
            type="bar",
            x=days,
            y=side,
            marker=dict(color=colour, line=dict(width=0)),
            customdata=[form(v) for v in difference.tolist()],
            hovertemplate="%{x|%b %Y}: " + metric + " %{customdata}<extra></extra>",
        )
        bars.append(bar)
    layout = dict(
        hovermode="closest",
        barmode="overlay",
        bargap=0,
        xaxis=dict(title=dict(text="Bought on", standoff=8)),
        yaxis=ticks(np.append(difference, 0.0), form),
        shapes=[horizontal(0, dict(color=QUIET, width=1))],
    )
    return figure(bars, layout, 240)
