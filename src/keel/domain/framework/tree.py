"""Reading the tree: parents, parts, leaves in order, shares, and what a bucket inherits.

The first segment of a path names the dimension and is no bucket; the top level is the second segment.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules, combine, kind, replaced, word_tags
from keel.domain.issue import Finding, Severity
from keel.domain.policy.kinds import TRIGGERS, Band
from keel.errors import InvalidFrameworkError


def segments(path: str) -> tuple[str, ...]:
    """The words of a path.

    >>> segments("AssetClass/Equity/US")
    ('AssetClass', 'Equity', 'US')
    """
    return tuple(path.split("/"))


def dimension(path: str) -> str:
    """The word before the first bucket.

    >>> dimension("AssetClass/Equity")
    'AssetClass'
    """
    return path.partition("/")[0]


def parent(path: str) -> str | None:
    """The path of the bucket above; None at the top level.

    >>> parent("AssetClass/Equity/US"), parent("AssetClass/Equity")
    ('AssetClass/Equity', None)
    """
    above = path.rpartition("/")[0]
    return above if "/" in above else None


def line(path: str) -> tuple[str, ...]:
    """The paths from the top bucket down to this one.

    >>> line("AssetClass/Equity/US")
    ('AssetClass/Equity', 'AssetClass/Equity/US')
    """
    words = segments(path)
    return tuple("/".join(words[: n + 1]) for n in range(1, len(words)))


def within(path: str, above: str) -> bool:
    """True when ``path`` is ``above`` or lies under it.

    >>> within("AssetClass/Equity/US", "AssetClass/Equity"), within("AssetClass/Equity2", "AssetClass/Equity")
    (True, False)
    """
    return path == above or path.startswith(above + "/")


def families(framework: Framework) -> Mapping[str | None, tuple[Bucket, ...]]:
    """Every sibling set by the path of its parent (None for the top level), in the order of the framework."""
    sets: dict[str | None, list[Bucket]] = {}
    for bucket in framework.buckets:
        sets.setdefault(parent(bucket.path), []).append(bucket)
    return {path: tuple(parts) for path, parts in sets.items()}


def children(framework: Framework, path: str | None) -> tuple[Bucket, ...]:
    """The parts of a bucket, or the top level for None."""
    return tuple(b for b in framework.buckets if parent(b.path) == path)


def top(framework: Framework) -> tuple[Bucket, ...]:
    """The buckets of the top level."""
    return children(framework, None)


def ordered(framework: Framework) -> tuple[Bucket, ...]:
    """Every bucket with its parts right after it; siblings keep the framework's order.

    A bucket whose parent is missing comes at the end.
    """
    sets = families(framework)
    paths = {b.path for b in framework.buckets}
    seen: set[str] = set()

    def walk(path: str | None) -> Iterator[Bucket]:
        stack = list(reversed(sets.get(path, ())))
        while stack:
            bucket = stack.pop()
            yield bucket
            if bucket.path not in seen:
                seen.add(bucket.path)
                stack.extend(reversed(sets.get(bucket.path, ())))

    found = list(walk(None))
    for path in sets:
        if path is not None and path not in paths:
            found.extend(walk(path))
    return tuple(found)


def leaves(framework: Framework) -> tuple[Bucket, ...]:
    """The buckets without parts, in tree order."""
    inner = {parent(b.path) for b in framework.buckets}
    return tuple(b for b in ordered(framework) if b.path not in inner)


def subtree(framework: Framework, path: str) -> tuple[Bucket, ...]:
    """The bucket and everything under it, in tree order."""
    return tuple(b for b in ordered(framework) if within(b.path, path))


def find(framework: Framework, path: str) -> Bucket | None:
    """The bucket at a path, or None."""
    return next((b for b in framework.buckets if b.path == path), None)


def get(framework: Framework, path: str) -> Bucket:
    """The bucket at a path. Raises InvalidFrameworkError."""
    bucket = find(framework, path)
    if bucket is None:
        message = f"There is no bucket {path}."
        hint = "Choose a path of the framework."
        issue = Finding("unknown_bucket", Severity.error, path, message, hint)
        raise InvalidFrameworkError(message, issues=(issue,), hint=hint, subject=path)
    return bucket


def unused_bands(framework: Framework) -> tuple[str, ...]:
    """The labels of the buckets whose own band the policy never looks at, because it does not trade by bands.

    >>> from dataclasses import replace
    >>> from keel.domain.policy.kinds import Absolute
    >>> from keel.domain.policy.presets import PRESETS
    >>> one = Framework("One", (Bucket("A/B", "B", 1.0, band=Absolute(1200)),), rebalancing=PRESETS["annual"])
    >>> unused_bands(one), unused_bands(replace(one, rebalancing=PRESETS["abs_5pp"]))
    (('B',), ())
    """
    if TRIGGERS[framework.rebalancing.trigger].banded:
        return ()
    return tuple(bucket.label for bucket in framework.buckets if bucket.band is not None)


def effective_band(framework: Framework, path: str) -> Band | None:
    """The nearest band override at or above a bucket; None when the policy's band applies."""
    by_path = {b.path: b for b in framework.buckets}
    for above in reversed(line(path)):
        bucket = by_path.get(above)
        if bucket is not None and bucket.band is not None:
            return bucket.band
    return None


def effective_rules(framework: Framework, path: str) -> Rules:
    """What a bucket asks of a product with everything it inherits and the tags its path implies (see ``rules``)."""
    by_path = {b.path: b for b in framework.buckets}
    return combine((), levels(path, {p: b.rules for p, b in by_path.items()}))


def leaf_rules(framework: Framework) -> Mapping[str, Rules]:
    """``effective_rules`` of each leaf by its path, in tree order; a pass over the buckets for each is a square."""
    by_path = {b.path: b.rules for b in framework.buckets}
    return {leaf.path: combine((), levels(leaf.path, by_path)) for leaf in leaves(framework)}


def levels(path: str, rules: Mapping[str, Rules]) -> Iterator[Rules]:
    """What each bucket from the top down to ``path`` asks (see ``level``), by the rules of those that have some.

    >>> [level.include_tags for level in levels("AssetClass/Equity/US", {"AssetClass/Equity": Rules(("esg",))})]
    [('asset_class:equity', 'esg'), ('region:us',)]
    """
    return (level(each, rules.get(each, Rules())) for each in line(path))


def level(path: str, rules: Rules) -> Rules:
    """A bucket's own rules, with the tag that the last word of its path implies where they name none of its kind."""
    kinds = {kind(tag) for tag in rules.include_tags}
    return replace(rules, include_tags=(*(t for t in word_tags(path) if kind(t) not in kinds), *rules.include_tags))


def implied_too(inherited: Sequence[str], path: str) -> tuple[str, ...]:
    """Inherited tags with the one that the last word of a path implies in the place of its kind.

    >>> implied_too(("asset_class:equity", "region:global"), "AssetClass/Equity/US")
    ('asset_class:equity', 'region:us')
    """
    return replaced(inherited, word_tags(path))
