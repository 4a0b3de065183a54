"""Findings in one sentence: the titles of the mapping, backtest and drift pages, computed from results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from keel import units

NO_DIFFERENCE = 0.0005  # below 0.05 pp a year a gap rounds to 0.0 and is called none
NEVER = "Never"


def backtest_finding(cagr: Mapping[str, float | None]) -> str:
    """What rebalancing did to the return a year, or what the policies differ by; names in the order chosen.

    >>> backtest_finding({"Never": 0.0668, "Yearly": 0.0699, "5/25 band": 0.0741})
    'Rebalancing added 0.3 to 0.7\\xa0pp a year'
    >>> backtest_finding({"Never": 0.07, "Yearly": 0.0702})
    'Rebalancing made no difference to the return'
    >>> backtest_finding({"Yearly": 0.07})
    'Yearly returned 7.00% a year'
    """
    known = {name: value for name, value in cagr.items() if value is not None}
    if not known:
        return "Too short a history for a return a year"
    if len(known) == 1:
        ((name, value),) = known.items()
        return f"{name} {'returned' if value >= 0 else 'lost'} {units.pct2(abs(value))} a year"
    if NEVER not in known:
        gap = max(known.values()) - min(known.values())
        if gap < NO_DIFFERENCE:
            return "The policies returned the same"
        return f"The policies differ by {_points(gap)} a year"
    return _against_never([value - known[NEVER] for name, value in known.items() if name != NEVER])


def _against_never(leads: Sequence[float]) -> str:
    """The sentence for leads over never rebalancing."""
    low, high = min(leads), max(leads)
    if max(abs(low), abs(high)) < NO_DIFFERENCE:
        return "Rebalancing made no difference to the return"
    if low > -NO_DIFFERENCE:
        return f"Rebalancing added {_between(max(low, 0.0), high)} a year"
    if high < NO_DIFFERENCE:
        return f"Rebalancing took away {_between(max(-high, 0.0), -low)} a year"
    return f"Rebalancing changed the return by {units.pp(low)} to {units.pp(high)} a year"


def _points(x: float) -> str:
    """Unsigned percentage points, as in ``0.3 pp``."""
    return units.pp(x).lstrip("+−")


def _between(low: float, high: float) -> str:
    """``0.3 to 0.7 pp``; one number when both round to the same."""
    first, last = _points(low), _points(high)
    return last if first == last else f"{first.removesuffix('pp').rstrip()} to {last}"


def drift_finding(breach: NDArray[np.bool_], labels: Sequence[str], period: str) -> str:
    """How often a bucket was outside its band and which one most; ``breach`` has shape ``(m, n)``.

    >>> drift_finding(np.array([[True, False], [False, False]]), ["Equity", "Bonds"], "month")
    'Out of band in 1 of 2 months, mostly Equity'
    """
    count, total = int(breach.any(axis=0).sum()), breach.shape[1]
    if not count:
        return f"In band in all {total:,} {period}s"
    often = breach.sum(axis=1)
    leader = int(often.argmax())
    only = int((often > 0).sum()) == 1
    which = "only" if only and count > 1 else "mostly"
    return f"Out of band in {count:,} of {total:,} {period}s, {which} {labels[leader]}"


def mapping_finding(filled: int, buckets: int) -> str:
    """How many buckets have a product.

    >>> mapping_finding(7, 8)
    '7 of 8 buckets have a product'
    >>> mapping_finding(3, 3)
    'All 3 buckets have a product'
    """
    if not buckets:
        return "Add a bucket first"
    if filled == buckets:
        return f"All {buckets} buckets have a product" if buckets > 1 else "The bucket has a product"
    if not filled:
        return "No bucket has a product yet"
    return f"{filled} of {buckets} buckets {'has' if filled == 1 else 'have'} a product"


def listed(labels: Sequence[str]) -> str:
    """Labels joined as a person would say them.

    >>> listed(["Equity", "Bonds", "Gold"])
    'Equity, Bonds and Gold'
    """
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} and {labels[-1]}"
