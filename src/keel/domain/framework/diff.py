"""What changed between two versions of a framework, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from keel.domain.constraints.words import limit_bound, limit_name
from keel.domain.framework.contents import rules_words
from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.tree import ordered
from keel.domain.policy.kinds import Band
from keel.domain.policy.words import describe, describe_band
from keel.units import MISSING, weight


class Kind(StrEnum):
    """What happened to a bucket or a field."""

    added = "added"
    removed = "removed"
    changed = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``path`` is empty for a field of the framework, ``field`` when a whole bucket came or went.

    ``before`` and ``after`` are words for a person; an en dash stands for none.
    """

    kind: Kind
    path: str
    label: str
    field: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """The change as a sentence without a full stop."""
        if self.kind is Kind.added:
            return f"{self.label} added at {self.after}"
        if self.kind is Kind.removed:
            return f"{self.label} removed (was {self.before})"
        return f"{self.label}: {self.field} {self.before} → {self.after}"


def diff(a: Framework, b: Framework) -> tuple[Change, ...]:
    """From ``a`` to ``b``: fields of the framework, then buckets in the order of ``b``, then those that are gone.

    >>> old = Framework("Mix", (Bucket("A/Stocks", "Stocks", 0.6), Bucket("A/Gold", "Gold", 0.4)))
    >>> new = Framework("Mix", (Bucket("A/Stocks", "Stocks", 0.55), Bucket("A/Bonds", "Bonds", 0.45)))
    >>> [str(change) for change in diff(old, new)]
    ['Stocks: target 60.0% → 55.0%', 'Bonds added at 45.0%', 'Gold removed (was 40.0%)']
    """
    return (*_framework_changes(a, b), *_bucket_changes(a, b))


def change_json(change: Change) -> dict[str, str]:
    """A change as plain values."""
    return {field.name: str(getattr(change, field.name)) for field in fields(change)}


def _framework_changes(a: Framework, b: Framework) -> Iterator[Change]:
    texts = (
        ("name", a.name, b.name),
        ("description", a.description, b.description),
        ("base currency", a.base_ccy, b.base_ccy),
        ("benchmark", a.benchmark, b.benchmark),
        ("risk band", a.risk_band, b.risk_band),
        ("method", a.method, b.method),
        ("profile", a.profile_id, b.profile_id),
    )
    for name, before, after in texts:
        if before != after:
            yield Change(Kind.changed, "", "Framework", name, before or MISSING, after or MISSING)
    if a.rebalancing != b.rebalancing:
        yield Change(Kind.changed, "", "Framework", "policy", describe(a.rebalancing), describe(b.rebalancing))
    yield from _limit_changes(a, b)


def _limit_changes(a: Framework, b: Framework) -> Iterator[Change]:
    """A change for each limit that came, went or asks for something else; their order is none."""
    old, new = ({limit_name(c): limit_bound(c) for c in framework.constraints} for framework in (a, b))
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name, MISSING), new.get(name, MISSING)
        if before != after:
            yield Change(Kind.changed, "", "Limit", name, before, after)


def _bucket_changes(a: Framework, b: Framework) -> Iterator[Change]:
    old = {bucket.path: bucket for bucket in a.buckets}
    new = {bucket.path: bucket for bucket in b.buckets}
    for bucket in ordered(b):
        before = old.get(bucket.path)
        if before is None:
            yield Change(Kind.added, bucket.path, bucket.label, after=weight(bucket.target_weight))
        else:
            yield from _field_changes(before, bucket)
    for bucket in ordered(a):
        if bucket.path not in new:
            yield Change(Kind.removed, bucket.path, bucket.label, before=weight(bucket.target_weight))


def _field_changes(a: Bucket, b: Bucket) -> Iterator[Change]:
    words = (
        ("label", a.label, b.label),
        ("target", weight(a.target_weight), weight(b.target_weight)),
        ("minimum", weight(a.min_weight), weight(b.min_weight)),
        ("maximum", weight(a.max_weight), weight(b.max_weight)),
        ("band", _band(a.band), _band(b.band)),
        ("lock", "locked" if a.locked else "open", "locked" if b.locked else "open"),
        ("rules", _listed(rules_words(a.rules)), _listed(rules_words(b.rules))),
        ("products", _holdings(a.holdings), _holdings(b.holdings)),
    )
    for name, before, after in words:
        if before != after:
            yield Change(Kind.changed, b.path, b.label, name, before, after)


def _band(band: Band | None) -> str:
    return "inherited" if band is None else describe_band(band)


def _holdings(holdings: tuple[Holding, ...]) -> str:
    return _listed([f"{h.symbol} {weight(h.share)}" for h in holdings])


def _listed(words: Sequence[str]) -> str:
    return "; ".join(words) or MISSING
