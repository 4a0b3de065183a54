"""Drift by bucket: over time as a grid, on one day as bullets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from keel import units
from keel.domain.arrays import Days, Floats
from keel.domain.picture import iso
from keel.ui.charts.strip import labels_of
from keel.ui.charts.tokens import (
    CLEAR,
    DIVERGING,
    DOWN,
    GRID,
    INK,
    OVER,
    PAPER,
    QUIET,
    SHADE,
    UNDER,
    Values,
    colour_bar,
    figure,
    scale,
)

Flags = NDArray[np.bool_]
REACH = 2.0  # bands, either way
FEW = 200  # columns that leave room for gaps and dots


def relative_to_band(drift: Floats, below: Floats, above: Floats) -> Floats:
    """Drift as a multiple of its band on that side, shape ``(m, n)``, cut at ±2; a band of 0 counts as used twice.

    >>> relative_to_band(np.array([[0.05, -0.01]]), np.array([0.02]), np.array([0.10])).tolist()
    [[0.5, -0.5]]
    """
    side = np.where(drift >= 0, above[:, None], below[:, None])
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(np.abs(drift) <= units.BREACH_TOLERANCE, 0.0, drift / side)
    return np.asarray(np.clip(np.nan_to_num(ratio, posinf=REACH, neginf=-REACH), -REACH, REACH))


def drift_grid(
    dates: Days,
    labels: Sequence[str],
    drift: Floats,
    below: Floats,
    above: Floats,
    breach: Flags,
    *,
    chosen: int | None = None,
) -> go.Figure:
    """Drift by bucket (rows) and date; colour is drift over band, so equal colour means equally close to a trade.

    ``drift`` and ``breach`` have shape ``(m, n)``, ``below`` and ``above`` ``(m,)``. A dot marks a breach;
    ``chosen`` is the column that is outlined.
    """
    names, days = labels_of(labels), iso(dates)
    fine = len(days) <= FEW
    heat = dict(
        type="heatmap",
        x=days,
        y=names,
        z=np.round(relative_to_band(drift, below, above), 3),
        zmin=-REACH,
        zmid=0,
        zmax=REACH,
        colorscale=scale(DIVERGING),
        xgap=0.5 if fine else 0,
        ygap=3,
        hoverinfo="skip",
        colorbar=colour_bar([-2, -1, 0, 1, 2], ["−2", "−1", "0", "+1", "+2"]),
    )
    rows, columns = np.nonzero(breach)
    dots = dict(
        type="scatter",
        x=[days[c] for c in columns],
        y=[names[r] for r in rows],
        mode="markers",
        marker={"size": 4 if fine else 2.5, "color": PAPER},
        hoverinfo="skip",
        unselected={"marker": {"opacity": 1}},
    )
    layout = dict(hovermode="closest", yaxis=DOWN, **_frame(np.asarray(dates, dtype="datetime64[D]"), chosen))
    return figure([heat, dots, _cells(days, names, drift, breach)], layout, 78 + 36 * len(names), top=52)


def _cells(days: Sequence[str], names: Sequence[str], drift: Floats, breach: Flags) -> Values:
    """A clear marker per cell that takes the click: plotly sends no selection event for heatmap cells."""
    m, n = drift.shape
    words = [[units.pp(d), "breach" if b else "in band"] for d, b in zip(drift.ravel(), breach.ravel(), strict=True)]
    return dict(
        type="scatter",
        x=list(days) * m,
        y=[name for name in names for _ in range(n)],
        mode="markers",
        marker={"size": 12, "symbol": "square", "color": CLEAR},
        selected={"marker": {"opacity": 0}},
        unselected={"marker": {"opacity": 1}},
        customdata=words,
        hovertemplate="%{y} · %{x|%d %b %Y}<br>%{customdata[0]} · %{customdata[1]}<extra></extra>",
    )


def _frame(dates: Days, chosen: int | None) -> dict[str, Any]:
    """Half a column of air on both sides, and an outline round the chosen column."""
    half = (dates[-1] - dates[-2]) / 2 if len(dates) > 1 else np.timedelta64(1, "D")
    half = max(half, np.timedelta64(1, "D"))
    axis = {"range": [str(dates[0] - half), str(dates[-1] + half)]}
    if chosen is None:
        return {"xaxis": axis}
    edges = {"x0": str(dates[chosen] - half), "x1": str(dates[chosen] + half)}
    place = {"type": "rect", "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
    return {"xaxis": axis, "shapes": [{**place, **edges, "line": {"color": INK, "width": 1.5}, "fillcolor": CLEAR}]}


def drift_bullets(labels: Sequence[str], target: Floats, weight: Floats, below: Floats, above: Floats) -> go.Figure:
    """Per bucket: the permitted band (grey), the target (tick), the weight (dot; diamond outside the band)."""
    names = labels_of(labels)
    drift = weight - target
    out = (drift > above + units.BREACH_TOLERANCE) | (-drift > below + units.BREACH_TOLERANCE)
    start = np.maximum(target - below, 0.0)
    bands = [units.band(float(b), float(a)) for b, a in zip(below, above, strict=True)]
    words = [[units.pct(w), units.pct(t), band] for w, t, band in zip(weight, target, bands, strict=True)]
    allowed = dict(
        type="bar",
        y=names,
        x=target + above - start,
        base=start,
        orientation="h",
        width=0.46,
        marker=dict(color=SHADE, line=dict(width=0)),
        hoverinfo="skip",
    )
    reach = max(float((target + above).max()), float(weight.max()))
    along = dict(tickformat=".0%", range=[0.0, reach * 1.06], showgrid=True, gridcolor=GRID, nticks=5, zeroline=False)
    layout = dict(
        hovermode="closest", barmode="overlay", xaxis=along, yaxis=DOWN, annotations=_amounts(names, drift, out)
    )
    return figure([allowed, *_bullets(names, target, weight, out, words)], layout, 36 + 36 * len(names), right=66)


def _bullets(
    names: Sequence[str], target: Floats, weight: Floats, out: Flags, words: Sequence[Sequence[str]]
) -> Iterator[Values]:
    sign = weight > target
    colour = [(OVER if over else UNDER) if o else QUIET for over, o in zip(sign, out, strict=True)]
    for tone in dict.fromkeys(colour):  # one broken line a colour: a trace each costs the browser milliseconds
        rows = [i for i, own in enumerate(colour) if own == tone]
        x = [v for i in rows for v in (float(target[i]), float(weight[i]), None)]
        y = [v for i in rows for v in (names[i], names[i], None)]
        yield dict(type="scatter", x=x, y=y, mode="lines", line={"color": tone, "width": 3}, hoverinfo="skip")
    tick = dict(symbol="line-ns", size=20, line=dict(width=2, color=INK))
    yield dict(type="scatter", x=target, y=names, mode="markers", hoverinfo="skip", marker=tick)
    shape = ["diamond" if o else "circle" for o in out]
    yield dict(
        type="scatter",
        x=weight,
        y=names,
        mode="markers",
        marker=dict(size=11, color=colour, symbol=shape, line=dict(width=1.5, color=PAPER)),
        customdata=words,
        hovertemplate="%{y}: %{customdata[0]} against %{customdata[1]} %{customdata[2]}<extra></extra>",
    )


def _amounts(names: Sequence[str], drift: Floats, out: Flags) -> list[Values]:
    """The drift in words at the right edge, bold outside the band."""
    side = dict(x=1, xref="paper", showarrow=False, xanchor="right", xshift=62, align="right")
    font = dict(color=INK, size=13)
    words = [f"<b>{units.pp(d)}</b>" if o else units.pp(d) for d, o in zip(drift, out, strict=True)]
    return [dict(y=name, text=text, font=font, **side) for name, text in zip(names, words, strict=True)]
