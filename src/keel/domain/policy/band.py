"""Bands: how far a leaf may drift from its target, and when it is in breach."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from keel.domain.arrays import Floats
from keel.domain.policy.kinds import Band, half_width
from keel.units import BREACH_TOLERANCE


def half_widths(
    band: Band | Sequence[Band | None] | None, targets: Floats, overrides: Sequence[Band | None] = ()
) -> tuple[Floats, Floats]:
    """The permitted (below, above) of every leaf, each (m,).

    ``band`` is the policy's band for all leaves, or one per leaf. A leaf's own override, where there is one, wins.
    A leaf without any band gets infinite widths: it is never in breach for its drift.

    >>> from keel.domain.policy.kinds import Absolute, Corridor
    >>> below, above = half_widths(Absolute(500), np.array([0.6, 0.4]), [None, Corridor(100, 300)])
    >>> below.tolist(), above.tolist()
    ([0.05, 0.01], [0.05, 0.03])
    """
    common = list(band) if isinstance(band, Sequence) else [band] * len(targets)
    own = list(overrides) or [None] * len(targets)
    widths = [half_width(b or a, float(t)) for a, b, t in zip(common, own, targets, strict=True)]
    both = np.array(widths, dtype=np.float64).reshape(len(targets), 2)
    return both[:, 0].copy(), both[:, 1].copy()


def breached(
    weights: Floats, targets: Floats, below: Floats, above: Floats, frozen: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """True for each leaf in breach; ``weights`` (m,) or (n, m), the rest (m,).

    Strict: the drift must exceed the half-width by more than 1e-9. A held leaf (weight > 1e-9) whose target is 0 is
    always in breach; a frozen one never.

    >>> breached(np.array([0.67, 0.33]), np.array([0.6, 0.4]), np.array([0.05, 0.05]), np.array([0.05, 0.08])).tolist()
    [True, True]
    """
    drift = weights - targets
    out = (drift > above + BREACH_TOLERANCE) | (-drift > below + BREACH_TOLERANCE)
    out = out | ((targets == 0.0) & (weights > BREACH_TOLERANCE))
    if frozen is not None:
        out = out & ~frozen
    return np.asarray(out, dtype=np.bool_)
