"""A portfolio: picks for the buckets of one framework version."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from keel.domain.framework.records import Bucket, Framework, Holding
from keel.domain.framework.tree import leaves
from keel.domain.portfolio.score_weights import USUAL, ScoreWeights
from keel.errors import InputError, InstrumentNotFoundError, LockedHoldingError
from keel.units import WEIGHT_TOLERANCE, pct


@dataclass(frozen=True, slots=True)
class Pick:
    """One instrument accepted for a bucket; ``share`` is its fraction of the bucket."""

    path: str
    instrument_id: str
    symbol: str
    share: float
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Portfolio:
    """The accepted mapping of one framework version; a bucket without a pick stays in cash.

    Its id stays while it changes: ``version`` counts the changes, 0 until it is stored. ``weights`` are those of the
    score that its products were ranked by.
    """

    name: str
    framework_id: str
    framework_version: int
    picks: tuple[Pick, ...] = ()
    id: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    version: int = 0
    weights: ScoreWeights = USUAL


Picks = Mapping[str, Sequence[Pick]]


def pick_json(pick: Pick) -> dict[str, object]:
    """A pick as plain values.

    >>> pick_json(Pick("A/Gold", "us-gld", "GLD", 1.0))["symbol"]
    'GLD'
    """
    return {
        "path": pick.path,
        "instrument_id": pick.instrument_id,
        "symbol": pick.symbol,
        "share": pick.share,
        "locked": pick.locked,
    }


def from_picks(
    framework: Framework,
    picks: Picks,
    name: str = "",
    *,
    known: Collection[str] | None = None,
    previous: Portfolio | None = None,
) -> Portfolio:
    """The portfolio of all buckets' picks at once, in tree order; not stored yet.

    Picks stand under the path of a leaf, their shares sum to 1 within 1e-9, an instrument comes once a bucket and its
    id is among ``known``. A locked pick of ``previous`` must stay as it is (LockedHoldingError); one comes unlocked by
    being given again without its lock. Raises InputError and InstrumentNotFoundError, naming bucket or symbol.
    """
    ends = {leaf.path: leaf for leaf in leaves(framework)}
    for path, chosen in picks.items():
        _require_bucket(ends, path, framework)
        _require_shares(ends[path], chosen)
        _require_known(chosen, known)
    ordered = tuple(replace(pick, path=path) for path in ends for pick in picks.get(path, ()))
    _require_locks(previous, ordered, ends)
    return Portfolio(name or framework.name, framework.id, framework.version, ordered)


def by_path(picks: Iterable[Pick]) -> Mapping[str, tuple[Pick, ...]]:
    """The picks of each bucket, in their order."""
    found: dict[str, tuple[Pick, ...]] = {}
    for pick in picks:
        found[pick.path] = (*found.get(pick.path, ()), pick)
    return found


def holdings(portfolio: Portfolio) -> Mapping[str, tuple[Holding, ...]]:
    """The picks as a book takes them: symbols and shares by path."""
    grouped = by_path(portfolio.picks)
    return {path: tuple(Holding(pick.symbol, pick.share) for pick in picks) for path, picks in grouped.items()}


def overridden(framework: Framework, picks: Picks, weights: Mapping[str, float]) -> Mapping[str, tuple[Pick, ...]]:
    """The picks with the weights of the named instruments (id or symbol → fraction of the whole) set.

    The other picks of a bucket share what is left of its target in proportion. Raises InputError when an instrument is
    not picked, or in several buckets, or the weights do not fit the bucket's target; LockedHoldingError for a lock.
    """
    ends = {leaf.path: leaf for leaf in leaves(framework)}
    found = {path: tuple(chosen) for path, chosen in picks.items()}
    named: dict[str, dict[str, float]] = {}
    for key, weight in weights.items():
        path, pick = _only(found, key)
        if pick.locked:
            raise LockedHoldingError(f"{pick.symbol} is locked.", hint="Unlock it first.", subject=pick.symbol)
        if not (math.isfinite(weight) and 0 <= weight <= 1):
            raise InputError(f"The weight of {key} is {weight}; it lies between 0 and 1.", subject=key)
        named.setdefault(path, {})[pick.instrument_id] = weight
    for path, wanted in named.items():
        _require_bucket(ends, path, framework)
        found[path] = _reshared(ends[path], found[path], wanted)
    return found


def _only(picks: Mapping[str, tuple[Pick, ...]], key: str) -> tuple[str, Pick]:
    """Where an instrument is picked, which must be one bucket."""
    places = [(path, p) for path, chosen in picks.items() for p in chosen if key in (p.instrument_id, p.symbol)]
    if len(places) != 1:
        what = "is not picked for any bucket" if not places else "is picked for several buckets"
        raise InputError(f"{key} {what}.", hint="Set its share in the bucket instead.", subject=key)
    return places[0]


def _reshared(leaf: Bucket, chosen: tuple[Pick, ...], wanted: Mapping[str, float]) -> tuple[Pick, ...]:
    """A bucket's picks with the wanted weights; the rest scaled into what is left, zero shares dropped."""
    target, fixed = leaf.target_weight, math.fsum(wanted.values())
    free = [pick for pick in chosen if pick.instrument_id not in wanted]
    left = target - fixed
    open_share = math.fsum(pick.share for pick in free if not pick.locked)
    locked = math.fsum(pick.share for pick in free if pick.locked) * target
    spare = left - locked
    if target <= 0 or spare < -WEIGHT_TOLERANCE or (open_share <= 0 and abs(spare) > WEIGHT_TOLERANCE):
        raise InputError(
            f"{leaf.label} is {pct(target)} of the portfolio; its products cannot make {pct(fixed + locked)}.",
            hint=f"Choose weights that sum to {pct(target)}.",
            subject=leaf.path,
        )
    made = []
    for pick in chosen:
        share = pick.share
        if pick.instrument_id in wanted:
            share = wanted[pick.instrument_id] / target
        elif not pick.locked:
            share = pick.share * max(0.0, spare) / target / open_share
        if share > WEIGHT_TOLERANCE:
            made.append(replace(pick, share=share))
    return tuple(made)


def _require_bucket(ends: Mapping[str, Bucket], path: str, framework: Framework) -> None:
    if path not in ends:
        raise InputError(
            f"{path} is no bucket without parts of {framework.name}, version {framework.version}.",
            hint="Pick products for the last buckets of each branch.",
            subject=path,
        )


def _require_shares(leaf: Bucket, chosen: Sequence[Pick]) -> None:
    ids = [pick.instrument_id for pick in chosen]
    twice = next((pick.symbol for n, pick in enumerate(chosen) if pick.instrument_id in ids[:n]), None)
    if twice is not None:
        raise InputError(f"{leaf.label} holds {twice} twice.", hint="Give it one share.", subject=leaf.path)
    wrong = next((pick for pick in chosen if not (math.isfinite(pick.share) and 0 < pick.share <= 1 + 1e-9)), None)
    if wrong is not None:
        raise InputError(
            f"The share of {wrong.symbol} in {leaf.label} is {pct(wrong.share)}.",
            hint="A share lies between 0% and 100%.",
            subject=leaf.path,
        )
    total = math.fsum(pick.share for pick in chosen)
    if chosen and abs(total - 1) > WEIGHT_TOLERANCE:
        raise InputError(
            f"The products of {leaf.label} make {pct(total)} of it, not 100.0%.",
            hint="Change their shares so that they sum to 100%.",
            subject=leaf.path,
        )


def _require_known(chosen: Sequence[Pick], known: Collection[str] | None) -> None:
    for pick in chosen:
        if known is not None and pick.instrument_id not in known:
            raise InstrumentNotFoundError(
                f"There is no instrument {pick.symbol or pick.instrument_id} in the universe.",
                hint="Choose one of the suggestions or import it.",
                subject=pick.symbol or pick.instrument_id,
            )


def _require_locks(previous: Portfolio | None, picks: Sequence[Pick], ends: Mapping[str, Bucket]) -> None:
    """Every locked pick of before is there with the same share, unless its bucket is gone."""
    now = {(pick.path, pick.instrument_id): pick.share for pick in picks}
    for pick in previous.picks if previous else ():
        share = now.get((pick.path, pick.instrument_id))
        same = share is not None and abs(share - pick.share) <= WEIGHT_TOLERANCE
        if pick.locked and pick.path in ends and not same:
            raise LockedHoldingError(
                f"{pick.symbol} is locked at {pct(pick.share)} of {ends[pick.path].label}.",
                hint="Unlock it before changing the bucket.",
                subject=pick.path,
            )
