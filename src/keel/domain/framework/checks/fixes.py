"""One-click remedies for weights that do not fit: exact to 1e-9, respecting locks and limits."""

from __future__ import annotations

import math
from collections.abc import Sequence

from keel.domain.framework.editing import proportional, resized
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.tree import children, effective_band, subtree
from keel.domain.issue import Edit, Fix
from keel.domain.policy.kinds import FiveTwentyFive, half_width
from keel.units import WEIGHT_TOLERANCE, weight

DECIMALS = 12  # as many as the store keeps
LARGEST_TREE = 500  # beyond it nobody clicks, and building the edits would be slow
_TICKS = (0.05, 0.01, 0.005, 0.001)


def sum_fixes(framework: Framework, whole: Bucket | None, parts: Sequence[Bucket]) -> tuple[Fix, ...]:
    """The ways to make parts sum to the whole (None: 100%): one takes the difference, all scale, the whole gives in."""
    if len(framework.buckets) > LARGEST_TREE:
        return ()
    total = math.fsum(p.target_weight for p in parts)
    aim = 1.0 if whole is None else whole.target_weight
    found = (_one_part(framework, parts, aim - total), _all_parts(framework, parts, aim), _the_whole(whole, total))
    return tuple(fix for fix in found if fix is not None)


def _one_part(framework: Framework, parts: Sequence[Bucket], missing: float) -> Fix | None:
    """One part takes it all: one whose own parts then fit, else the one that ends roundest, else the last."""
    able = [p for p in parts if _free(framework, p) and _fits(p, p.target_weight + missing)]
    if not able:
        return None
    best = min(reversed(able), key=lambda p: _awkwardness(framework, p, p.target_weight + missing))
    edits = resized(framework, best.path, round(best.target_weight + missing, DECIMALS))
    verb = f"Add {weight(missing)} to" if missing > 0 else f"Take {weight(-missing)} from"
    return Fix(f"{verb} {best.label}", edits)


def _awkwardness(framework: Framework, bucket: Bucket, target: float) -> int:
    below = children(framework, bucket.path)
    if below and abs(math.fsum(b.target_weight for b in below) - target) <= WEIGHT_TOLERANCE:
        return -1
    return next((n for n, tick in enumerate(_TICKS) if abs(target / tick - round(target / tick)) < 1e-6), len(_TICKS))


def _all_parts(framework: Framework, parts: Sequence[Bucket], aim: float) -> Fix | None:
    free = [p for p in parts if _free(framework, p)]
    held = math.fsum(p.target_weight for p in parts if p not in free)
    if len(free) < 2 or aim - held < 0.0:
        return None
    now = [p.target_weight for p in free]
    scaled = proportional(now, aim - held)
    if not all(_fits(p, w) for p, w in zip(free, scaled, strict=True)):
        return None
    edits = [e for p, w in zip(free, scaled, strict=True) for e in resized(framework, p.path, w)]
    return Fix("Scale the parts" if math.fsum(now) > 0 else "Split it equally", tuple(edits))


def _the_whole(whole: Bucket | None, total: float) -> Fix | None:
    if whole is None or whole.locked or not _fits(whole, total):
        return None
    edit = Edit(whole.path, "target_weight", round(total, DECIMALS))
    return Fix(f"Set {whole.label} to {weight(total)}", (edit,))


def _free(framework: Framework, bucket: Bucket) -> bool:
    return not any(b.locked for b in subtree(framework, bucket.path))


def _fits(bucket: Bucket, target: float) -> bool:
    low = 0.0 if bucket.min_weight is None else bucket.min_weight
    high = 1.0 if bucket.max_weight is None else bucket.max_weight
    return max(low, 0.0) - WEIGHT_TOLERANCE <= target <= min(high, 1.0) + WEIGHT_TOLERANCE


def percent_fix(framework: Framework) -> tuple[Fix, ...]:
    """Reading every weight as percent, when that is plainly what was meant (the top level makes about 100)."""
    tops = [b.target_weight for b in framework.buckets if b.path.count("/") == 1]
    if not 99.0 <= math.fsum(t for t in tops if math.isfinite(t)) <= 101.0:
        return ()
    edits: list[Edit] = []
    for b in framework.buckets:
        edits.append(Edit(b.path, "target_weight", round(b.target_weight / 100, DECIMALS)))
        if b.min_weight is not None:
            edits.append(Edit(b.path, "min_weight", round(b.min_weight / 100, DECIMALS)))
        if b.max_weight is not None:
            edits.append(Edit(b.path, "max_weight", round(b.max_weight / 100, DECIMALS)))
    return (Fix("Read all weights as percent", tuple(edits)),)


def lower_minimum(bucket: Bucket) -> tuple[Fix, ...]:
    """Bringing the minimum down to the target."""
    edit = Edit(bucket.path, "min_weight", bucket.target_weight)
    return (Fix(f"Lower the minimum to {weight(bucket.target_weight)}", (edit,)),)


def raise_maximum(bucket: Bucket) -> tuple[Fix, ...]:
    """Bringing the maximum up to the target."""
    edit = Edit(bucket.path, "max_weight", bucket.target_weight)
    return (Fix(f"Raise the maximum to {weight(bucket.target_weight)}", (edit,)),)


def scale_limits(parts: Sequence[Bucket], aim: float, *, minimums: bool) -> tuple[Fix, ...]:
    """Scaling the minimums (or maximums) of siblings so that they fit their parent; targets stay inside."""
    if minimums:
        low = proportional([p.min_weight or 0.0 for p in parts], aim)
        lowered = [
            Edit(p.path, "min_weight", round(w, DECIMALS)) for p, w in zip(parts, low, strict=True) if p.min_weight
        ]
        return (Fix("Scale the minimums", tuple(lowered)),)
    high = proportional([p.max_weight or 0.0 for p in parts], aim)
    raised = [Edit(p.path, "max_weight", round(min(w, 1.0), DECIMALS)) for p, w in zip(parts, high, strict=True)]
    return (Fix("Scale the maximums", tuple(raised)),)


def room_above(framework: Framework, bucket: Bucket) -> tuple[Fix, ...]:
    """Raising a maximum that leaves no room to the upper edge of the bucket's band."""
    _, above = _widths(framework, bucket)
    aim = round(min(1.0, bucket.target_weight + above), DECIMALS)
    if aim <= bucket.target_weight + WEIGHT_TOLERANCE:
        return ()
    return (Fix(f"Raise the maximum to {weight(aim)}", (Edit(bucket.path, "max_weight", aim),)),)


def room_below(framework: Framework, bucket: Bucket) -> tuple[Fix, ...]:
    """Lowering a minimum that leaves no room to the lower edge of the bucket's band."""
    below, _ = _widths(framework, bucket)
    aim = round(max(0.0, bucket.target_weight - below), DECIMALS)
    if aim >= bucket.target_weight - WEIGHT_TOLERANCE:
        return ()
    return (Fix(f"Lower the minimum to {weight(aim)}", (Edit(bucket.path, "min_weight", aim),)),)


def _widths(framework: Framework, bucket: Bucket) -> tuple[float, float]:
    band = effective_band(framework, bucket.path) or framework.rebalancing.band or FiveTwentyFive()
    return half_width(band, bucket.target_weight)
