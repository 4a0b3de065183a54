"""Which axis of a landscape moves a metric by more than one history's noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from keel.domain.arrays import Floats

FEWEST_HISTORIES = 40  # below that a p-value of 5% rests on one or two of them
ROUNDING = 1e-12  # a mean that varies less over histories is the same in all of them
CERTAIN = 0.5  # of what was seen: at least so much of it stands in every history


@dataclass(frozen=True, slots=True)
class AxisTest:
    """One axis of a landscape: ``effect`` is the distance between its values' best and worst mean, as seen.

    ``p_value``: how often histories without any difference on any axis show as much on the axis that shows most.
    ``certain``: every history puts the value that was best above the one that was worst, by half of what was seen or
    more, as a cost does that is paid on the same trades.
    """

    axis: int
    effect: float
    p_value: float
    certain: bool


def axis_tests(seen: Floats, histories: Floats) -> tuple[AxisTest, ...]:
    """One test for each axis of ``seen`` (l1, …, la) with two values or more, in their order.

    ``histories`` (h, l1, …, la) is the same landscape over h resampled histories, h ≥ 40; a policy that is NaN anywhere
    is left out. The means of an axis's values are compared with their own spread over the histories, studentised; the
    p-value counts the histories whose largest deviation from their mean, over all axes, is at least as large
    (Westfall and Young 1993, single step): with no difference anywhere 5% of landscapes show a p-value below 5%.
    """
    if len(histories) < FEWEST_HISTORIES:
        raise ValueError(f"at least {FEWEST_HISTORIES} histories are needed, not {len(histories)}")
    known = np.isfinite(seen) & np.isfinite(histories).all(axis=0)
    tried = [axis for axis in range(seen.ndim) if seen.shape[axis] > 1]
    spans: list[float] = []
    alike: list[bool] = []
    seen_by: list[float] = []
    by_history: list[Floats] = []
    for axis in tried:
        real = _level_means(seen[None], known, axis)[0]
        drawn = _level_means(histories, known, axis)
        spread = drawn.std(axis=0, ddof=1)
        spans.append(float(real.max() - real.min()) if len(real) else 0.0)
        alike.append(_stands(real, drawn))
        seen_by.append(float(_studentised(real, spread).max(initial=0.0)))
        by_history.append(_studentised(drawn - drawn.mean(axis=0), spread).max(axis=1, initial=0.0))
    if not tried:
        return ()
    largest = np.max(by_history, axis=0)
    return tuple(
        AxisTest(axis, span, float((1 + (largest >= one).sum()) / (len(largest) + 1)), certain)
        for axis, span, one, certain in zip(tried, spans, seen_by, alike, strict=True)
    )


def _level_means(landscapes: Floats, known: np.ndarray, axis: int) -> Floats:
    """The mean (h, l) of each value of one axis over the policies known for all of them, less their mean."""
    whole = np.moveaxis(known, axis, 0).reshape(known.shape[axis], -1).all(axis=0)
    rows = np.moveaxis(landscapes, axis + 1, 1).reshape(len(landscapes), known.shape[axis], -1)[..., whole]
    if not whole.any():
        return np.zeros((len(landscapes), 0))
    means = rows.mean(axis=2)
    return np.asarray(means - means.mean(axis=1, keepdims=True))


def _stands(real: Floats, drawn: Floats) -> bool:
    """Whether the best mean of (l,) is above the worst in all of (h, l), by half of the difference or more."""
    if not len(real) or np.ptp(real) <= ROUNDING:
        return False
    best, worst = int(real.argmax()), int(real.argmin())
    return bool(((drawn[:, best] - drawn[:, worst]) >= CERTAIN * np.ptp(real)).all())


def _studentised(means: Floats, spread: Floats) -> Floats:
    """The size of means (…, l) in units of their spread (l,); infinite where they differ and never vary."""
    size = np.abs(means)
    with np.errstate(divide="ignore", invalid="ignore"):
        units = np.where(spread > ROUNDING, size / spread, np.where(size > ROUNDING, np.inf, 0.0))
    return np.asarray(units)
