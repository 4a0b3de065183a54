"""The tree of a file made whole: missing inner buckets created, sums within 0.001 scaled exact; an edit's stays so."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from keel.domain.framework.checks.weights import apart
from keel.domain.framework.editing import path_fault
from keel.domain.framework.records import Bucket, Holding
from keel.domain.framework.tree import dimension, line, parent
from keel.domain.issue import Finding, Severity
from keel.domain.reading.place import Place
from keel.domain.reading.values import require_few
from keel.domain.text import plain
from keel.units import IMPORT_TOLERANCE, WEIGHT_TOLERANCE

MOST_BUCKETS = 2_000
MOST_PRODUCTS = 20_000  # in all its buckets


@dataclass(frozen=True, slots=True)
class Draft:
    """A bucket of a file: ``place`` is that of its target, which is ``given`` or left to be the sum of its parts."""

    bucket: Bucket
    given: bool
    place: Place


def finish(drafts: Sequence[Draft], place: Place) -> tuple[tuple[Bucket, ...], list[Finding]]:
    """The buckets with inner ones added, blank targets summed, and sums within 0.001 scaled with a warning."""
    complete = _with_inner(drafts, place)
    _require_bearable(complete, place)
    whole = _summed(complete)
    paths = [b.path for b in whole]
    finite = all(math.isfinite(b.target_weight) for b in whole)
    if len(set(paths)) < len(paths) or not finite or any(path_fault(p) for p in paths):
        return whole, []
    scaled, notes = _scaled(whole)
    finished = [_with_whole_shares(bucket) for bucket in scaled]
    return tuple(bucket for bucket, _ in finished), [*notes, *(note for _, more in finished for note in more)]


def as_given(drafts: Sequence[Draft], place: Place) -> tuple[tuple[Bucket, ...], list[Finding]]:
    """The buckets of an edit as they stand: none is added, summed or scaled, and every target must be there."""
    _require_bearable(drafts, place)
    for draft in drafts:
        if not draft.given:
            raise draft.place.error("the target is missing.", "Write a weight such as 0.6.")
    return tuple(draft.bucket for draft in drafts), []


def _require_bearable(drafts: Sequence[Draft], place: Place) -> None:
    """Raise when a tree has more than can be worked with."""
    require_few(len(drafts), MOST_BUCKETS, "buckets", place)
    require_few(sum(len(draft.bucket.holdings) for draft in drafts), MOST_PRODUCTS, "products", place)


def _with_inner(drafts: Sequence[Draft], place: Place) -> list[Draft]:
    """The drafts with one before the first child of every path that has none of its own."""
    known = {d.bucket.path for d in drafts}
    found: list[Draft] = []
    for draft in drafts:
        if not path_fault(draft.bucket.path):
            for above in line(draft.bucket.path)[:-1]:
                if above not in known:
                    known.add(above)
                    found.append(Draft(Bucket(above, above.rpartition("/")[2], 0.0), False, place))
        found.append(draft)
    return found


def _summed(drafts: Sequence[Draft]) -> tuple[Bucket, ...]:
    """The buckets, with the sum of its parts for each target that was left open."""
    sums: dict[str, list[float]] = {}
    targets: dict[int, float] = {}
    deepest_first = sorted(range(len(drafts)), key=lambda n: -drafts[n].bucket.path.count("/"))
    for n in deepest_first:
        draft = drafts[n]
        path = draft.bucket.path
        if not draft.given and path not in sums:
            raise draft.place.error("the target is missing.", "Write a weight such as 60% or 0.6.")
        targets[n] = draft.bucket.target_weight if draft.given else math.fsum(sums[path])
        above = parent(path)
        if above is not None:
            sums.setdefault(above, []).append(targets[n])
    return tuple(replace(d.bucket, target_weight=targets[n]) for n, d in enumerate(drafts))


def _scaled(buckets: tuple[Bucket, ...]) -> tuple[tuple[Bucket, ...], list[Finding]]:
    """Top down, one factor per sibling set; a set further than 0.001 from its parent stays as it is, for ``check``."""
    sets: dict[str | None, list[Bucket]] = {}
    for bucket in sorted(buckets, key=lambda b: b.path.count("/")):
        sets.setdefault(parent(bucket.path), []).append(bucket)
    filed: dict[str | None, float] = {None: 1.0} | {b.path: b.target_weight for b in buckets}
    now: dict[str | None, float] = dict(filed)
    notes: list[Finding] = []
    for above, parts in sets.items():
        total = math.fsum(p.target_weight for p in parts)
        if abs(total - filed[above]) > IMPORT_TOLERANCE + WEIGHT_TOLERANCE or total <= 0.0:
            continue
        if abs(total - filed[above]) > WEIGHT_TOLERANCE:
            made, wanted = apart(total, filed[above])
            subject = dimension(parts[0].path) if above is None else above
            message = f"The parts made {made}, not {wanted}, and were scaled."
            notes.append(Finding("scaled", Severity.warning, plain(subject, 120), message, "Check the weights."))
        if abs(total - now[above]) > WEIGHT_TOLERANCE:
            now |= {p.path: p.target_weight * (now[above] / total) for p in parts}
    return tuple(_retargeted(b, now) for b in buckets), notes


def _retargeted(bucket: Bucket, targets: Mapping[str | None, float]) -> Bucket:
    """The bucket with its new target; a limit that scaling alone would cross moves along."""
    old, new = bucket.target_weight, targets[bucket.path]
    if new == old:
        return bucket
    low, high = bucket.min_weight, bucket.max_weight
    return replace(
        bucket,
        target_weight=new,
        min_weight=new if low is not None and low <= old and low > new else low,
        max_weight=new if high is not None and old <= high < new else high,
    )


def _with_whole_shares(bucket: Bucket) -> tuple[Bucket, tuple[Finding, ...]]:
    """The bucket with the shares of its products scaled to one where they are within 0.001 of it."""
    total = math.fsum(h.share for h in bucket.holdings)
    off = abs(total - 1.0)
    if not bucket.holdings or off <= WEIGHT_TOLERANCE or not off <= IMPORT_TOLERANCE + WEIGHT_TOLERANCE:
        return bucket, ()
    made, wanted = apart(total, 1.0)
    message = f"The shares of its products made {made}, not {wanted}, and were scaled."
    note = Finding("scaled", Severity.warning, plain(bucket.path, 120), message, "Check the shares.")
    return replace(bucket, holdings=tuple(Holding(h.symbol, h.share / total) for h in bucket.holdings)), (note,)
