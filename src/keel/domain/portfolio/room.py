"""Room: what the shares of a split have to fit into, each product's bounds and what limits leave all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.constraints.candidates import Ceiling, Limited
from keel.domain.constraints.types import TYPES
from keel.domain.framework.records import Bucket, Framework
from keel.domain.issue import Finding, Severity
from keel.domain.market.instrument import Instrument
from keel.domain.portfolio.split import Bounds
from keel.domain.text import some
from keel.errors import InputError
from keel.units import WEIGHT_TOLERANCE, weight

NEAR = 1e-6  # of a mean: what a solver leaves, and no written digit shows
STEEPEST = 25.0  # the exponent by which the dearest product is held against the cheapest
HALVINGS = 56  # what a float tells apart, and a few
ROUNDS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Mean:
    """A limit of a ``type`` on the mean of a fact over the shares: ``values`` (k,) come to ``most`` at most.

    A value that is not known counts as 0; ``unknown`` are the symbols of those.
    """

    type: str
    values: Floats
    most: float
    unknown: tuple[str, ...] = ()

    def of(self, shares: Floats) -> float:
        """The mean over these shares (k,)."""
        return float(self.values @ shares)

    def words(self, amount: float) -> str:
        """An amount of the fact as it is written."""
        return TYPES[self.type].amount(amount)


@dataclass(frozen=True, slots=True, eq=False)
class Limits:
    """What the limits of a framework leave the products of a bucket: a share of ``most`` each, and some means."""

    most: float = 1.0
    means: tuple[Mean, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """What shares (k,) are to fit into: at least ``low``, at most ``high`` (k,), and the limits on means."""

    low: Floats
    high: Floats
    means: tuple[Mean, ...] = ()


def limits_of(framework: Framework, leaf: Bucket, symbols: Sequence[str], known: Sequence[Instrument]) -> Limits:
    """What the framework's limits leave the products of a leaf, by symbol, whatever fills the rest of the portfolio.

    Of a product that is not ``known`` no fact is.
    """
    ceilings = Limited(framework).ceilings(leaf.path, leaf.target_weight)
    products = {product.symbol: product for product in known}
    alone = [c.most / c.weight for c in ceilings if c.alone.fact == "weight" and c.weight > 0]
    means = [_mean(c, symbols, products) for c in ceilings if c.alone.fact != "weight"]
    return Limits(min([1.0, *alone]), tuple(means))


def _mean(ceiling: Ceiling, symbols: Sequence[str], products: dict[str, Instrument]) -> Mean:
    seen = [ceiling.seen(products[symbol]) if symbol in products else None for symbol in symbols]
    values = np.array([0.0 if value is None else value for value in seen])
    unknown = tuple(symbol for symbol, value in zip(symbols, seen, strict=True) if value is None)
    return Mean(ceiling.type, values, ceiling.most, unknown)


def require_room(symbols: Sequence[str], bounds: Bounds, limits: Limits) -> Room:
    """The room of the products inside bounds and limits.

    Raises InputError for a bound of another product, and where no shares inside the bounds sum to 1.
    """
    stray = next((symbol for symbol in bounds if symbol not in symbols), None)
    if stray is not None:
        raise InputError(f"{stray} is not among the products.", subject=stray)
    low = np.array([bounds.get(symbol, (0.0, 1.0))[0] for symbol in symbols])
    high = np.minimum([bounds.get(symbol, (0.0, 1.0))[1] for symbol in symbols], limits.most)
    if bool((low > high + WEIGHT_TOLERANCE).any()) or low.sum() > 1 + WEIGHT_TOLERANCE:
        raise InputError("The least shares are more than there is room for.", hint="Lower them.", subject="bounds")
    if high.sum() < 1 - WEIGHT_TOLERANCE:
        message = f"The products may hold {weight(float(high.sum()))} of the bucket at most."
        raise InputError(message, hint="Add a product, or allow each more.", subject="bounds")
    return Room(low, high, limits.means)


def least(room: Room, mean: Mean) -> float:
    """The lowest mean that shares inside the bounds come to: the cheapest products first, each as far as it may.

    >>> least(Room(np.zeros(2), np.array([0.5, 1.0])), Mean("max_expense_ratio", np.array([0.001, 0.003]), 1.0))
    0.002
    """
    shares, left = room.low.copy(), 1.0 - float(room.low.sum())
    for n in np.argsort(mean.values, kind="stable"):
        more = min(float(room.high[n] - room.low[n]), left)
        shares[n] += more
        left -= more
    return mean.of(shares)


def reachable(room: Room) -> tuple[Room, tuple[Finding, ...]]:
    """The room without the limits that no shares inside its bounds can meet, and a finding for each of those."""
    lowest = [(mean, least(room, mean)) for mean in room.means]
    findings = tuple(_unmet(mean, low) for mean, low in lowest if low > mean.most + NEAR)
    return replace(room, means=tuple(mean for mean, low in lowest if low <= mean.most + NEAR)), findings


def _unmet(mean: Mean, lowest: float) -> Finding:
    name = TYPES[mean.type].name
    message = (
        f"The limits leave this bucket a {name} of {mean.words(mean.most)}; "
        f"its products come to {mean.words(lowest)} at least. The shares are without this limit."
    )
    return Finding(
        "limit_unmet",
        Severity.warning,
        mean.type,
        message,
        "Choose other products, or change the limit.",
        step="mapping",
    )


def said_of(room: Room, shares: Floats) -> tuple[str, ...]:
    """What is to be said of the limits on means: which held the shares back, and whose fact is not known."""
    held = [m for m in room.means if m.of(shares) > m.most - NEAR]
    kept = [f"Held to a {TYPES[m.type].name} of {m.words(m.most)} in this bucket by the limits." for m in held]
    lacking = [
        f"Not known, and counted as none in the {TYPES[m.type].name}: {some(m.unknown)}."
        for m in room.means
        if m.unknown
    ]
    return (*kept, *lacking)


def within(shares: Floats, room: Room) -> Floats:
    """The shares (k,) scaled alike, each kept inside its bounds, so that they sum to 1.

    >>> within(np.array([0.5, 0.25, 0.25]), Room(np.zeros(3), np.array([0.4, 1.0, 1.0]))).round(6).tolist()
    [0.4, 0.3, 0.3]
    """
    low, high = room.low, room.high
    least, most = 0.0, 1.0
    while np.clip(most * shares, low, high).sum() < 1 - WEIGHT_TOLERANCE and most < 1e15:
        least, most = most, most * 2
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        least, most = (middle, most) if np.clip(middle * shares, low, high).sum() < 1 else (least, middle)
    inside = np.clip(most * shares, low, high)
    return np.asarray(inside / inside.sum(), dtype=np.float64)


def fitted(shares: Floats, room: Room) -> Floats:
    """The shares (k,) inside the bounds, tilted to the cheaper products as little as the limits on means ask for.

    What two products have of each other changes only as their facts differ. The limits are ``reachable``.

    >>> fee = Mean("max_expense_ratio", np.array([0.001, 0.003]), 0.0015)
    >>> fitted(np.array([0.5, 0.5]), Room(np.zeros(2), np.ones(2), (fee,))).round(6).tolist()
    [0.75, 0.25]
    """
    inside = within(shares, room)
    for _ in range(ROUNDS):
        broken = [mean for mean in room.means if mean.of(inside) > mean.most + NEAR]
        if not broken:
            break
        for mean in broken:
            inside = _tilted(inside, mean, room)
    return inside


def _tilted(shares: Floats, mean: Mean, room: Room) -> Floats:
    """The shares held against what they cost, exponentially, just so far that the mean is kept."""
    dearer = (mean.values - mean.values.min()) / (np.ptp(mean.values) or 1.0)
    some_of_each = np.maximum(shares, WEIGHT_TOLERANCE)
    flat, steep = 0.0, STEEPEST
    for _ in range(HALVINGS):
        middle = (flat + steep) / 2
        broken = mean.of(within(some_of_each * np.exp(-middle * dearer), room)) > mean.most
        flat, steep = (middle, steep) if broken else (flat, middle)
    return within(some_of_each * np.exp(-steep * dearer), room)
