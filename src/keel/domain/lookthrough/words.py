"""What an X-ray shows, in a sentence a dimension."""

from __future__ import annotations

from keel.domain.constraints.exposures import OF_SHARES, UNKNOWN
from keel.domain.lookthrough.xray import IN_CASH, Dimension, Slice
from keel.units import pct

NEAR = 0.005  # of the whole: nearer to its target nothing is worth a sentence
MOSTLY = 0.5


def finding(dimension: Dimension) -> str:
    """The largest difference from a target, the largest company, or that too little is known to say.

    >>> finding(Dimension("region", "Region", (Slice("region:us", "US", 0.5, 0.62), Slice("x", "Japan", 0.5, 0.38))))
    'US makes 62.0%, its target is 50.0%.'
    """
    name = dimension.title.lower()
    unknown = f" The {name} of {pct(dimension.unknown)} is not known." if dimension.unknown > NEAR else ""
    known = [s for s in dimension.slices if s.member not in (UNKNOWN, IN_CASH, *OF_SHARES.values())]
    if dimension.unknown > MOSTLY or not known:
        return unknown.strip() or "All of it is cash."
    aimed = [s for s in known if s.target is not None and _targeted(dimension)]
    widest = max(aimed, key=_gap, default=None)
    if widest is None:
        largest = max(known, key=lambda s: s.held)
        return f"{largest.label} is the largest with {pct(largest.held)}.{unknown}"
    if _gap(widest) < NEAR:
        return f"Held as targeted.{unknown}"
    return f"{widest.label} makes {pct(widest.held)}, its target is {pct(widest.target)}.{unknown}"


def _targeted(dimension: Dimension) -> bool:
    """Whether targets say more of the dimension than that it is not known."""
    return sum(s.target or 0.0 for s in dimension.slices if s.member == UNKNOWN) < MOSTLY


def _gap(slice: Slice) -> float:
    return abs(slice.held - (slice.target or 0.0))
