"""Many policies at once: what each gives against the trading it takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from keel import units
from keel.domain.arrays import Floats, Mask
from keel.ui.charts.surface import SEEN
from keel.ui.charts.tokens import PAPER, REFERENCE, SLOTS, figure

COLUMNS, ROWS = 120, 60  # of the net in which dominated policies that lie on one spot are drawn once
STEPS = (1, 2, 2.5, 5, 10)

Form = Callable[[float | None], str]


def frontier(
    turnover: Floats,
    value: Floats,
    rows: NDArray[np.int64],
    names: Sequence[str],
    *,
    metric: str,
    form: Form,
    higher: bool = True,
) -> go.Figure:
    """A metric against turnover, one dot per policy; policies that another beats on both are grey.

    ``turnover``, ``value`` (n,) of the policies drawn, ``rows`` (n,) their numbers and ``names`` their words.
    """
    efficient = best(turnover, value, higher=higher)
    edge = np.flatnonzero(efficient)[np.argsort(turnover[efficient], kind="stable")]
    line = dict(color=SLOTS[0], width=1.5, shape="hv")
    front = dict(type="scatter", x=turnover[edge], y=value[edge], mode="lines", hoverinfo="skip", line=line)
    order = np.argsort(efficient, kind="stable")  # the frontier is drawn over the rest
    dots = dict(
        type="scatter",
        x=turnover[order],
        y=value[order],
        mode="markers",
        unselected=SEEN,
        marker=dict(
            size=[9 if e else 6 for e in efficient[order]],
            opacity=1,
            line=dict(width=1, color=PAPER),
            color=[SLOTS[0] if e else REFERENCE for e in efficient[order]],
        ),
        customdata=[[names[i], form(float(value[i])), units.pct(float(turnover[i])), int(rows[i])] for i in order],
        hovertemplate="%{customdata[0]}<br>"
        + metric
        + " %{customdata[1]}, turnover %{customdata[2]} a year<extra></extra>",
    )
    along = dict(title=dict(text="Turnover a year", standoff=8), tickformat=".0%", rangemode="tozero")
    return figure([front, dots], dict(hovermode="closest", xaxis=along, yaxis=ticks(value, form)), 340)


def ticks(value: Floats, form: Form, count: int = 4) -> dict[str, list[float] | list[str]]:
    """Round places over the values, each written as the metric is.

    >>> ticks(np.array([0.001, 0.0095]), units.pct2)
    {'tickvals': [0.002, 0.004, 0.006, 0.008], 'ticktext': ['0.20%', '0.40%', '0.60%', '0.80%']}
    """
    known = value[np.isfinite(value)]
    if not len(known):
        return {"tickvals": [], "ticktext": []}
    low, high = float(known.min()), float(known.max())
    raw = max(high - low, abs(high) * 1e-6, 1e-12) / count
    unit = 10.0 ** np.floor(np.log10(raw))
    step = float(unit * min(STEPS, key=lambda m: abs(m * unit - raw)))
    places = [round(k * step, 12) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]
    return {"tickvals": places, "ticktext": [form(t) for t in places]}


def best(turnover: Floats, value: Floats, *, higher: bool = True) -> Mask:
    """True where no other policy has both less turnover and a better value, shape ``(n,)``; never where it is NaN.

    >>> best(np.array([0.1, 0.2, 0.3]), np.array([1.0, 0.5, 2.0]))
    array([ True, False,  True])
    """
    gain = np.where(np.isfinite(turnover) & np.isfinite(value), value if higher else -value, -np.inf)
    order = np.lexsort((-gain, turnover))
    ranked = gain[order]
    before = np.concatenate([[-np.inf], np.maximum.accumulate(ranked)[:-1]])
    out = np.zeros(len(value), dtype=np.bool_)
    out[order] = ranked > before
    return out


def drawn(turnover: Floats, value: Floats, *, higher: bool = True) -> NDArray[np.int64]:
    """The policies to draw: the frontier, and of the others one for each spot of a fine net.

    >>> drawn(np.array([0.1, 0.2, 0.2, 0.9]), np.array([1.0, 0.5, 0.5, 0.0])).tolist()
    [0, 1, 3]
    """
    known = np.flatnonzero(np.isfinite(turnover) & np.isfinite(value))
    if not len(known):
        return known
    front = known[best(turnover[known], value[known], higher=higher)]
    cells = _cell(turnover[known], COLUMNS) * ROWS + _cell(value[known], ROWS)
    return np.union1d(front, known[np.unique(cells, return_index=True)[1]])


def _cell(x: Floats, count: int) -> NDArray[np.int64]:
    low, high = float(x.min()), float(x.max())
    if high <= low:
        return np.zeros(len(x), dtype=np.int64)
    return np.minimum(((x - low) / (high - low) * count).astype(np.int64), count - 1)
