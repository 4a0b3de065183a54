"""Many policies at once: a metric over band width and look, and against the turnover it takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from keel.domain.prices import Floats
from keel.ui.charts.tokens import (
    CLEAR,
    DIVERGING,
    INK,
    PAPER,
    REFERENCE,
    SEQUENTIAL,
    SLOTS,
    colour_bar,
    finish,
    form,
    scale,
)

SEEN = dict(marker=dict(opacity=1))
RING = dict(size=15, symbol="circle-open", color=INK, line=dict(width=2.5, color=INK))


def policy_surface(
    widths_bps: Sequence[int],
    looks: Sequence[str],
    value: Floats,
    *,
    metric: str,
    spec: str = ".2%",
    chosen: tuple[int, str] | None = None,
    centred: bool = False,
) -> go.Figure:
    """A metric over band width (x) and look (y), shape ``(n_looks, n_widths)``; the chosen policy is ringed.

    ``centred`` puts zero in the middle of a diverging scale: for differences with both signs. Otherwise sequential.
    """
    x = [f"{w / 100:g}" for w in widths_bps]
    reach = float(np.nanmax(np.abs(value)))
    low, high = (-reach, reach) if centred else (float(np.nanmin(value)), float(np.nanmax(value)))
    fig = go.Figure()
    fig.add_heatmap(
        x=x,
        y=list(looks),
        z=value,
        zmin=low,
        zmax=high,
        xgap=1.5,
        ygap=1.5,
        hoverinfo="skip",
        colorscale=scale(DIVERGING if centred else SEQUENTIAL),
        colorbar=colour_bar([low, high], [form(low, spec), form(high, spec)], length=200),
    )
    _targets(fig, x, looks, value, metric, spec)
    if chosen is not None:
        ring = ([f"{chosen[0] / 100:g}"], [chosen[1]])
        fig.add_scatter(x=ring[0], y=ring[1], mode="markers", hoverinfo="skip", marker=RING)
    fig.update_layout(hovermode="closest")
    finish(fig, 110 + 32 * len(looks))
    fig.update_layout(margin_t=52)
    title = dict(text="Band half-width, pp", standoff=8)
    fig.update_xaxes(type="category", title=title, tickangle=0, tickvals=x[:: -(-len(x) // 10)])
    fig.update_yaxes(type="category", showgrid=False, dtick=1, ticklabelstandoff=4)
    return fig


def _targets(fig: go.Figure, x: Sequence[str], looks: Sequence[str], value: Floats, metric: str, spec: str) -> None:
    """Clear markers that take the clicks a heatmap cell does not send."""
    xs, ys = np.meshgrid(np.asarray(x), np.asarray(looks))
    fig.add_scatter(
        x=xs.ravel(),
        y=ys.ravel(),
        mode="markers",
        marker=dict(size=16, symbol="square", color=CLEAR),
        unselected=SEEN,
        customdata=[form(v, spec) for v in value.ravel()],
        hovertemplate="±%{x} pp band, %{y} look<br>" + metric + " %{customdata}<extra></extra>",
    )


def frontier(
    turnover: Floats, value: Floats, names: Sequence[str], *, metric: str, spec: str = ".2%", chosen: int | None = None
) -> go.Figure:
    """A metric against turnover, one dot per policy; policies that another beats on both are grey."""
    efficient = best(turnover, value)
    edge = np.lexsort((-value, turnover))
    edge = edge[efficient[edge]]
    fig = go.Figure()
    line = dict(color=SLOTS[0], width=1.5, shape="hv")
    fig.add_scatter(x=turnover[edge], y=value[edge], mode="lines", hoverinfo="skip", line=line)
    fig.add_scatter(
        x=turnover,
        y=value,
        mode="markers",
        unselected=SEEN,
        marker=dict(
            size=[9 if e else 6 for e in efficient],
            opacity=1,
            line=dict(width=1, color=PAPER),
            color=[SLOTS[0] if e else REFERENCE for e in efficient],
        ),
        customdata=list(zip(names, (form(v, spec) for v in value), strict=True)),
        hovertemplate="%{customdata[0]}<br>" + metric + " %{customdata[1]}, turnover %{x:.1%} a year<extra></extra>",
    )
    if chosen is not None:
        fig.add_scatter(x=[turnover[chosen]], y=[value[chosen]], mode="markers", hoverinfo="skip", marker=RING)
    fig.update_layout(hovermode="closest")
    finish(fig, 340)
    fig.update_xaxes(title=dict(text="Turnover a year", standoff=8), tickformat=".0%", rangemode="tozero")
    fig.update_yaxes(tickformat=spec)
    return fig


def best(turnover: Floats, value: Floats) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    """True where no other policy has both less turnover and more value, shape ``(n,)``.

    >>> best(np.array([0.1, 0.2, 0.3]), np.array([1.0, 0.5, 2.0]))
    array([ True, False,  True])
    """
    order = np.lexsort((-value, turnover))
    highest = np.maximum.accumulate(value[order])
    out = np.zeros(len(value), bool)
    out[order] = value[order] >= highest - 1e-15
    return out
