"""What a policy that acts decides at a close."""

from __future__ import annotations

from collections.abc import Sequence

from keel.domain.arrays import Floats
from keel.domain.drift.measure import leaf_widths
from keel.domain.policy.destination import goals, instrument_goals
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import Book, frozen_leaves


def decision(weights: Floats, holdings: Floats, book: Book, policy: Policy, frozen: Sequence[str] = ()) -> Floats:
    """The weight of every instrument (k,) that the policy trades to from leaf ``weights`` (m,) and ``holdings`` (k,).

    ``frozen`` are paths or labels of buckets that stay as they are.

    >>> import numpy as np
    >>> from keel.domain.framework.records import Bucket, Framework
    >>> from keel.domain.portfolio.book import book
    >>> pair = book(Framework("Pair", (Bucket("A/S", "S", 0.6), Bucket("A/B", "B", 0.4))), columns=["S", "B"])
    >>> now = np.array([0.7, 0.3])
    >>> decision(now, now, pair, Policy()).tolist()
    [0.6, 0.4]
    """
    below, above = leaf_widths(book, policy)
    still = frozen_leaves(book, frozen)
    goal = goals(weights, book.targets, below, above, policy, still)
    return instrument_goals(goal, weights, holdings, book.leaf, book.shares, policy, still)
