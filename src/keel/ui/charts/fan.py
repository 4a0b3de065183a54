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
from keel.ui.charts.tokens import REFERENCE, SHADE, SLOTS, finish

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
    fig = go.Figure()
    for low, high in ((0, 4), (1, 3)):
        plain = dict(mode="lines", line=dict(width=0), hoverinfo="skip")
        fig.add_scatter(x=days, y=relative[:, low], **plain)
        fig.add_scatter(x=days, y=relative[:, high], fill="tonexty", fillcolor=SHADE, **plain)
    lines = [("This policy", own, OWN)]
    if tranched is not None:
        lines.append((f"In {tranches} tranches", tranched, PARTS))
    for name, wealth, colour in lines:
        y = wealth[keep] / middle[keep] - 1.0
        words = [units.pct2(v) if v < 0 else f"+{units.pct2(v)}" for v in y.tolist()]
        fig.add_scatter(
            x=days,
            y=y,
            name=name,
            mode="lines",
            line=dict(color=colour, width=2),
            customdata=words,
            hovertemplate=name + " %{customdata}<extra></extra>",
        )
    finish(fig, 260, right=112)
    fig.update_xaxes(hoverformat="%d %b %Y")
    fig.update_yaxes(**percent_ticks(relative, signed=True))
    least, most = float(relative.min()), float(relative.max())
    ends = [float(wealth[-1] / middle[-1] - 1.0) for _, wealth, _ in lines]
    for (name, _, colour), end in zip(lines, set_apart(ends, (most - least) * 0.11 or 1e-6, most), strict=True):
        _label(fig, name, end, colour)
    return fig


def _label(fig: go.Figure, text: str, y: float, colour: str) -> None:
    """A line's name at its end."""
    place = dict(x=1, xref="x domain", y=y, xanchor="left", xshift=6, showarrow=False)
    fig.add_annotation(text=text, font=dict(color=colour, size=13), **place)


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
    fig = go.Figure()
    fig.add_scatter(
        x=offsets,
        y=value,
        mode="markers",
        marker=dict(size=8, color=REFERENCE),
        customdata=[form(v) for v in value.tolist()],
        hovertemplate=f"%{{x}} {noun}s later: {metric} %{{customdata}}<extra></extra>",
    )
    at = np.flatnonzero(offsets == own)
    if len(at):
        for marker in (HALO, RING):
            fig.add_scatter(
                x=[own], y=[float(value[at[0]])], mode="markers", hoverinfo="skip", marker=marker | {"size": 13}
            )
    fig.update_layout(hovermode="closest")
    finish(fig, 230, right=112)
    if tranched is not None:
        fig.add_hline(y=tranched, line=dict(color=PARTS, width=2))
        _label(fig, f"In {tranches} tranches", tranched, PARTS)
    title = dict(text=f"{noun.capitalize()}s later", standoff=8)
    fig.update_xaxes(title=title, dtick=max(1, -(-(int(offsets[-1]) + 1) // 8)), tickangle=0)
    fig.update_yaxes(**ticks(value, form))
    return fig
