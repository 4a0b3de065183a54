"""Return pictures: months by year, and rolling returns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go

from keel import units
from keel.domain.arrays import Days, Floats
from keel.domain.picture import iso, percent_ticks, set_apart, thin
from keel.ui.charts.strip import escape
from keel.ui.charts.tokens import GRID, INK, PAPER, QUIET, REFERENCE, SEQUENTIAL, SLOTS, finish, scale

if TYPE_CHECKING:
    from keel.backtest.metrics.years import Month

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LOSS, GAIN = SLOTS[3], SLOTS[2]  # plum and teal: blue and orange mean under and over a target
DEPTH = 0.4  # of those colours at the most, so that ink reads on them in both themes


def monthly_returns(months: Sequence[Month]) -> go.Figure:
    """Returns by year (rows) and month (columns).

    The number stands in each cell, so colour is never alone; it diverges round zero only when both signs occur.
    """
    years = sorted({year for year, _, _ in months})
    grid = np.full((len(years), 12), np.nan)
    for year, month, value in months:
        grid[years.index(year), month - 1] = value
    both = bool(np.nanmin(grid) < 0 < np.nanmax(grid))
    reach = float(np.nanquantile(np.abs(grid), 0.98)) or 0.01
    fig = go.Figure()
    fig.add_heatmap(
        x=list(MONTHS),
        y=[str(y) for y in years],
        z=np.clip(grid, -reach, reach) if both else grid,
        zmin=-reach / DEPTH if both else float(np.nanmin(grid)),
        zmax=reach / DEPTH if both else float(np.nanmax(grid)),
        colorscale=scale([LOSS, PAPER, GAIN] if both else SEQUENTIAL[:4]),
        xgap=1.5,
        ygap=1.5,
        showscale=False,
        text=[["" if np.isnan(v) else units.pct(v)[:-1] for v in row] for row in grid],
        texttemplate="%{text}",
        textfont={"size": 11, "color": INK},
        hovertemplate="%{x} %{y}: %{text}%<extra></extra>",
        hoverongaps=False,
    )
    fig.update_layout(hovermode="closest")
    finish(fig, 40 + 22 * len(years))
    fig.update_xaxes(type="category", side="top", dtick=1, tickangle=0)
    fig.update_yaxes(type="category", autorange="reversed", showgrid=False, dtick=1, ticklabelstandoff=4)
    return fig


def rolling(paths: Mapping[str, tuple[Days, Floats]], slots: Mapping[str, int], *, reference: str) -> go.Figure:
    """Annualised return over the trailing window, one line per name, labelled at its end."""
    fig = go.Figure()
    order = [name for name in paths if name == reference] + [name for name in paths if name != reference]
    for name in order:
        dates, values = paths[name]
        keep = thin(values, 900)
        dotted = name == reference
        line = {
            "color": REFERENCE if dotted else SLOTS[slots[name]],
            "width": 1.6 if dotted else 2,
            "dash": "dot" if dotted else "solid",
        }
        hover = f"%{{y:.1%}}<extra>{escape(name)}</extra>"
        fig.add_scatter(x=iso(dates[keep]), y=values[keep], mode="lines", name=name, line=line, hovertemplate=hover)
    finish(fig, 320, right=12 + 7 * max(map(len, order)))
    every = np.concatenate([paths[name][1] for name in order])
    ticks = percent_ticks(every, 4)
    fig.update_yaxes(**ticks)
    fig.add_hline(y=0, line={"color": QUIET, "width": 1})
    fig.update_xaxes(hoverformat="%d %b %Y")
    span = float(max(every.max(), 0.0) - min(every.min(), 0.0)) or 0.01
    ends = set_apart([float(paths[n][1][-1]) for n in order], gap=span * 0.07, high=float(max(every.max(), 0.0)))
    for name, y in zip(order, ends, strict=True):
        colour = REFERENCE if name == reference else SLOTS[slots[name]]
        fig.add_annotation(
            x=1,
            xref="x domain",
            y=y,
            text=escape(name),
            font={"color": colour, "size": 13},
            showarrow=False,
            xanchor="left",
            xshift=6,
        )
    return fig


def score_bars(parts: Mapping[str, float | None]) -> go.Figure:
    """The parts of a score as small bars from 0 to 1; a missing part is an empty rail and a dash."""
    names, values = list(parts), [parts[name] for name in parts]
    fig = go.Figure()
    fig.add_bar(
        y=names,
        x=[1.0] * len(names),
        orientation="h",
        width=0.42,
        marker={"color": GRID, "line_width": 0},
        hoverinfo="skip",
    )
    fig.add_bar(
        y=names,
        x=[v or 0.0 for v in values],
        orientation="h",
        width=0.42,
        marker={"color": SLOTS[0], "line": {"width": 0, "color": PAPER}},
        hovertemplate="%{y}: %{x:.0%} of the eligible are no better<extra></extra>",
    )
    for name, value in zip(names, values, strict=True):
        words = units.MISSING if value is None else f"{100 * value:.0f}"
        fig.add_annotation(
            x=1,
            xref="paper",
            y=name,
            text=words,
            showarrow=False,
            xanchor="right",
            xshift=32,
            font={"color": QUIET, "size": 12},
        )
    fig.update_layout(barmode="overlay", bargap=0, hovermode="closest")
    finish(fig, 20 * len(names) + 8, right=34)
    fig.update_layout(margin_t=0)
    fig.update_xaxes(visible=False, range=[0, 1])
    fig.update_yaxes(type="category", autorange="reversed", showgrid=False, dtick=1, ticklabelstandoff=4)
    return fig
