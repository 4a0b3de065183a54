"""Drift: how far weights have wandered from their targets, and whether that matters.

drift = weight − target (positive = overweight), relative drift = drift / target, total drift = ½ Σ|drift|. Leaves are
judged, on their weight in the whole portfolio, by the policy's band; inner buckets are shown with the same rule but
trigger nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from keel.domain.arrays import Floats
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.tree import effective_band, ordered, within
from keel.domain.policy.band import breached, half_widths
from keel.domain.policy.kinds import (
    Band,
    FiveTwentyFive,
)
from keel.domain.policy.records import Policy, judges_leaves
from keel.domain.portfolio.book import Book
from keel.units import BREACH_TOLERANCE

Flags = NDArray[np.bool_]

JUDGED_BY_DEFAULT = "5/25 bands"


class Status(StrEnum):
    """What a weight is in relation to its band."""

    in_band = "in_band"
    under = "under"
    over = "over"
    not_targeted = "not_targeted"
    frozen = "frozen"
    no_price = "no_price"


@dataclass(frozen=True, slots=True)
class BucketDrift:
    """One bucket's weight against its target, fractions of the whole.

    ``relative_drift`` is None at target 0. ``below`` and ``above`` are the band's half-widths. ``rise`` and ``fall``
    are the price moves of this bucket against the rest (0.25 = up 25 %) beyond which it is over or under its band;
    None where no move can do that or it already is. ``value`` and ``value_to_trade`` (signed, a sale is negative) are
    amounts of the base currency in a live report, None elsewhere.
    """

    path: str
    label: str
    actual: float
    target: float
    drift: float
    relative_drift: float | None
    below: float
    above: float
    status: Status
    rise: float | None = None
    fall: float | None = None
    leaf: bool = True
    value: float | None = None
    value_to_trade: float | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Leaves in short: total drift ½Σ|drift|, the largest |drift| and whose it is, and the count out of band."""

    total_drift: float
    max_drift: float
    largest: str
    out_of_band: int


def measure(
    weights: ArrayLike,
    targets: ArrayLike,
    below: ArrayLike,
    above: ArrayLike,
    frozen: ArrayLike | None = None,
    *,
    paths: Sequence[str] = (),
    labels: Sequence[str] = (),
    unpriced: ArrayLike | None = None,
) -> tuple[BucketDrift, ...]:
    """One row per leaf; all arrays (m,). ``unpriced`` marks leaves that hold something without a price.

    Without ``paths`` the rows are numbered; without ``labels`` the last word of the path serves.

    >>> row = measure([0.66, 0.34], [0.6, 0.4], [0.05, 0.05], [0.05, 0.05], labels=["Equity", "Bonds"])[0]
    >>> row.label, round(row.drift, 4), round(row.relative_drift, 4), str(row.status)
    ('Equity', 0.06, 0.1, 'over')
    """
    actual, target = np.asarray(weights, dtype=float), np.asarray(targets, dtype=float)
    lower, upper = np.asarray(below, dtype=float), np.asarray(above, dtype=float)
    held = _flags(frozen, len(target))
    missing = _flags(unpriced, len(target))
    out = breached(actual, target, lower, upper, held)
    paths = tuple(paths) or tuple(str(i) for i in range(len(target)))
    labels = tuple(labels) or tuple(path.rsplit("/", 1)[-1] for path in paths)
    return tuple(
        _row(
            paths[i],
            labels[i],
            float(actual[i]),
            float(target[i]),
            float(lower[i]),
            float(upper[i]),
            _status(float(actual[i]), float(target[i]), bool(out[i]), bool(held[i]), bool(missing[i])),
        )
        for i in range(len(target))
    )


def totals(rows: Iterable[BucketDrift]) -> Totals:
    """The sums over leaves; inner buckets are left out, as they would count twice.

    >>> rows = measure([0.3, 0.2, 0.3, 0.2], [0.25] * 4, [0.05] * 4, [0.05] * 4)
    >>> t = totals(rows)
    >>> round(t.total_drift, 4), round(t.max_drift, 4), t.out_of_band
    (0.1, 0.05, 0)
    """
    leaves = [row for row in rows if row.leaf]
    if not leaves:
        return Totals(0.0, 0.0, "", 0)
    largest = max(leaves, key=lambda row: abs(row.drift))
    return Totals(
        total_drift=0.5 * sum(abs(row.drift) for row in leaves),
        max_drift=abs(largest.drift),
        largest=largest.label,
        out_of_band=sum(row.status in OUT_OF_BAND for row in leaves),
    )


OUT_OF_BAND = (Status.under, Status.over, Status.not_targeted)


def judging_band(policy: Policy) -> Band:
    """The policy's band; 5/25 for a policy without one for its leaves (never, calendar, tracking error).

    >>> judging_band(Policy()).kind
    'five_twenty_five'
    """
    return policy.band if judges_leaves(policy) and policy.band is not None else FiveTwentyFive()


def judged_against(policy: Policy) -> str:
    """Empty when the policy has bands of its own, else the words for those that stand in."""
    return "" if judges_leaves(policy) else JUDGED_BY_DEFAULT


def leaf_widths(book: Book, policy: Policy) -> tuple[Floats, Floats]:
    """Half-widths below and above each leaf's target (m,): its own override, else the policy's band."""
    return half_widths(judging_band(policy), book.targets, book.bands)


def roll_up(framework: Framework, leaves: Sequence[BucketDrift], policy: Policy) -> tuple[BucketDrift, ...]:
    """Every bucket in tree order: the given leaf rows, and inner buckets with the sums of theirs.

    An inner bucket is judged by its own band (or the nearest one above it) on its own target. It is frozen when all its
    leaves are, and without a price when any is.
    """
    by_path = {row.path: row for row in leaves}
    rows = []
    for bucket in ordered(framework):
        if bucket.path in by_path:
            rows.append(by_path[bucket.path])
            continue
        inside = [row for row in leaves if within(row.path, bucket.path)]
        if inside:
            rows.append(_inner(framework, bucket, inside, policy))
    return tuple(rows)


def breach_rise(weight: float, target: float, above: float) -> float | None:
    """The price move of a leaf, all others unchanged, that brings its weight to target + above.

    w(1 + x) / (1 + w·x) = u gives x = (u − w) / (w·(1 − u)). None when the leaf is not held, is past the edge already,
    or the edge is the whole portfolio.

    >>> round(breach_rise(0.5, 0.5, 0.1), 4)  # 50 and 50 → 75 and 50
    0.5
    """
    edge = target + above
    if weight > edge + BREACH_TOLERANCE or edge >= 1 or weight * (1 - edge) <= 0:
        return None
    return max(0.0, (edge - weight) / (weight * (1 - edge)))


def breach_fall(weight: float, target: float, below: float) -> float | None:
    """The price move (negative) that brings a leaf's weight to target − below; None when no fall can.

    >>> round(breach_fall(0.5, 0.5, 0.1), 4)  # 50 and 50 → 33.3 and 50
    -0.3333
    """
    edge = target - below
    if edge <= 0 or weight >= 1 or weight < edge - BREACH_TOLERANCE or weight * (1 - edge) <= 0:
        return None  # the last: an edge within the tolerance of a leaf that is not held
    return min(0.0, (edge - weight) / (weight * (1 - edge)))


def _row(
    path: str, label: str, actual: float, target: float, below: float, above: float, status: Status
) -> BucketDrift:
    still = status in (Status.frozen, Status.no_price)
    return BucketDrift(
        path=path,
        label=label,
        actual=actual,
        target=target,
        drift=actual - target,
        relative_drift=(actual - target) / target if target > 0 else None,
        below=below,
        above=above,
        status=status,
        rise=None if still else breach_rise(actual, target, above),
        fall=None if still else breach_fall(actual, target, below),
    )


def _status(actual: float, target: float, out: bool, frozen: bool, unpriced: bool) -> Status:
    if unpriced:
        return Status.no_price
    if frozen:
        return Status.frozen
    if not out:
        return Status.in_band
    if target <= 0:
        return Status.not_targeted
    return Status.over if actual > target else Status.under


def _inner(framework: Framework, bucket: Bucket, inside: Sequence[BucketDrift], policy: Policy) -> BucketDrift:
    """The row of an inner bucket, from the leaves below it."""
    actual, target = sum(row.actual for row in inside), sum(row.target for row in inside)
    band = effective_band(framework, bucket.path) or judging_band(policy)
    below, above = half_widths(band, np.array([target]))
    frozen = all(row.status is Status.frozen for row in inside)
    unpriced = any(row.status is Status.no_price for row in inside)
    row = measure(
        [actual], [target], below, above, [frozen], paths=[bucket.path], labels=[bucket.label], unpriced=[unpriced]
    )[0]
    return _with_sums(row, inside)


def _with_sums(row: BucketDrift, inside: Sequence[BucketDrift]) -> BucketDrift:
    """The inner row with the amounts of its leaves added up, where the leaves have amounts."""
    values = [leaf.value for leaf in inside if leaf.value is not None]
    trades = [leaf.value_to_trade for leaf in inside if leaf.value_to_trade is not None]
    return replace(
        row, leaf=False, value=sum(values) if values else None, value_to_trade=sum(trades) if trades else None
    )


def _flags(given: ArrayLike | None, count: int) -> Flags:
    return np.zeros(count, dtype=bool) if given is None else np.asarray(given, dtype=bool)
