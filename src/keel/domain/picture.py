"""Arrays prepared for a picture, on a page or on paper: paths thinned, labels set apart, round ticks."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from keel import units
from keel.domain.arrays import Days, Floats

STEPS = (  # decades the axis spans at most, and the steps within one that leave five to ten ticks
    (0.5, (1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9)),
    (1.3, (1, 1.5, 2, 3, 4, 5, 7)),
    (2.6, (1, 2, 5)),
    (99.0, (1,)),
)


def iso(dates: Days) -> list[str]:
    """ISO dates, the shortest form that plotly reads.

    >>> iso(np.array(["2020-01-31"], dtype="datetime64[D]"))
    ['2020-01-31']
    """
    return [str(d) for d in np.asarray(dates, dtype="datetime64[D]")]


def thin(path: Floats, most: int) -> NDArray[np.int64]:
    """Ascending indices of at most ``most`` points that keep the first, the last and each block's low and high.

    >>> thin(np.arange(5.0), 10).tolist()
    [0, 1, 2, 3, 4]
    >>> len(thin(np.sin(np.arange(10_000) / 50), 900)) <= 900
    True
    """
    n = len(path)
    if n <= most:
        return np.arange(n)
    blocks = max((most - 2) // 3, 1)
    edges = np.linspace(0, n, blocks + 1).astype(np.int64)
    picked = [0, n - 1]
    for a, b in pairwise(edges):
        part = path[a:b]
        picked += [int(a + part.argmin()), int(a + part.argmax()), int(b - 1)]
    return np.unique(np.asarray(picked, dtype=np.int64))


def set_apart(values: Sequence[float], gap: float, high: float) -> list[float]:
    """``values`` pushed apart to at least ``gap``, order kept, none above ``high``.

    >>> set_apart([1.0, 1.0, 3.0], gap=1.0, high=5.0)
    [1.0, 2.0, 3.0]
    """
    order = np.argsort(values, kind="stable")
    placed = np.asarray(values, float)[order]
    for i in range(1, len(placed)):
        placed[i] = max(placed[i], placed[i - 1] + gap)
    for i in range(len(placed) - 1, -1, -1):
        placed[i] = min(placed[i], high - gap * (len(placed) - 1 - i))
    out = np.empty_like(placed)
    out[order] = placed
    return [float(x) for x in out]


def percent_marks(values: Floats, count: int = 3, *, signed: bool = False) -> list[tuple[float, str]]:
    """Round places over ``values`` and zero, with text such as ``−10%``, ``0%`` and, if signed, ``+10%``.

    >>> percent_marks(np.array([-0.31, 0.0]))
    [(-0.3, '−30%'), (-0.2, '−20%'), (-0.1, '−10%'), (0.0, '0%')]
    """
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    raw = max(high - low, 1e-4) / count
    unit = 10.0 ** np.floor(np.log10(raw))
    step = float(unit * min((1, 2, 5, 10), key=lambda m: abs(m * unit - raw)))
    places = [round(k * step, 12) for k in range(int(np.ceil(low / step - 1e-9)), int(high / step + 1e-9) + 1)]
    return [(t, form(100 * t, "+.4g" if signed and t else ".4g") + "%") for t in places]


def percent_ticks(values: Floats, count: int = 3, *, signed: bool = False) -> dict[str, list[float] | list[str]]:
    """``percent_marks`` as plotly takes them."""
    marks = percent_marks(values, count, signed=signed)
    return {"tickvals": [place for place, _ in marks], "ticktext": [text for _, text in marks]}


def money_ladder(low: float, high: float) -> list[float]:
    """Round amounts between two powers of ten, at most about ten.

    >>> [round(x) for x in money_ladder(3.9, 4.8)]
    [10000, 15000, 20000, 30000, 40000, 50000]
    """
    steps = next(steps for span, steps in STEPS if high - low <= span)
    powers = range(int(np.floor(low)), int(np.ceil(high)) + 1)
    return [m * 10.0**p for p in powers for m in steps if low <= np.log10(m * 10.0**p) <= high]


def form(x: float, spec: str) -> str:
    """``format`` with a true minus.

    >>> form(-0.0123, "+.2%")
    '−1.23%'
    """
    return format(float(x), spec).replace("-", units.MINUS)
