"""What two products hold in common."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from keel.units import WEIGHT_TOLERANCE, weight


@dataclass(frozen=True, slots=True)
class Common:
    """A company that both hold, and its weight in each."""

    company: str
    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Overlap:
    """The part that two products have in common: at ``least`` what is known, at ``most`` with what is not known.

    ``known`` are the parts of each whose holdings are known; both bounds are None where nothing is known of one.
    """

    least: float | None
    most: float | None
    known: tuple[float, float]
    common: tuple[Common, ...] = ()


def overlap(first: Mapping[str, float], second: Mapping[str, float]) -> Overlap:
    """Σ min of the weights (fractions, at most 1 together) by company; the largest in common first.

    >>> overlap({"A": 0.6, "B": 0.4}, {"A": 0.5, "C": 0.5}).least
    0.5
    """
    known = (min(1.0, math.fsum(first.values())), min(1.0, math.fsum(second.values())))
    if not first or not second:
        return Overlap(None, None, known)
    shared = [Common(name, first[name], second[name]) for name in first.keys() & second.keys()]
    shared.sort(key=lambda c: (-min(c.first, c.second), c.company))
    least = math.fsum(min(c.first, c.second) for c in shared)
    most = least + _possible(first, second, known)
    return Overlap(min(least, 1.0), min(most, 1.0), known, tuple(shared))


def _possible(first: Mapping[str, float], second: Mapping[str, float], known: tuple[float, float]) -> float:
    """What the unknown rest of each could share with what the other has beyond what is counted."""
    spare_first = math.fsum(max(0.0, w - second.get(name, 0.0)) for name, w in first.items())
    spare_second = math.fsum(max(0.0, w - first.get(name, 0.0)) for name, w in second.items())
    rest_first, rest_second = 1.0 - known[0], 1.0 - known[1]
    return min(rest_first, spare_second + rest_second) + min(rest_second, spare_first)


def in_words(names: tuple[str, str], found: Overlap) -> str:
    """The overlap as one sentence.

    >>> in_words(("VTI", "SPY"), overlap({"A": 1.0}, {"A": 0.8, "B": 0.2}))
    'VTI and SPY have 80.0% in common.'
    >>> in_words(("VTI", "SPY"), overlap({"A": 1.0}, {}))
    'What SPY holds is not known.'
    """
    lacking = [name for name, known in zip(names, found.known, strict=True) if not known]
    if found.least is None or found.most is None:
        return f"What {' and '.join(lacking)} {'hold' if len(lacking) > 1 else 'holds'} is not known."
    pair = f"{names[0]} and {names[1]} have"
    if found.most - found.least <= WEIGHT_TOLERANCE:
        return f"{pair} {weight(found.least)} in common."
    seen = " and ".join(weight(part) for part in found.known)
    return f"{pair} at least {weight(found.least)} in common: {seen} of what they hold is known."
