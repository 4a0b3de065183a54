"""A portfolio on a newer version of its framework: the picks that go along, those that do not, what is left open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.tree import leaves
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.records import Pick, Picks, Portfolio, by_path, from_picks


@dataclass(frozen=True, slots=True)
class Moved:
    """The picks by path on the newer version; ``dropped`` the older ones that are not among them.

    ``open`` are the buckets without parts that nothing fills: their part stays in cash.
    """

    picks: Mapping[str, tuple[Pick, ...]]
    dropped: tuple[Pick, ...]
    open: tuple[Bucket, ...]


def moved(portfolio: Portfolio, older: Framework, newer: Framework, known: Iterable[Instrument]) -> Moved:
    """The portfolio's picks of ``older`` on ``newer``, of the ``known`` instruments, by symbol and id.

    A bucket keeps its picks. Where the framework names other products for it than before, those come in their place,
    unless a pick is locked. A bucket one of whose instruments is not known any more is left out, as its shares would
    not sum to 1.
    """
    universe = tuple(known)
    ids = {i.symbol: i.id for i in reversed(universe)}
    every = {i.id for i in universe}
    before = {leaf.path: leaf.holdings for leaf in leaves(older)}
    now = by_path(portfolio.picks)
    picks: dict[str, tuple[Pick, ...]] = {}
    for leaf in leaves(newer):
        stay, own = now.get(leaf.path, ()), _named(leaf, ids)
        if any(pick.instrument_id not in every for pick in stay):
            stay = ()
        named_anew = leaf.holdings != before.get(leaf.path, ()) and not any(pick.locked for pick in stay)
        chosen = own if own and (named_anew or not stay) else stay
        if chosen:
            picks[leaf.path] = chosen
    there = {(pick.path, pick.instrument_id) for chosen in picks.values() for pick in chosen}
    return Moved(
        picks=picks,
        dropped=tuple(pick for pick in portfolio.picks if (pick.path, pick.instrument_id) not in there),
        open=tuple(leaf for leaf in leaves(newer) if leaf.path not in picks and not leaf.holdings),
    )


def onto(portfolio: Portfolio, newer: Framework, picks: Picks, known: Iterable[Instrument]) -> Portfolio:
    """The portfolio as those picks fill the newer version, not stored. Raises InputError, LockedHoldingError."""
    ids = {instrument.id for instrument in known}
    after = from_picks(newer, picks, portfolio.name, known=ids, previous=portfolio)
    return replace(after, id=portfolio.id, version=portfolio.version, weights=portfolio.weights)


def _named(leaf: Bucket, ids: Mapping[str, str]) -> tuple[Pick, ...]:
    """The products that a bucket names itself, none when one of them is not known."""
    if any(h.symbol not in ids for h in leaf.holdings):
        return ()
    return tuple(Pick(leaf.path, ids[h.symbol], h.symbol, h.share) for h in leaf.holdings)
