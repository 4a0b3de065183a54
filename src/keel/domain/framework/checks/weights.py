"""Issues of weights: sums per sibling set, ranges, limits, shares, bands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from keel.domain.framework.checks import fixes
from keel.domain.framework.editing import MAX_PATH
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.tree import dimension, families
from keel.domain.issue import Finding, Fix, Severity
from keel.domain.policy.kinds import half_width
from keel.domain.policy.records import require_band
from keel.domain.text import plain, shown
from keel.errors import InvalidPolicyError
from keel.units import WEIGHT_TOLERANCE, pct, weight


def issues(framework: Framework) -> Iterator[Finding]:
    """Everything about weights, bucket by bucket and sibling set by sibling set."""
    by_path = {b.path: b for b in framework.buckets}
    sets = families(framework)
    for path, parts in sets.items():
        whole = by_path.get(path) if path is not None else None
        if path is None or whole is not None:
            yield from _set_issues(framework, whole, parts)
    for bucket in framework.buckets:
        yield from _range_issues(framework, bucket)
        yield from _limit_issues(framework, bucket)
        yield from _share_issues(bucket, inner=bucket.path in sets)
        yield from _band_issues(bucket)
    yield from _policy_band_issues(framework)


def apart(a: float, b: float) -> tuple[str, str]:
    """Two weights as percent, with the decimals that it takes to tell them apart.

    >>> apart(0.58, 0.6), apart(0.99999999, 1.0)
    (('58.0%', '60.0%'), ('99.999999%', '100.000000%'))
    """
    if abs(a - b) >= 1e-6:
        return weight(a), weight(b)
    digits = next((d for d in range(5, 10) if pct(a, d) != pct(b, d)), 10)
    return pct(a, digits), pct(b, digits)


def _error(code: str, subject: str, message: str, fix: str, remedies: tuple[Fix, ...] = ()) -> Finding:
    return Finding(code, Severity.error, subject, message, fix, remedies)


def _subject(bucket: Bucket) -> str:
    return plain(bucket.path, MAX_PATH)


def _set_issues(framework: Framework, whole: Bucket | None, parts: Sequence[Bucket]) -> Iterator[Finding]:
    targets = [p.target_weight for p in parts]
    if not all(math.isfinite(t) for t in targets) or (whole and not math.isfinite(whole.target_weight)):
        return  # the range check says it
    aim = whole.target_weight if whole else 1.0
    subject = _subject(whole) if whole else plain(dimension(parts[0].path))
    total = math.fsum(targets)
    if abs(total - aim) > WEIGHT_TOLERANCE:
        made, wanted = apart(total, aim)
        message = (
            f"Its parts make {made}, the bucket is {wanted}."
            if whole
            else f"The buckets make {made}, the whole is {wanted}."
        )
        gap = f"{'Add' if total < aim else 'Take away'} {apart(abs(aim - total), 0.0)[0]}."
        unique = len({b.path for b in framework.buckets}) == len(framework.buckets)
        in_range = all(0.0 <= t <= 1.0 for t in targets)
        remedies = fixes.sum_fixes(framework, whole, parts) if unique and in_range else ()
        yield _error("sum", subject, message, gap, remedies)
    yield from _sibling_limit_issues(whole, parts, aim, subject)


def _sibling_limit_issues(whole: Bucket | None, parts: Sequence[Bucket], aim: float, subject: str) -> Iterator[Finding]:
    name = "the bucket" if whole else "the whole"
    owner = "its parts" if whole else "the buckets"
    limits = [w for p in parts for w in (p.min_weight, p.max_weight) if w is not None]
    if not all(math.isfinite(w) for w in limits):
        return
    low = math.fsum(p.min_weight or 0.0 for p in parts)
    if low > aim + WEIGHT_TOLERANCE:
        made, wanted = apart(low, aim)
        message = f"The minimums of {owner} make {made}, {name} is only {wanted}."
        remedies = fixes.scale_limits(parts, aim, minimums=True)
        yield _error("minimums_too_high", subject, message, "Lower the minimums.", remedies)
    if any(p.max_weight is None for p in parts):
        return
    high = math.fsum(p.max_weight or 0.0 for p in parts)
    if high < aim - WEIGHT_TOLERANCE:
        made, wanted = apart(high, aim)
        message = f"The maximums of {owner} make only {made}, {name} is {wanted}."
        remedies = fixes.scale_limits(parts, aim, minimums=False)
        yield _error("maximums_too_low", subject, message, "Raise the maximums.", remedies)


def _range_issues(framework: Framework, bucket: Bucket) -> Iterator[Finding]:
    named = (("target", bucket.target_weight), ("minimum", bucket.min_weight), ("maximum", bucket.max_weight))
    for name, value in named:
        if value is None or 0.0 <= value <= 1.0:
            continue
        seen = f"{value:g} ({pct(value)})" if math.isfinite(value) else "not a number"
        fix = "Write 60% or 0.6."
        remedies: tuple[Fix, ...] = ()
        if name == "target" and 1.0 < value <= 100.0:
            fix = f"Write {value:g}% or {value / 100:g} if percent was meant."
            remedies = fixes.percent_fix(framework)
        message = f"The {name} is {seen}; a weight lies between 0 and 1 (0% to 100%)."
        yield _error("weight_out_of_range", _subject(bucket), message, fix, remedies)


def _limit_issues(framework: Framework, bucket: Bucket) -> Iterator[Finding]:
    target, low, high = bucket.target_weight, bucket.min_weight, bucket.max_weight
    if low is not None and low > target + WEIGHT_TOLERANCE:
        least, now = apart(low, target)
        message = f"The minimum {least} is above the target {now}."
        yield _error("min_above_target", _subject(bucket), message, "Lower the minimum.", fixes.lower_minimum(bucket))
    if high is not None and target > high + WEIGHT_TOLERANCE:
        most, now = apart(high, target)
        message = f"The target {now} is above the maximum {most}."
        yield _error("target_above_max", _subject(bucket), message, "Raise the maximum.", fixes.raise_maximum(bucket))
    if not 0.0 < target < 1.0:
        return
    if high is not None and abs(high - target) <= WEIGHT_TOLERANCE:
        message = f"The target is already at its maximum, {weight(high)}, so any rise breaks the limit."
        remedies = fixes.room_above(framework, bucket)
        yield Finding("at_maximum", Severity.warning, _subject(bucket), message, "Raise the maximum.", remedies)
    if low is not None and abs(low - target) <= WEIGHT_TOLERANCE:
        message = f"The target is already at its minimum, {weight(low)}, so any fall breaks the limit."
        remedies = fixes.room_below(framework, bucket)
        yield Finding("at_minimum", Severity.warning, _subject(bucket), message, "Lower the minimum.", remedies)


def _share_issues(bucket: Bucket, *, inner: bool) -> Iterator[Finding]:
    held = bucket.holdings
    if not held:
        return
    if inner:
        message = f"{plain(bucket.label)} has parts, so its own products ({shown(held[0].symbol)}) are not used."
        yield Finding("unused_products", Severity.warning, _subject(bucket), message, "Move them to a part.")
    for symbol, count in Counter(h.symbol for h in held).items():
        if count > 1:
            message = f"{shown(symbol)} is listed {count} times."
            yield _error("duplicate_holding", _subject(bucket), message, "List a product once in a bucket.")
    wrong = [h for h in held if not 0.0 <= h.share <= 1.0]
    for h in wrong:
        seen = pct(h.share) if math.isfinite(h.share) else "not a number"
        message = f"The share of {shown(h.symbol)} is {seen}; a share lies between 0% and 100%."
        yield _error("share_out_of_range", _subject(bucket), message, "Write 60% or 0.6.")
    total = math.fsum(h.share for h in held) if not wrong else 1.0
    if abs(total - 1.0) > WEIGHT_TOLERANCE:
        made, wanted = apart(total, 1.0)
        message = f"The shares of its products make {made}, not {wanted}."
        yield _error("shares", _subject(bucket), message, "Correct the shares.")


def _band_issues(bucket: Bucket) -> Iterator[Finding]:
    if bucket.band is None:
        return
    try:
        require_band(bucket.band)
    except InvalidPolicyError as error:
        yield _error("invalid_band", _subject(bucket), error.message, error.hint)
        return
    if bucket.target_weight > 0 and min(half_width(bucket.band, bucket.target_weight)) <= 0.0:
        message = f"The band of {plain(bucket.label)} is 0, so any drift triggers a rebalance."
        yield Finding("zero_band", Severity.warning, _subject(bucket), message, "Widen the band.")


def _policy_band_issues(framework: Framework) -> Iterator[Finding]:
    band = framework.rebalancing.band
    if band is not None and min(half_width(band, 1.0)) <= 0.0:
        message = "The policy's band is 0, so any drift triggers a rebalance."
        yield Finding("zero_band", Severity.warning, "rebalancing.band", message, "Widen the band.")
