"""The picks being chosen on the mapping page, before they are accepted. Pure: dictionaries in, dictionaries out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from keel.domain.mapping.matching import BucketSuggestions, best_picks
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.records import Pick, Portfolio

Draft = Mapping[str, tuple[Pick, ...]]


def first(
    buckets: Sequence[BucketSuggestions],
    portfolio: Portfolio | None,
    carried: Draft,
    held: Mapping[str, Sequence[tuple[Instrument, float]]],
) -> dict[str, tuple[Pick, ...]]:
    """The picks to start from, by path: the portfolio's; else the first there is of those ``carried`` over from an
    earlier version, the bucket's own holdings (``held``), and the best.

    The best is a suggestion that has prices; without one the bucket starts in cash, and so does one whose own holdings
    are not known (an empty list in ``held``).
    """
    kept: dict[str, tuple[Pick, ...]] = {}
    best = best_picks(buckets)
    held_now: dict[str, list[Pick]] = {}
    for each in portfolio.picks if portfolio is not None else ():
        held_now.setdefault(each.path, []).append(each)
    for bucket in buckets:
        if portfolio is not None:
            kept[bucket.path] = tuple(held_now.get(bucket.path, ()))
        elif bucket.path in carried:
            kept[bucket.path] = carried[bucket.path]
        elif bucket.path in held:
            kept[bucket.path] = tuple(pick(bucket.path, instrument, share) for instrument, share in held[bucket.path])
        else:
            kept[bucket.path] = best.get(bucket.path, ())
    return kept


def pick(path: str, instrument: Instrument, share: float, *, locked: bool = False) -> Pick:
    """One product for a bucket."""
    return Pick(path, instrument.id, instrument.symbol, share, locked)


def lock(picks: tuple[Pick, ...], locked: bool) -> tuple[Pick, ...]:
    """The same picks, locked or free."""
    return tuple(replace(p, locked=locked) for p in picks)


def is_locked(picks: Iterable[Pick]) -> bool:
    """Whether any pick is locked.

    >>> is_locked(())
    False
    """
    return any(p.locked for p in picks)


def filled(draft: Draft) -> int:
    """How many buckets have a product."""
    return sum(bool(picks) for picks in draft.values())


def in_cash(buckets: Iterable[BucketSuggestions], draft: Draft) -> float:
    """The part of the portfolio that stays in cash."""
    return sum(bucket.target for bucket in buckets if not draft.get(bucket.path))


def same(draft: Draft, portfolio: Portfolio | None) -> bool:
    """Whether the draft is what the portfolio holds."""
    if portfolio is None:
        return False
    return sorted(_key(p) for picks in draft.values() for p in picks) == sorted(_key(p) for p in portfolio.picks)


def held(draft: Draft, portfolio: Portfolio | None, path: str) -> bool:
    """Whether the portfolio holds a bucket's picks as the draft has them."""
    if portfolio is None:
        return False
    stored = (p for p in portfolio.picks if p.path == path)
    return sorted(map(_key, draft.get(path, ()))) == sorted(map(_key, stored))


def _key(p: Pick) -> tuple[str, str, float, bool]:
    return (p.path, p.instrument_id, round(p.share, 9), p.locked)


def waiting(buckets: Iterable[BucketSuggestions], draft: Draft, accepted: Collection[str]) -> int:
    """How many buckets with a product are not accepted yet."""
    return sum(bool(draft.get(bucket.path)) and bucket.path not in accepted for bucket in buckets)
