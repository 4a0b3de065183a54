"""Two-level targets: the weight of each bucket, and in it the share of each product. Both live in the framework.

Every function returns a framework whose sums hold wherever those of the given one did; the old one stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from keel.domain.framework.editing import (
    add_bucket,
    path_for,
    proportional,
    remove_bucket,
    replace_bucket,
    resized,
    revise,
)
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.tree import children, get, parent
from keel.domain.issue import Edit
from keel.domain.text import plain
from keel.errors import InputError
from keel.units import pct


def set_classes(framework: Framework, targets: Mapping[str, float]) -> Framework:
    """The framework with the targets of some buckets by path, and what lies below each scaled with it.

    A bucket that is named itself keeps what is said of it. Raises InvalidFrameworkError for a path that is none,
    LockedHoldingError.

    >>> pair = Framework("Pair", (Bucket("A/S", "S", 0.6), Bucket("A/B", "B", 0.4)))
    >>> [b.target_weight for b in set_classes(pair, {"A/S": 0.7, "A/B": 0.3}).buckets]
    [0.7, 0.3]
    """
    for path in sorted(targets, key=lambda path: path.count("/")):
        framework = revise(framework, resized(framework, path, targets[path]))
    return framework


def set_holdings(framework: Framework, path: str, shares: Mapping[str, float]) -> Framework:
    """The framework with the products of one bucket without parts and their shares of it, in this order.

    Raises InvalidFrameworkError for a path that is none, InputError for a bucket that has parts and an empty symbol.
    """
    bucket = get(framework, path)
    if "" in shares:
        message = f"A product of {plain(bucket.label)} has no symbol."
        raise InputError(message, hint="Write its symbol, such as VTI.", subject=path)
    if shares and children(framework, path):
        message = f"{plain(bucket.label)} has parts: its products belong to these."
        raise InputError(message, hint="Give them to one of its parts.", subject=path)
    return replace_bucket(framework, replace(bucket, holdings=tuple(Holding(s, w) for s, w in shares.items())))


def with_class(framework: Framework, label: str, target: float) -> Framework:
    """The framework with one more bucket at the top, its last, for which the others make room in proportion.

    Locked buckets keep their weight. Raises InputError for an empty label, and a target that is no part of what is not
    locked.

    >>> pair = Framework("Pair", (Bucket("A/S", "S", 0.6), Bucket("A/B", "B", 0.4)))
    >>> [(b.path, round(b.target_weight, 12)) for b in with_class(pair, "Gold", 0.1).buckets]
    [('A/S', 0.54), ('A/B', 0.36), ('A/Gold', 0.1)]
    """
    name = label.strip()
    if not name:
        raise InputError("A bucket needs a name.", hint="Give it one.", subject="label")
    free = [b for b in children(framework, None) if not b.locked]
    room = sum(b.target_weight for b in free)
    if not 0.0 < target < room:
        message = f"The target is {pct(target)}; it must lie between 0% and the {pct(room)} that is not locked."
        raise InputError(message, hint="Give it another.", subject="target")
    smaller = revise(framework, _spread(framework, free, room - target))
    return add_bucket(smaller, Bucket(path_for(framework, None, name), name, target))


def without_class(framework: Framework, path: str) -> Framework:
    """The framework without a bucket, all below it and their products; its siblings share its weight in proportion.

    Without siblings the bucket above becomes one without parts. Raises InvalidFrameworkError, LockedHoldingError, and
    InputError for the only bucket.
    """
    bucket = get(framework, path)
    left = remove_bucket(framework, path)
    if not left.buckets:
        message = f"{plain(bucket.label)} is the only bucket."
        raise InputError(message, hint="Add another before deleting it.", subject=path)
    beside = [b for b in children(left, parent(path)) if not b.locked]
    room = bucket.target_weight + sum(b.target_weight for b in beside)
    return revise(left, _spread(left, beside, room))


def without_holding(framework: Framework, path: str, symbol: str) -> Framework:
    """The framework without a product of a bucket; the others share its part in proportion.

    Raises InvalidFrameworkError for a path that is none, InputError for a product that the bucket does not name.
    """
    bucket = get(framework, path)
    left = [holding for holding in bucket.holdings if holding.symbol != symbol]
    if len(left) == len(bucket.holdings):
        message = f"{plain(bucket.label)} does not name {plain(symbol)}."
        raise InputError(message, hint="Name one of its products.", subject=symbol)
    shares = proportional([holding.share for holding in left], 1.0) if left else ()
    kept = {holding.symbol: share for holding, share in zip(left, shares, strict=True)}
    return set_holdings(framework, path, kept)


def _spread(framework: Framework, buckets: list[Bucket], weight: float) -> tuple[Edit, ...]:
    """The edits that give the buckets this weight together, as they stand to each other."""
    shared = proportional([b.target_weight for b in buckets], weight) if buckets else ()
    return tuple(edit for b, w in zip(buckets, shared, strict=True) for edit in resized(framework, b.path, w))
