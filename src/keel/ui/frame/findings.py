"""Findings in one sentence: the titles of the mapping and drift pages, computed from results."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MOST_NAMED = 3  # buckets in a title


def drift_finding(breach: NDArray[np.bool_], labels: Sequence[str], period: str) -> str:
    """How often a bucket was outside its band and which one most; ``breach`` has shape ``(m, n)``.

    >>> drift_finding(np.array([[True, False], [True, False]]), ["Equity", "Bonds"], "month")
    'Out of band in 1 of 2 months: Equity and Bonds'
    >>> drift_finding(np.array([[True, True], [True, False]]), ["Equity", "Bonds"], "month")
    'Out of band in 2 of 2 months, mostly Equity'
    """
    count, total = int(breach.any(axis=0).sum()), breach.shape[1]
    if not count:
        return f"In band in all {total:,} {period}s"
    often = breach.sum(axis=1)
    leaders = [label for label, times in zip(labels, often, strict=True) if times == often.max()]
    which = listed(leaders) if len(leaders) <= MOST_NAMED else f"{len(leaders)} buckets equally often"
    alone = len(leaders) == int((often > 0).sum())
    if alone and len(leaders) == 1 and count > 1:
        which = f"only {which}"
    between = ": " if alone and (count == 1 or len(leaders) > 1) else ", " if alone else ", mostly "
    return f"Out of band in {count:,} of {total:,} {period}s{between}{which}"


def mapping_finding(filled: int, buckets: int, waiting: int = 0) -> str:
    """How many suggestions are ``waiting`` to be accepted, else how many buckets have a product.

    >>> mapping_finding(7, 8, 7)
    '7 suggestions to check, 1 bucket without a product'
    >>> mapping_finding(7, 8)
    '7 of 8 buckets have a product'
    >>> mapping_finding(3, 3)
    'All 3 buckets have a product'
    """
    if not buckets:
        return "Add a bucket first"
    if waiting:
        lacking = buckets - filled
        without = f", {lacking} {'bucket' if lacking == 1 else 'buckets'} without a product" if lacking else ""
        return f"{waiting} {'suggestion' if waiting == 1 else 'suggestions'} to check{without}"
    if filled == buckets:
        return f"All {buckets} buckets have a product" if buckets > 1 else "The bucket has a product"
    if not filled:
        return "No bucket has a product yet"
    return f"{filled} of {buckets} buckets {'has' if filled == 1 else 'have'} a product"


def shortened(labels: Sequence[str], most: int = 5) -> tuple[str, ...]:
    """The first labels and how many more there are; all of them while they are few.

    >>> shortened(["A", "B", "C"], 3), shortened(["A", "B", "C", "D"], 2)
    (('A', 'B', 'C'), ('A', 'B', '2 more'))
    """
    more = len(labels) - most
    return (*labels[:most], f"{more} more") if more > 0 else tuple(labels)


def listed(labels: Sequence[str]) -> str:
    """Labels joined as a person would say them.

    >>> listed(["Equity", "Bonds", "Gold"])
    'Equity, Bonds and Gold'
    """
    if len(labels) < 2:
        return "".join(labels)
    return f"{', '.join(labels[:-1])} and {labels[-1]}"
