"""Colours as tokens, and what all figures share: template, margins, number text.

With ``theme="streamlit"`` the browser swaps each for the running theme's colour of that slot.

So one cached figure serves light and dark, and a theme change needs no rerun. ``paint`` makes the same swap in Python,
for PDF and PNG. The placeholder values are an internal of Streamlit; they are known here and nowhere else.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go

from keel import palette

SLOTS = tuple(f"#{n:06d}" for n in range(1, 11))  # chartCategoricalColors 0..9
SEQUENTIAL = tuple(f"#{n:06d}" for n in range(11, 21))  # chartSequentialColors
DIVERGING = tuple(f"#{n:06d}" for n in range(21, 31))  # chartDivergingColors, low to high
INK, PAPER = "#000037", "#000038"  # strong text, page background
QUIET = SLOTS[6]  # the palette's grey: axis text, reference lines (4.9:1, 7.4:1)
REFERENCE = QUIET  # what others are compared with
UNDER, OVER = DIVERGING[2], DIVERGING[7]  # outside the band, below and above the target
GRID = "rgba(128,140,152,0.22)"  # reads on both backgrounds
SHADE = "rgba(128,140,152,0.16)"  # bands, recessive areas
CLEAR = "rgba(0,0,0,0)"

PRINT = {  # the light theme, for pictures outside the browser
    **dict(zip(SLOTS, palette.SLOTS, strict=True)),
    **dict(zip(SEQUENTIAL, palette.SEQUENTIAL, strict=True)),
    **dict(zip(DIVERGING, palette.DIVERGING, strict=True)),
    INK: palette.INK,
    PAPER: palette.PAPER,
}


def paint(fig: go.Figure, colours: Mapping[str, str] = PRINT) -> go.Figure:
    """A copy of ``fig`` with every token replaced, for use outside the browser."""
    text = fig.to_json()
    for token, colour in colours.items():
        text = text.replace(token, colour)
    return go.Figure(json.loads(text))


def scale(colours: Sequence[str]) -> list[list[object]]:
    """An evenly spaced plotly colour scale.

    >>> scale(["a", "b", "c"])
    [[0.0, 'a'], [0.5, 'b'], [1.0, 'c']]
    """
    return [[i / (len(colours) - 1), c] for i, c in enumerate(colours)]


HOVER = dict(font=dict(color=INK, size=13), bgcolor=PAPER, bordercolor=GRID)
CONFIG = {"displayModeBar": False, "scrollZoom": False, "responsive": True}

KEEL = go.layout.Template(
    layout=go.Layout(
        colorway=SLOTS,
        font=dict(family="Source Sans, Source Sans 3, sans-serif", size=13, color=QUIET),
        paper_bgcolor=PAPER,
        plot_bgcolor=PAPER,
        hovermode="x unified",
        dragmode=False,
        showlegend=False,
        bargap=0.35,
        xaxis=dict(showgrid=False, zeroline=False, ticks="", fixedrange=True),
        yaxis=dict(gridcolor=GRID, zeroline=False, ticks="", fixedrange=True, nticks=5),
    )
).to_plotly_json()

CHECKED = False  # by plotly, value by value, which takes five times as long as all else; the tests of charts have it on

Values = Mapping[str, Any]  # of a trace, an axis or a layout, as plotly writes them in JSON: nothing in short forms
TICK = {"color": QUIET, "size": 12}
X_AXIS = {"fixedrange": True, "tickfont": TICK, "title": {"font": {"color": QUIET, "size": 13}}}
Y_AXIS = {"fixedrange": True, "tickfont": TICK, "gridcolor": GRID}
DOWN = {"autorange": "reversed", "showgrid": False, "dtick": 1, "ticklabelstandoff": 4}  # names, the first on top


def figure(traces: Iterable[Values], layout: Values, height: int, *, right: int = 8, top: int = 8) -> go.Figure:
    """A figure in the house's template, height and margins: on the layout, because Streamlit resets the template's."""
    whole: dict[str, Any] = {"hovermode": "x unified", **layout}
    for name in {"xaxis", "yaxis", *layout}:
        if name[1:5] == "axis":
            whole[name] = _merged(X_AXIS if name[0] == "x" else Y_AXIS, layout.get(name, {}))
    whole |= {"template": KEEL, "height": height, "margin": {"l": 0, "r": right, "t": top, "b": 0, "pad": 4}}
    whole |= {"dragmode": False, "showlegend": False, "hoverlabel": HOVER}
    return assembled([_trace(trace) for trace in traces], whole)


def assembled(data: Sequence[object], layout: object) -> go.Figure:
    """A figure of traces and a layout that are whole."""
    return go.Figure({"data": data, "layout": layout}, _validate=CHECKED)


def _trace(trace: Values) -> Values:
    return _merged(trace, {"colorbar": {"tickfont": TICK}}) if trace["type"] == "heatmap" else trace


def vertical(x: object, line: Values) -> Values:
    """A line through the whole picture."""
    return {"type": "line", "x0": x, "x1": x, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain", "line": line}


def horizontal(y: object, line: Values) -> Values:
    """A line across the whole picture."""
    return {"type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": y, "y1": y, "yref": "y", "line": line}


def _merged(base: Mapping[str, Any], extra: Mapping[str, Any]) -> dict[str, Any]:
    """``base`` with ``extra`` laid over it, at every depth.

    >>> _merged({"a": {"b": 1}}, {"a": {"c": 2}})
    {'a': {'b': 1, 'c': 2}}
    """
    out = dict(base)
    for name, value in extra.items():
        both = isinstance(value, Mapping) and isinstance(out.get(name), Mapping)
        out[name] = _merged(out[name], value) if both else value
    return out


def colour_bar(ticks: Sequence[float], text: Sequence[str], length: int = 220) -> dict[str, object]:
    """A thin colour bar above the picture, at its right."""
    place = dict(x=1, xanchor="right", xpad=28, y=1, yanchor="bottom", ypad=6)
    size = dict(orientation="h", thickness=8, lenmode="pixels", len=length, outlinewidth=0)
    return {**place, **size, "tickvals": list(ticks), "ticktext": list(text)}
