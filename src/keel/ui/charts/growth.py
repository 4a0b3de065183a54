"""Growth, rebalances, lead over a reference and drawdown, above each other on one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from keel import units
from keel.domain.arrays import Days, Floats
from keel.domain.market.series import drawdowns
from keel.domain.picture import iso, money_ladder, percent_ticks, set_apart, thin
from keel.ui.charts.strip import escape
from keel.ui.charts.tokens import QUIET, REFERENCE, SLOTS, Values, figure

WEALTH, RAIL, LEAD, FALL = 1, 2, 3, 4  # rows
SPACING = 0.035  # between rows, of the whole height
LADDER = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 75, 100, 200, 500, 1000)
MOST_LEVELS = 3  # of the symbols at joints
MOST_POINTS = 1_200  # a browser draws more no better


@dataclass(frozen=True, slots=True)
class Picture:
    """What the figure draws: paths (n,) by name, the reference's name, the benchmark's (empty: none), and units."""

    wealth: Mapping[str, Floats]
    slots: Mapping[str, int]
    reference: str
    benchmark: str
    amount: float
    ccy: str

    @property
    def others(self) -> list[str]:
        """The policies that are compared with the reference."""
        return [name for name in self.wealth if name not in (self.reference, self.benchmark)]

    def line(self, name: str) -> dict[str, object]:
        """The line of one path: the reference dotted, the benchmark dashed, both grey."""
        if name in (self.reference, self.benchmark):
            dotted = name == self.reference
            return {"color": REFERENCE, "width": 1.6 if dotted else 1.2, "dash": "dot" if dotted else "dash"}
        return {"color": SLOTS[self.slots[name]], "width": 2, "dash": "solid"}


def growth(
    dates: Days,
    wealth: Mapping[str, Floats],
    events: Mapping[str, Days],
    slots: Mapping[str, int],
    *,
    reference: str,
    benchmark: str = "",
    amount: float = 1.0,
    ccy: str = "",
) -> go.Figure:
    """Growth of ``amount`` on a log axis, a tick per rebalance, the lead over ``reference``, and drawdown.

    ``wealth`` (n,) by name; ``events`` the days of rebalances by name; ``slots`` the colour slot of each name. With
    ``ccy`` the axis reads in money, otherwise in multiples. Long paths are thinned after the drawdown is known.
    """
    picture = Picture(wealth, slots, reference, benchmark, amount, ccy)
    others = picture.others
    keep = thin(wealth[reference], MOST_POINTS)
    days = iso(dates[keep])
    traces = [trace for name in wealth for trace in _path(picture, name, days, keep)]
    for name in others:
        filled = iso(np.asarray(events.get(name, ()), dtype="datetime64[D]"))
        traces.append(_ticks(filled, name, picture.line(name)["color"]))
    layout = {**_axes(picture), "annotations": _labels(picture)}
    return figure(traces, layout, 560 if others else 400, right=12 + 7 * max(len("rebalances"), *map(len, wealth)))


def mark_joints(fig: go.Figure, joints: Mapping[date, Sequence[str]]) -> go.Figure:
    """The figure with a line at each date where products' own prices begin, and their symbols at its foot."""
    for place, (day, symbols) in enumerate(sorted(joints.items())):
        line = {"color": REFERENCE, "width": 1, "dash": "dot"}
        fig.add_shape(type="line", x0=day, x1=day, xref="x4", y0=0, y1=1, yref="paper", line=line, opacity=0.7)
        fig.add_annotation(
            x=day,
            y=0,
            xref="x",
            yref="y domain",
            text=escape(", ".join(symbols)),
            showarrow=False,
            xanchor="left",
            yanchor="bottom",
            yshift=14 * (place % MOST_LEVELS),  # joints close to one another do not write on each other
            font={"color": QUIET, "size": 11},
        )
    return fig


def _heights(others: int) -> list[float]:
    """Shares of the four pictures; without others to compare, rail and lead close up."""
    return [0.46, 0.03 + 0.025 * others, 0.22, 0.22] if others else [0.62, 0.001, 0.001, 0.3]


def _path(picture: Picture, name: str, days: Sequence[str], keep: NDArray[np.int64]) -> list[Values]:
    """One path in the pictures that share the time axis; the benchmark has no lead."""
    path, line = picture.wealth[name], picture.line(name)
    value = f"{units.money(0, picture.ccy).removesuffix('0')}%{{y:,.0f}}" if picture.ccy else "%{y:.2f}×"
    traces = [_trace(WEALTH, days, picture.amount * path[keep], name, line, value)]
    if name in picture.others:
        lead = (path / picture.wealth[picture.reference] - 1)[keep]
        traces.append(_trace(LEAD, days, lead, name, line, "%{y:+.1%}"))
    return [*traces, _trace(FALL, days, drawdowns(path)[keep], name, line, "%{y:.1%}")]


def _trace(row: int, days: Sequence[str], y: Floats, name: str, line: Mapping[str, object], form: str) -> Values:
    hover = f"{form}<extra>{escape(name)}</extra>"
    return dict(type="scatter", x=days, y=y, name=name, line=line, mode="lines", hovertemplate=hover, **_place(row))


def _place(row: int) -> dict[str, str]:
    """The axes of a row."""
    number = "" if row == WEALTH else str(row)
    return {"xaxis": f"x{number}", "yaxis": f"y{number}"}


def _ticks(days: Sequence[str], name: str, colour: object) -> Values:
    return dict(
        type="scatter",
        x=list(days),
        y=[name] * len(days),
        mode="markers",
        name=name,
        marker={"symbol": "line-ns", "size": 9, "line": {"width": 1.5, "color": colour}},
        hovertemplate=f"rebalanced<extra>{escape(name)}</extra>",
        **_place(RAIL),
    )


def _range(picture: Picture) -> tuple[float, float]:
    """The log axis in powers of ten, with a little air."""
    low = min(float(w.min()) for w in picture.wealth.values()) * picture.amount
    high = max(float(w.max()) for w in picture.wealth.values()) * picture.amount
    return float(np.log10(low * 0.96)), float(np.log10(high * 1.08))


def _axes(picture: Picture) -> dict[str, object]:
    """The axes of the four rows, one time axis under all."""
    low, high = _range(picture)
    if picture.ccy:
        places = money_ladder(low, high)
        text = [units.money(t, picture.ccy) for t in places]
    else:
        places = [t for t in LADDER if low <= np.log10(t) <= high]
        text = [f"{t:g}×" for t in places]
    others, base = picture.others, picture.wealth[picture.reference]
    rail = {"showgrid": False, "showticklabels": False, "categoryorder": "array", "categoryarray": others[::-1]}
    lead = np.concatenate([picture.wealth[n] / base - 1 for n in others] or [np.zeros(1)])
    falls = np.concatenate([drawdowns(w) for w in picture.wealth.values()])
    own: dict[int, dict[str, object]] = {
        WEALTH: {"type": "log", "range": [low, high], "tickvals": places, "ticktext": text},
        RAIL: {**rail, "range": [-0.7, max(len(others), 1) - 0.3]},
        LEAD: {**percent_ticks(lead, signed=True), "visible": bool(others)},
        FALL: {**percent_ticks(falls)},
    }
    axes: dict[str, object] = {}
    shares, top = _heights(len(others)), 1.0
    for row, share in enumerate(shares, start=1):
        number = "" if row == WEALTH else str(row)
        bottom = max(top - share / sum(shares) * (1 - SPACING * (len(shares) - 1)), 0.0)
        axes[f"yaxis{number}"] = {"domain": [bottom, top], "anchor": f"x{number}", **own[row]}
        last = {} if row == FALL else {"matches": f"x{FALL}", "showticklabels": False}
        time = {"domain": [0, 1], "hoverformat": "%d %b %Y", "showspikes": False}
        axes[f"xaxis{number}"] = {"anchor": f"y{number}", **time, **last}
        top = bottom - SPACING
    return axes


def _end(picture: Picture, name: str) -> str:
    """What a path ends at, in the axis's own units."""
    last = float(picture.wealth[name][-1])
    return units.money(picture.amount * last, picture.ccy) if picture.ccy else units.times(last)


def _labels(picture: Picture) -> list[dict[str, object]]:
    """Names at the line ends, set_apart apart, and the words of the lower pictures."""
    low, high = _range(picture)
    ends = [float(np.log10(picture.amount * path[-1])) for path in picture.wealth.values()]
    side = {"x": 1, "xref": "x domain", "showarrow": False, "xanchor": "left", "xshift": 6}
    places = set_apart(ends, gap=(high - low) * 0.15, high=high - (high - low) * 0.06)  # two lines a label
    notes: list[dict[str, object]] = [
        {
            "y": y,
            "yref": "y",
            "text": f"{escape(name)}<br>{_end(picture, name)}",
            "align": "left",
            "font": {"color": picture.line(name)["color"], "size": 13},
            **side,
        }
        for name, y in zip(picture.wealth, places, strict=True)
    ]
    panels = [("y4", "drawdown")]
    if picture.others:
        reference = picture.reference
        panels += [("y3", f"vs {reference[:1].lower()}{reference[1:]}"), ("y2", "rebalances")]
    font = {"color": QUIET, "size": 12}
    notes += [
        {"y": 0.5, "yref": f"{axis} domain", "text": escape(words), "font": font, **side} for axis, words in panels
    ]
    return notes
