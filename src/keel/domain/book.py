"""A book: the leaves of a framework and the instruments that fill them, as arrays for arithmetic."""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.policy import Band
from keel.domain.prices import Floats
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Book:
    """Leaves (m of them, in tree order) and instruments (k of them).

    ``targets`` (m,) fractions of the whole that sum to 1; ``leaf`` (k,) the index of each instrument's leaf; ``shares``
    (k,) its share of that leaf, summing to 1 within each; ``bands`` (m,) a leaf's own band override or None.
    A leaf without a product is filled with the symbol ``CASH``, whose price is 1, and named in ``gaps``.
    """

    paths: tuple[str, ...]
    labels: tuple[str, ...]
    targets: Floats
    symbols: tuple[str, ...]
    leaf: NDArray[np.int64]
    shares: Floats
    bands: tuple[Band | None, ...]
    gaps: tuple[str, ...] = ()
