"""Whole percents divided over parts, none of them too small to be worth a product."""

from __future__ import annotations

from collections.abc import Mapping

LEAST = 5  # percent of the whole; a smaller bucket costs more attention than it changes


def divided(total: int, parts: Mapping[str, float]) -> dict[str, int]:
    """The whole percents of each part, in proportion and summing to ``total``; parts that would be too small are left
    out, the smallest first, and of equal ones the last.

    >>> divided(60, {"us": 6, "international": 3, "emerging": 1})
    {'us': 36, 'international': 18, 'emerging': 6}
    >>> divided(20, {"us": 6, "international": 3, "emerging": 1})
    {'us': 13, 'international': 7}
    """
    left = dict(parts)
    while left:
        percents = _rounded(total, left)
        if len(left) == 1 or min(percents.values()) >= LEAST:
            return percents
        smallest = min(left.values())
        left.pop([name for name, part in left.items() if part == smallest][-1])
    return {}


def _rounded(total: int, parts: Mapping[str, float]) -> dict[str, int]:
    """By the largest remainders, the first of equal ones."""
    whole = sum(parts.values())
    exact = {name: total * part / whole for name, part in parts.items()}
    floors = {name: int(value + 1e-9) for name, value in exact.items()}
    order = sorted(parts, key=lambda name: floors[name] - exact[name])
    return {name: floors[name] + (name in order[: total - sum(floors.values())]) for name in parts}
