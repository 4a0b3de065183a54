"""Many policies at once: a metric over band width and look."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go

from keel.domain.arrays import Floats
from keel.ui.charts.tokens import CLEAR, DIVERGING, INK, PAPER, SEQUENTIAL, Values, assembled, colour_bar, figure, scale

SEEN = dict(marker=dict(opacity=1))
HALO = dict(size=17, symbol="circle-open", color=PAPER, line=dict(width=5, color=PAPER))
RING = dict(size=15, symbol="circle-open", color=INK, line=dict(width=2.5, color=INK))
ROW, LEAST_ROW, MOST_HEIGHT = 32, 8, 420  # px
MOST_ROW_LABELS, MOST_COLUMN_LABELS = 12, 10
LEAST_SIDE = 0.1  # of the longer side: a shorter one would waste half of the colours
GAPS = 1_500  # cells; with more of them gaps would eat the colour

Form = Callable[[float | None], str]


def policy_surface(
    widths: Sequence[float],
    looks: Sequence[str],
    value: Floats,
    *,
    metric: str,
    title: str,
    names: Sequence[str],
    form: Form,
    centred: bool,
) -> go.Figure:
    """A metric over band width (x) and look (y), shape ``(n_looks, n_widths)``.

    ``widths`` in hundredths of what ``title`` says, ``names`` a policy a cell, row by row. ``centred``: zero divides
    good from bad, so colours diverge around it when both signs matter; what was not run stays empty.
    """
    known = value[np.isfinite(value)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    reach = max(-low, high)
    both = centred and min(-low, high) > LEAST_SIDE * reach
    low, high = (-reach, reach) if both else (low, high if high > low else low + 1e-9)
    gap = 1.5 if value.size <= GAPS else 0
    heat = dict(
        type="heatmap",
        z=value,
        zmin=low,
        zmax=high,
        xgap=gap,
        ygap=gap,
        hoverinfo="skip",
        colorscale=scale(DIVERGING if both else SEQUENTIAL),
        colorbar=colour_bar([low, high], [form(low), form(high)], length=200),
    )
    rows = len(looks)
    height = 110 + min(ROW * rows, max(LEAST_ROW * rows, MOST_HEIGHT)) if rows else 110
    layout = {"hovermode": "closest", **_axes(widths, looks, title)}
    return figure([heat, _targets(value, metric, names, form)], layout, height, top=52)


def ringed(fig: go.Figure, x: float, y: float) -> go.Figure:
    """The figure with the chosen policy ringed; ``fig`` itself stays as it is."""
    here = dict(type="scatter", x=[x], y=[y], mode="markers", hoverinfo="skip")
    rings = [here | {"marker": marker} for marker in (HALO, RING)] if np.isfinite(x) and np.isfinite(y) else []
    return assembled([*fig.data, *rings], fig.layout)


def _targets(value: Floats, metric: str, names: Sequence[str], form: Form) -> Values:
    """Clear markers that take the clicks a heatmap cell does not send.

    Plotly finds a point under the pointer whether it is drawn or not; ten thousand drawn ones take seconds.
    """
    y, x = np.divmod(np.arange(value.size), value.shape[1])
    return dict(
        type="scatter",
        x=x,
        y=y,
        mode="markers",
        marker=dict(size=16, symbol="square", color=CLEAR, maxdisplayed=1),
        unselected=SEEN,
        customdata=[[name, form(v)] for name, v in zip(names, value.ravel().tolist(), strict=True)],
        hovertemplate="%{customdata[0]}<br>" + metric + " %{customdata[1]}<extra></extra>",
    )


def _axes(widths: Sequence[float], looks: Sequence[str], title: str) -> Values:
    """Numbered axes whose ticks say what each number stands for: round widths, wherever they lie between cells."""
    places, text = _round(widths)
    down = _ticks(len(looks), MOST_ROW_LABELS)
    across = dict(
        title=dict(text=title, standoff=8),
        tickangle=0,
        tickvals=places,
        ticktext=text,
        range=[-0.5, len(widths) - 0.5],
        showgrid=False,
    )
    upward = dict(
        showgrid=False,
        tickvals=down,
        ticktext=[looks[i] for i in down],
        range=[-0.5, len(looks) - 0.5],
        ticklabelstandoff=4,
    )
    return {"xaxis": across, "yaxis": upward}


def _round(widths: Sequence[float]) -> tuple[list[float], list[str]]:
    """Where round widths lie on an axis of numbered cells, and their text in hundredths.

    >>> _round([100.0, 200.0, 300.0])
    ([0.0, 1.0, 2.0], ['1', '2', '3'])
    """
    low, high = min(widths), max(widths)
    if high <= low:
        return [0.0], [f"{low / 100:g}"]
    cell = (high - low) / (len(widths) - 1)
    raw = max((high - low) / (MOST_COLUMN_LABELS - 1), cell)
    unit = 10.0 ** np.floor(np.log10(raw))
    step = float(unit * next(m for m in (1, 2, 2.5, 5, 10) if m * unit >= raw - 1e-9))
    rounds = [k * step for k in range(int(np.ceil(low / step - 1e-9)), int(np.floor(high / step + 1e-9)) + 1)]
    return [(w - low) / cell for w in rounds], [f"{w / 100:g}" for w in rounds]


def _ticks(count: int, most: int) -> list[int]:
    """The rows that are labelled: all, or of numbered ones the first and every round number.

    >>> _ticks(3, 12), _ticks(50, 12)
    ([0, 1, 2], [0, 4, 9, 14, 19, 24, 29, 34, 39, 44, 49])
    """
    if count <= most:
        return list(range(count))
    step = next(step for step in (2, 5, 10, 20, 50) if count / step < most)
    return [0, *range(step - 1, count, step)]
