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
from keel.ui.charts.tokens import (
    DOWN,
    GRID,
    INK,
    PAPER,
    QUIET,
    REFERENCE,
    SEQUENTIAL,
    SLOTS,
    Values,
    figure,
    horizontal,
    scale,
)

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
    heat = dict(
        type="heatmap",
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
    across = dict(type="category", side="top", dtick=1, tickangle=0)
    layout = dict(hovermode="closest", xaxis=across, yaxis=dict(type="category", **DOWN))
    return figure([heat], layout, 40 + 22 * len(years))


def rolling(paths: Mapping[str, tuple[Days, Floats]], slots: Mapping[str, int], *, reference: str) -> go.Figure:
    """Annualised return over the trailing window, one line per name, labelled at its end."""
    order = [name for name in paths if name == reference] + [name for name in paths if name != reference]
    every = np.concatenate([paths[name][1] for name in order])
    low, high = min(float(every.min()), 0.0), max(float(every.max()), 0.0)
    ends = set_apart([float(paths[n][1][-1]) for n in order], gap=((high - low) or 0.01) * 0.07, high=high)
    side = dict(x=1, xref="x domain", showarrow=False, xanchor="left", xshift=6)
    colours = {name: REFERENCE if name == reference else SLOTS[slots[name]] for name in order}
    layout = dict(
        xaxis=dict(hoverformat="%d %b %Y"),
        yaxis=percent_ticks(every, 4),
        shapes=[horizontal(0, {"color": QUIET, "width": 1})],
        annotations=[
            dict(y=y, text=escape(name), font={"color": colours[name], "size": 13}, **side)
            for name, y in zip(order, ends, strict=True)
        ],
    )
    lines = [_line(name, *paths[name], colours[name], dotted=name == reference) for name in order]
    return figure(lines, layout, 320, right=12 + 7 * max(map(len, order)))


def _line(name: str, dates: Days, values: Floats, colour: str, *, dotted: bool) -> Values:
    keep = thin(values, 900)
    return dict(
        type="scatter",
        x=iso(dates[keep]),
        y=values[keep],
        mode="lines",
        name=name,
        line={"color": colour, "width": 1.6 if dotted else 2, "dash": "dot" if dotted else "solid"},
        hovertemplate=f"%{{y:.1%}}<extra>{escape(name)}</extra>",
    )


def score_bars(parts: Mapping[str, float | None]) -> go.Figure:
    """The parts of a score as small bars from 0 to 1; a missing part is an empty rail and a dash."""
    names, values = list(parts), [parts[name] for name in parts]
    bar = dict(type="bar", y=names, orientation="h", width=0.42)
    rail = dict(x=[1.0] * len(names), marker={"color": GRID, "line": {"width": 0}}, hoverinfo="skip", **bar)
    part = dict(
        x=[v or 0.0 for v in values],
        marker={"color": SLOTS[0], "line": {"width": 0, "color": PAPER}},
        hovertemplate="%{y}: %{x:.0%} of the eligible are no better<extra></extra>",
        **bar,
    )
    side = dict(x=1, xref="paper", showarrow=False, xanchor="right", xshift=32, font={"color": QUIET, "size": 12})
    words = [units.MISSING if value is None else f"{100 * value:.0f}" for value in values]
    layout = dict(
        barmode="overlay",
        bargap=0,
        hovermode="closest",
        xaxis=dict(visible=False, range=[0, 1]),
        yaxis=dict(type="category", **DOWN),
        annotations=[dict(y=name, text=text, **side) for name, text in zip(names, words, strict=True)],
    )
    return figure([rail, part], layout, 20 * len(names) + 8, right=34, top=0)
