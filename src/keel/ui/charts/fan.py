"""Timing luck: one policy on every day it could have looked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from keel import units
from keel.domain.arrays import Days, Floats
from keel.domain.picture import iso, percent_ticks, set_apart, thin
from keel.ui.charts.frontier import ticks
from keel.ui.charts.surface import HALO, RING
from keel.ui.charts.tokens import REFERENCE, SHADE, SLOTS, Values, figure, horizontal

MOST_DATES = 400
OWN, PARTS = SLOTS[0], SLOTS[2]

Form = Callable[[float | None], str]


def timing_fan(dates: Days, band: Floats, own: Floats, tranched: Floats | None, tranches: int) -> go.Figure:
    """Wealth of every day of the look over that of the median day: the whole range pale, its middle half darker.

    ``band`` (n, 5) lowest, quartiles and highest wealth; ``own`` (n,) the policy as it stands, ``tranched`` (n,) in
    parts. Against the median, because on a growth chart the fan is thinner than its lines.
    """
    middle = band[:, 2]
    keep = np.union1d(thin(band[:, 4] / middle, MOST_DATES), thin(own / middle, MOST_DATES))
    days = iso(dates[keep])
    relative = band[keep] / middle[keep, None] - 1.0
    traces: list[Values] = []
    for low, high in ((0, 4), (1, 3)):
        plain = dict(type="scatter", mode="lines", line=dict(width=0), hoverinfo="skip")
        traces.append(dict(x=days, y=relative[:, low], **plain))
        traces.append(dict(x=days, y=relative[:, high], fill="tonexty", fillcolor=SHADE, **plain))
    lines = [("This policy", own, OWN)]
    if tranched is not None:
        lines.append((f"In {tranches} tranches", tranched, PARTS))
    for name, wealth, colour in lines:
        y = wealth[keep] / middle[keep] - 1.0
        words = [units.pct2(v) if v < 0 else f"+{units.pct2(v)}" for v in y.tolist()]
        line = dict(
            type="scatter",
            x=days,
            y=y,
            name=name,
            mode="lines",
            line=dict(color=colour, width=2),
            customdata=words,
            hovertemplate=name + " %{customdata}<extra></extra>",
        )
        traces.append(line)
    least, most = float(relative.min()), float(relative.max())
    ends = [float(wealth[-1] / middle[-1] - 1.0) for _, wealth, _ in lines]
    places = set_apart(ends, (most - least) * 0.11 or 1e-6, most)
    layout = dict(
        xaxis=dict(hoverformat="%d %b %Y"),
        yaxis=percent_ticks(relative, signed=True),
        annotations=[_label(name, end, colour) for (name, _, colour), end in zip(lines, places, strict=True)],
    )
    return figure(traces, layout, 260, right=112)


def _label(text: str, y: float, colour: str) -> Values:
    """A line's name at its end."""
    place = dict(x=1, xref="x domain", y=y, xanchor="left", xshift=6, showarrow=False)
    return dict(text=text, font=dict(color=colour, size=13), **place)


def by_day(
    offsets: NDArray[np.int64],
    value: Floats,
    *,
    metric: str,
    form: Form,
    noun: str,
    own: int,
    tranched: float | None,
    tranches: int,
) -> go.Figure:
    """A figure of the policy by the day of its look or purchase, ``offsets`` (o,) sessions late; its own is ringed.

    A line says where the same policy in parts stands.
    """
    days = dict(
        type="scatter",
        x=offsets,
        y=value,
        mode="markers",
        marker=dict(size=8, color=REFERENCE),
        customdata=[form(v) for v in value.tolist()],
        hovertemplate=f"%{{x}} {noun}s later: {metric} %{{customdata}}<extra></extra>",
    )
    at = np.flatnonzero(offsets == own)
    here = dict(type="scatter", x=[own], y=[float(v) for v in value[at[:1]]], mode="markers", hoverinfo="skip")
    rings = [here | {"marker": marker | {"size": 13}} for marker in (HALO, RING)] if len(at) else []
    title = dict(text=f"{noun.capitalize()}s later", standoff=8)
    layout: dict[str, object] = dict(
        hovermode="closest",
        xaxis=dict(title=title, dtick=max(1, -(-(int(offsets[-1]) + 1) // 8)), tickangle=0),
        yaxis=ticks(value, form),
    )
    if tranched is not None:
        layout["shapes"] = [horizontal(tranched, dict(color=PARTS, width=2))]
        layout["annotations"] = [_label(f"In {tranches} tranches", tranched, PARTS)]
    return figure([days, *rings], layout, 230, right=112)
