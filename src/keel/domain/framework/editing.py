"""Changing the tree: every function returns a new framework and leaves the old one as it was.

Edits may leave sums that do not hold; ``validation.check`` says so and offers fixes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from keel.domain.framework.records import Bucket, Constraint, Framework
from keel.domain.framework.tree import children, dimension, find, get, parent, segments, subtree, top, within
from keel.domain.issue import Edit, Finding, Severity
from keel.domain.text import has_controls, plain, shown
from keel.errors import InputError, InvalidFrameworkError, LockedHoldingError
from keel.units import WEIGHT_TOLERANCE

MAX_DEPTH = 12
MAX_PATH = 400


def revise(framework: Framework, edits: Iterable[Edit]) -> Framework:
    """The framework with the edits made. Raises for an unknown path, and LockedHoldingError for a locked target.

    >>> pair = Framework("Pair", (Bucket("A/Stocks", "Stocks", 0.6), Bucket("A/Bonds", "Bonds", 0.3)))
    >>> [b.target_weight for b in revise(pair, [Edit("A/Bonds", "target_weight", 0.4)]).buckets]
    [0.6, 0.4]
    """
    changed = {b.path: b for b in framework.buckets}
    for edit in edits:
        bucket = changed.get(edit.path) or get(framework, edit.path)
        changed[edit.path] = _edited(bucket, edit)
    return replace(framework, buckets=tuple(changed[b.path] for b in framework.buckets))


def _edited(bucket: Bucket, edit: Edit) -> Bucket:
    match edit.field:
        case "min_weight":
            return replace(bucket, min_weight=edit.value)
        case "max_weight":
            return replace(bucket, max_weight=edit.value)
        case "target_weight":
            if edit.value is None:
                raise InputError(f"{bucket.label} needs a target.", hint="Write 0 for none.", subject=bucket.path)
            if bucket.locked and edit.value != bucket.target_weight:
                raise LockedHoldingError(f"{bucket.label} is locked.", hint="Unlock it first.", subject=bucket.path)
            return replace(bucket, target_weight=edit.value)


def replace_bucket(framework: Framework, bucket: Bucket) -> Framework:
    """The framework with the bucket of the same path replaced (label, band, rules, lock, products, limits)."""
    get(framework, bucket.path)
    return replace(framework, buckets=tuple(bucket if b.path == bucket.path else b for b in framework.buckets))


def path_for(framework: Framework, above: str | None, label: str, prefix: str = "AssetClass") -> str:
    """A free path under ``above`` for a new bucket; at the top level under the framework's dimension, else ``prefix``.

    >>> path_for(Framework("Empty"), None, "Real estate / land")
    'AssetClass/Real estate - land'
    """
    if above is None:
        tops = top(framework)
        above = dimension(tops[0].path) if tops else prefix
    word = " ".join(label.replace("/", "-").split()) or "Bucket"
    taken = {b.path for b in framework.buckets}
    path, n = f"{above}/{word}", 1
    while path in taken:
        n += 1
        path = f"{above}/{word} {n}"
    return path


def add_bucket(framework: Framework, bucket: Bucket, position: int | None = None) -> Framework:
    """The framework with one more bucket, after its siblings or at ``position`` among them.

    Raises InvalidFrameworkError when the path is taken, malformed, or names a parent that does not exist.
    """
    _require_path(framework, bucket.path)
    return _placed(framework, (replace(bucket, label=bucket.label.strip()),), position)


def remove_bucket(framework: Framework, path: str) -> Framework:
    """The framework without the bucket, everything under it, and the constraints scoped to them.

    Raises LockedHoldingError when one of them is locked.
    """
    get(framework, path)
    for bucket in subtree(framework, path):
        if bucket.locked:
            raise LockedHoldingError(f"{bucket.label} is locked.", hint="Unlock it first.", subject=bucket.path)
    return replace(
        framework,
        buckets=tuple(b for b in framework.buckets if not within(b.path, path)),
        constraints=tuple(c for c in framework.constraints if not (c.scope and within(c.scope, path))),
    )


def rename_bucket(framework: Framework, path: str, label: str, word: str | None = None) -> Framework:
    """The framework with a new label; with ``word`` also a new last segment, for the bucket and everything under it."""
    label = " ".join(label.split())
    if not label:
        raise InputError("A bucket needs a name.", hint="Write a label.", subject=path)
    renamed = replace_bucket(framework, replace(get(framework, path), label=label))
    if word is None or word == segments(path)[-1]:
        return renamed
    target = f"{path.rpartition('/')[0]}/{word}"
    _require_path(renamed, target)
    return _repathed(renamed, path, target)


def move_bucket(framework: Framework, path: str, above: str | None, position: int | None = None) -> Framework:
    """The framework with the bucket and everything under it placed below ``above`` (None: at the top level).

    Raises InvalidFrameworkError when that would put a bucket under itself or on a path that is taken.
    """
    bucket = get(framework, path)
    if above is not None and within(above, path):
        raise _refused("bad_parent", path, f"{bucket.label} cannot be moved under itself.", "Choose another parent.")
    start = dimension(path) if above is None else above
    target = f"{start}/{segments(path)[-1]}"
    if target != path:
        _require_path(framework, target)
    moved = _repathed(framework, path, target)
    block = subtree(moved, target)
    taken_out = replace(moved, buckets=tuple(b for b in moved.buckets if not within(b.path, target)))
    return _placed(taken_out, block, position)


def rest(framework: Framework, path: str) -> float:
    """What the parts of a bucket leave of its target, 0 without parts or where they make it up."""
    parts = [bucket.target_weight for bucket in children(framework, path)]
    left = get(framework, path).target_weight - math.fsum(parts) if parts else 0.0
    return round(left, 12) if left > WEIGHT_TOLERANCE else 0.0


def keep_rest(framework: Framework, path: str) -> Framework:
    """The framework with what the parts of a bucket leave of its target as one more part, which asks what it asks.

    >>> cash = Bucket("A/Bonds/Cash", "Cash", 0.05)
    >>> nested = Framework("Nested", (Bucket("A/Bonds", "Bonds", 0.35), cash))
    >>> kept = keep_rest(nested, "A/Bonds").buckets[-1]
    >>> kept.label, round(kept.target_weight, 9)
    ('Other Bonds', 0.3)
    """
    left, label = rest(framework, path), f"Other {get(framework, path).label}"
    if not left:
        return framework
    return add_bucket(framework, Bucket(path_for(framework, path, label), label, left))


def duplicate_bucket(framework: Framework, path: str) -> Framework:
    """The framework with a copy of the bucket and its parts after it: targets of 0 and no limits, so that sums hold."""
    bucket = get(framework, path)
    target = path_for(framework, path.rpartition("/")[0], segments(path)[-1] + " copy")
    copies = tuple(
        replace(b, path=target + b.path[len(path) :], target_weight=0.0, min_weight=None, max_weight=None, locked=False)
        for b in subtree(framework, path)
    )
    named = (replace(copies[0], label=f"{bucket.label}{target[len(path) :]}"), *copies[1:])
    siblings = [b.path for b in children(framework, parent(path))]
    return _placed(framework, named, siblings.index(path) + 1)


def put_constraint(framework: Framework, place: int | None, constraint: Constraint) -> Framework:
    """The framework with a constraint in the place of another, after the others without a place.

    >>> one = put_constraint(Framework("One"), None, Constraint("min_bonds", 0.4))
    >>> [c.value for c in put_constraint(one, 0, Constraint("min_bonds", 40)).constraints]
    [40]
    """
    limits = list(framework.constraints)
    if place is None:
        limits.append(constraint)
    elif place < len(limits):
        limits[place] = constraint
    return replace(framework, constraints=tuple(limits))


def remove_constraint(framework: Framework, place: int) -> Framework:
    """The framework without the constraint at a place."""
    limits = framework.constraints
    return replace(framework, constraints=(*limits[:place], *limits[place + 1 :]))


def resized(framework: Framework, path: str, target: float) -> tuple[Edit, ...]:
    """The edits that set a bucket's target and scale everything under it, so that the sums below still hold."""
    bucket = get(framework, path)
    below = children(framework, path)
    edits = [Edit(path, "target_weight", target)]
    for part, weight in zip(below, proportional([b.target_weight for b in below], target), strict=True):
        edits.extend(resized(framework, part.path, weight))
    return tuple(edits) if target != bucket.target_weight else ()


def proportional(parts: Sequence[float], total: float) -> tuple[float, ...]:
    """The parts scaled so that they sum to ``total``; equal parts when all are 0.

    >>> [round(x, 6) for x in proportional([0.333, 0.333, 0.333], 1.0)], proportional([0.0, 0.0], 0.5)
    ([0.333333, 0.333333, 0.333333], (0.25, 0.25))
    """
    now = math.fsum(parts)
    if now <= 0.0:
        return tuple(total / len(parts) for _ in parts)
    return tuple(part * (total / now) for part in parts)


def _placed(framework: Framework, block: tuple[Bucket, ...], position: int | None) -> Framework:
    """The framework with a block of buckets inserted among the siblings of its first one."""
    siblings = children(framework, parent(block[0].path))
    if position is None or position >= len(siblings):
        return replace(framework, buckets=(*framework.buckets, *block))
    at = framework.buckets.index(siblings[max(0, position)])
    return replace(framework, buckets=(*framework.buckets[:at], *block, *framework.buckets[at:]))


def _repathed(framework: Framework, old: str, new: str) -> Framework:
    def moved(path: str) -> str:
        return new + path[len(old) :] if path and within(path, old) else path

    return replace(
        framework,
        buckets=tuple(replace(b, path=moved(b.path)) for b in framework.buckets),
        constraints=tuple(replace(c, scope=moved(c.scope)) for c in framework.constraints),
    )


def path_fault(path: str) -> str:
    """What is wrong with the form of a path, empty when nothing is.

    >>> path_fault("AssetClass/Equity"), path_fault("Equity")
    ('', 'a path needs a dimension and a name, such as AssetClass/Equity')
    """
    words = segments(path)
    if len(words) < 2:
        return "a path needs a dimension and a name, such as AssetClass/Equity"
    if any(not w or w != w.strip() for w in words):
        return "a path has no empty part and no blanks beside a slash"
    if has_controls(path):
        return "a path holds no control characters"
    if len(words) > MAX_DEPTH or len(path) > MAX_PATH:
        return f"a path has at most {MAX_DEPTH} parts and {MAX_PATH} characters"
    return ""


def _require_path(framework: Framework, path: str) -> None:
    fault = path_fault(path)
    if fault:
        raise _refused(
            "bad_path", plain(path, 80), f"The path {shown(path)} cannot be used: {fault}.", "Correct the path."
        )
    above = parent(path)
    if above is not None and find(framework, above) is None:
        message = f"{path} names a parent that does not exist: {above}."
        raise _refused("missing_parent", path, message, f"Add {above} first.")
    if find(framework, path) is not None:
        raise _refused("duplicate_path", path, f"There is already a bucket {path}.", "Choose another name.")


def _refused(code: str, subject: str, message: str, hint: str) -> InvalidFrameworkError:
    issue = Finding(code, Severity.error, subject, message, hint)
    return InvalidFrameworkError(message, issues=(issue,), hint=hint, subject=subject)
