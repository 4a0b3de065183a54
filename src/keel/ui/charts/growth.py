"""Growth, rebalances, lead over a reference and drawdown, above each other on one time axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from keel import units
from keel.domain.prices import Days, Floats
from keel.ui.charts.series import iso, percent_ticks, spread, thin
from keel.ui.charts.strip import escape
from keel.ui.charts.tokens import QUIET, REFERENCE, SLOTS, finish

WEALTH, RAIL, LEAD, FALL = 1, 2, 3, 4  # rows
LADDER = (0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 50, 75, 100, 200, 500, 1000)
MOST_POINTS = 1_200  # a browser draws more no better
STEPS = (  # decades the axis spans at most, and the steps within one that leave five to ten ticks
    (0.5, (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9)),
    (1.3, (1, 1.5, 2, 3, 4, 5, 7)),
    (2.6, (1, 2, 5)),
    (99.0, (1,)),
)


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
    fig = make_subplots(rows=4, cols=1, shared_xaxes=True, vertical_spacing=0.035, row_heights=_heights(len(others)))
    keep = thin(wealth[reference], MOST_POINTS)
    for name in wealth:
        _path(fig, picture, name, dates, keep)
    for name in others:
        _ticks(fig, iso(np.asarray(events.get(name, ()), dtype="datetime64[D]")), name, picture.line(name)["color"])
    finish(fig, 560 if others else 400, right=12 + 7 * max(len("rebalances"), *map(len, wealth)))
    _axes(fig, picture)
    _labels(fig, picture)
    return fig


def _heights(others: int) -> list[float]:
    """Shares of the four pictures; without others to compare, rail and lead close up."""
    return [0.46, 0.03 + 0.025 * others, 0.22, 0.22] if others else [0.62, 0.001, 0.001, 0.3]


def drawdown(wealth: Floats) -> Floats:
    """The fall from the highest value so far, ≤ 0.

    >>> drawdown(np.array([1.0, 2.0, 1.5]))
    array([ 0.  ,  0.  , -0.25])
    """
    return np.asarray(wealth / np.maximum.accumulate(wealth) - 1)


def _path(fig: go.Figure, picture: Picture, name: str, dates: Days, keep: NDArray[np.int64]) -> None:
    """One path in the pictures that share the time axis; the benchmark has no lead."""
    path, days, line = picture.wealth[name], iso(dates[keep]), picture.line(name)
    value = "%{y:,.0f}" if picture.ccy else "%{y:.2f}×"
    _trace(fig, WEALTH, days, picture.amount * path[keep], name, line, value)
    if name in picture.others:
        _trace(fig, LEAD, days, (path / picture.wealth[picture.reference] - 1)[keep], name, line, "%{y:+.1%}")
    _trace(fig, FALL, days, drawdown(path)[keep], name, line, "%{y:.1%}")


def _trace(
    fig: go.Figure, row: int, days: Sequence[str], y: Floats, name: str, line: Mapping[str, object], form: str
) -> None:
    hover = f"{form}<extra>{escape(name)}</extra>"
    fig.add_scatter(x=days, y=y, name=name, line=line, mode="lines", row=row, col=1, hovertemplate=hover)


def _ticks(fig: go.Figure, days: Sequence[str], name: str, colour: object) -> None:
    fig.add_scatter(
        x=list(days),
        y=[name] * len(days),
        mode="markers",
        name=name,
        row=RAIL,
        col=1,
        marker={"symbol": "line-ns", "size": 9, "line": {"width": 1.5, "color": colour}},
        hovertemplate=f"rebalanced<extra>{escape(name)}</extra>",
    )


def _range(picture: Picture) -> tuple[float, float]:
    """The log axis in powers of ten, with a little air."""
    low = min(float(w.min()) for w in picture.wealth.values()) * picture.amount
    high = max(float(w.max()) for w in picture.wealth.values()) * picture.amount
    return float(np.log10(low * 0.96)), float(np.log10(high * 1.08))


def money_ladder(low: float, high: float) -> list[float]:
    """Round amounts between two powers of ten, at most about ten.

    >>> [round(x) for x in money_ladder(3.9, 4.8)]
    [10000, 15000, 20000, 30000, 40000, 50000]
    """
    steps = next(steps for span, steps in STEPS if high - low <= span)
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    return [m * 10.0**p for p in powers for m in steps if low <= np.log10(m * 10.0**p) <= high]


def _axes(fig: go.Figure, picture: Picture) -> None:
    low, high = _range(picture)
    if picture.ccy:
        places = money_ladder(low, high)
        text = [units.money(t, picture.ccy) for t in places]
    else:
        places = [t for t in LADDER if low <= np.log10(t) <= high]
        text = [f"{t:g}×" for t in places]
    fig.update_yaxes(type="log", range=[low, high], tickvals=places, ticktext=text, row=WEALTH, col=1)
    others, base = picture.others, picture.wealth[picture.reference]
    rail = {"showgrid": False, "showticklabels": False, "categoryorder": "array", "categoryarray": others[::-1]}
    fig.update_yaxes(**rail, range=[-0.7, max(len(others), 1) - 0.3], row=RAIL, col=1)
    lead = np.concatenate([picture.wealth[n] / base - 1 for n in others] or [np.zeros(1)])
    fig.update_yaxes(**percent_ticks(lead, signed=True), visible=bool(others), row=LEAD, col=1)
    falls = np.concatenate([drawdown(w) for w in picture.wealth.values()])
    fig.update_yaxes(**percent_ticks(falls), row=FALL, col=1)
    fig.update_xaxes(hoverformat="%d %b %Y", showspikes=False)


def _labels(fig: go.Figure, picture: Picture) -> None:
    """Names at the line ends, spread apart, and the words of the lower pictures."""
    low, high = fig.layout.yaxis.range
    ends = [float(np.log10(picture.amount * path[-1])) for path in picture.wealth.values()]
    side = {"x": 1, "xref": "x domain", "showarrow": False, "xanchor": "left", "xshift": 6}
    places = spread(ends, gap=(high - low) * 0.08, high=high)
    notes = [
        {"y": y, "yref": "y", "text": escape(name), "font": {"color": picture.line(name)["color"], "size": 13}, **side}
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
    fig.update_layout(annotations=notes)
