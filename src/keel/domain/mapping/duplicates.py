"""One product in several buckets: said, with the other products that could take its place in all but one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from keel.domain.issue import Finding, Fix
from keel.domain.mapping.matching import BucketSuggestions
from keel.domain.mapping.named import same_product
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.records import Pick, Picks


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap(Fix):
    """One click: another product for the bucket at ``path``."""

    path: str
    instrument: Instrument


def shared(buckets: Sequence[BucketSuggestions], picks: Picks) -> tuple[Finding, ...]:
    """A warning for each product that several buckets hold, with a swap for each of them but the largest."""
    holders: dict[str, list[tuple[BucketSuggestions, Pick]]] = {}
    for bucket in buckets:
        for pick in picks.get(bucket.path, ()):
            holders.setdefault(pick.instrument_id, []).append((bucket, pick))
    used = set(holders)
    return tuple(_finding(several, used) for several in holders.values() if len(several) > 1)


def _finding(several: Sequence[tuple[BucketSuggestions, Pick]], used: set[str]) -> Finding:
    largest = max(several, key=lambda held: held[0].target)
    others = [bucket for bucket, pick in several if (bucket, pick) != largest and not pick.locked]
    symbol = largest[1].symbol
    finding = same_product(symbol, largest[0].path, [bucket.label for bucket, _ in several])
    return replace(finding, fixes=tuple(_swaps(others, used)), step="mapping")


def _swaps(buckets: Sequence[BucketSuggestions], used: set[str]) -> Iterator[Swap]:
    """The best usable product of each bucket that no bucket holds yet, each offered once."""
    taken = set(used)
    for bucket in buckets:
        other = next((s.instrument for s in bucket.suggestions if s.usable and s.instrument.id not in taken), None)
        if other is not None:
            taken.add(other.id)
            yield Swap(label=f"Use {other.symbol} for {bucket.label}", path=bucket.path, instrument=other)
