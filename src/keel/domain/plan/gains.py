"""What a sale realises: which lots go, at what gain, and the tax on it.

Lots go at a loss first, then those held for long, then the others, and among these the dearest first, unless a person
picks them. A loss counts against gains at its own rate; what is left below 0 is no refund.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from keel import units
from keel.domain.arrays import Floats
from keel.domain.portfolio.lots import Lot

DUST = 1e-9  # of a unit


@dataclass(frozen=True, slots=True)
class Tax:
    """The rates on gains, fractions, and how many days a lot must be exceeded in age to be held for long."""

    short_rate: float = 0.35
    long_rate: float = 0.15
    long_days: int = 365


@dataclass(frozen=True, slots=True)
class Slice:
    """Units of one lot, what a sale of all of them brings, its gain (None where the cost is not known) and its rate."""

    quantity: float
    value: float
    gain: float | None
    rate: float

    @property
    def known_gain(self) -> float:
        """The gain, 0 where the cost is not known."""
        return self.gain or 0.0


@dataclass(frozen=True, slots=True)
class Realised:
    """What a sale realises: the gain of the lots whose cost is known, that at their rates, and the value of others."""

    gain: float
    charge: float
    unknown: float


NOTHING = Realised(0.0, 0.0, 0.0)


def slices(
    lots: Sequence[Lot], quantity: float, price: float, as_of: date, tax: Tax, picked: Sequence[int] = ()
) -> tuple[Slice, ...]:
    """The lots of a position in the order in which they are sold; those whose cost is not known last, units beyond too.

    ``picked`` are places of lots that go first, in that order.

    >>> old, new = Lot(5.0, 90.0, date(2020, 1, 1)), Lot(5.0, 120.0, date(2026, 1, 1))
    >>> [s.gain for s in slices([old, new], 12.0, 100.0, date(2026, 6, 1), Tax())]
    [-100.0, 50.0, None]
    """
    left, parts = quantity, []
    for lot in in_order(lots, price, as_of, tax, picked):
        units = min(lot.quantity, left)
        if units > DUST:
            parts.append(_slice(lot, units, price, tax.long_rate if _long(lot, as_of, tax) else tax.short_rate))
            left -= units
    return (*parts, Slice(left, left * price, None, 0.0)) if left > DUST else tuple(parts)


def _slice(lot: Lot, units: float, price: float, rate: float) -> Slice:
    """Units of a lot; without a gain and a tax where its cost is not known."""
    if math.isnan(lot.cost):
        return Slice(units, units * price, None, 0.0)
    return Slice(units, units * price, units * (price - lot.cost), rate)


def in_order(lots: Sequence[Lot], price: float, as_of: date, tax: Tax, picked: Sequence[int] = ()) -> tuple[Lot, ...]:
    """The lots in the order in which they are sold; those at the places ``picked`` first, in that order."""
    return tuple(lots[n] for n in places(lots, price, as_of, tax, picked))


def places(lots: Sequence[Lot], price: float, as_of: date, tax: Tax, picked: Sequence[int] = ()) -> tuple[int, ...]:
    """The places of the lots in the order in which they are sold.

    >>> places([Lot(1, 90.0), Lot(1, 120.0)], 100.0, date(2026, 6, 1), Tax())
    (1, 0)
    """
    chosen = [n for n in dict.fromkeys(picked) if 0 <= n < len(lots)]
    others = [n for n in range(len(lots)) if n not in chosen]
    return (*chosen, *sorted(others, key=lambda n: _rank(lots[n], price, as_of, tax)))


def _rank(lot: Lot, price: float, as_of: date, tax: Tax) -> tuple[int, float]:
    if math.isnan(lot.cost):
        return (3, 0.0)
    if lot.cost > price:
        return (0, -lot.cost)
    return (1 if _long(lot, as_of, tax) else 2, -lot.cost)


def _long(lot: Lot, as_of: date, tax: Tax) -> bool:
    """Whether it was held for longer than the setting; one without a date was not."""
    return lot.acquired is not None and (as_of - lot.acquired).days > tax.long_days


def realised(parts: Sequence[Slice], value: float) -> Realised:
    """What a sale of that much value realises, from slices in the order in which they go.

    >>> realised([Slice(5, 500.0, -100.0, 0.35), Slice(5, 500.0, 50.0, 0.15)], 750.0)
    Realised(gain=-75.0, charge=-31.25, unknown=0.0)
    """
    gain = charge = unknown = 0.0
    for part in parts:
        taken = min(value, part.value)
        if taken <= 0.0:
            break
        fraction = taken / part.value
        gain += fraction * part.known_gain
        charge += fraction * part.known_gain * part.rate
        unknown += taken if part.gain is None else 0.0
        value -= taken
    return Realised(gain, charge, unknown)


def in_words(found: Realised, currency: str) -> str:
    """What sales realise and the tax on it, and how much of them nobody knows the cost of.

    >>> in_words(Realised(100.0, 15.0, 0.0), "USD"), in_words(Realised(0.0, 0.0, 500.0), "USD")
    ('Gain $100, tax $15', 'Gain $0, tax $0; the cost of $500 sold is not known')
    """
    known = f"Gain {units.money(found.gain, currency)}, tax {units.money(max(found.charge, 0.0), currency)}"
    unknown = f"; the cost of {units.money(found.unknown, currency)} sold is not known" if found.unknown > 0 else ""
    return known + unknown


def together(sales: Iterable[Realised]) -> Realised:
    """Several sales as one."""
    rows = list(sales)
    return Realised(sum(r.gain for r in rows), sum(r.charge for r in rows), sum(r.unknown for r in rows))


def within_gain(wanted: Floats, parts: Sequence[Sequence[Slice]], budget: float) -> Floats:
    """The sales (k,) that bring the most of what is ``wanted`` (k,) with a gain of at most ``budget``.

    What costs the least gain for its value goes first; lots of one holding keep their order, so a lot behind a dearer
    one counts with it. A loss makes room for gains. Where the losses alone exceed the budget nothing else is sold.

    >>> slice_ = lambda gain: (Slice(1, 100.0, gain, 0.15),)
    >>> within_gain(np.array([100.0, 100.0]), [slice_(50.0), slice_(10.0)], 20.0).tolist()
    [20.0, 100.0]
    """
    steps = sorted((step for n, lots in enumerate(parts) for step in _steps(n, lots, float(wanted[n]))), key=_dearness)
    sold, left = np.zeros(len(wanted)), budget
    for step in steps:
        if step.gain <= left or step.gain <= 0.0:
            sold[step.place] += step.value
            left -= step.gain
        else:
            sold[step.place] += _affordable(parts[step.place], float(sold[step.place]), step.value, max(left, 0.0))
            break
    return sold


@dataclass(frozen=True, slots=True)
class _Step:
    place: int
    value: float
    gain: float
    order: int


def _dearness(step: _Step) -> tuple[float, int, int]:
    return (step.gain / step.value, step.place, step.order)


def _steps(place: int, parts: Sequence[Slice], wanted: float) -> list[_Step]:
    """The slices of a holding up to what is wanted, those behind a dearer one joined with it: ever dearer ones."""
    steps: list[_Step] = []
    for order, part in enumerate(parts):
        value = min(part.value, wanted)
        if value <= 0.0:
            break
        wanted -= value
        steps.append(_Step(place, value, part.known_gain * value / part.value, order))
        while len(steps) > 1 and steps[-1].gain * steps[-2].value < steps[-2].gain * steps[-1].value:
            last, before = steps.pop(), steps.pop()
            steps.append(_Step(place, before.value + last.value, before.gain + last.gain, before.order))
    return steps


def _affordable(parts: Sequence[Slice], already: float, most: float, budget: float) -> float:
    """How much more of a holding can be sold, at most ``most``, before the gain of it exceeds the budget."""
    start = realised(parts, already).gain
    ends = np.cumsum([part.value for part in parts])
    points = [already, *(float(e) for e in ends if already < e < already + most), already + most]
    gains = [realised(parts, point).gain - start for point in points]
    for (low, high), (before, after) in zip(pairwise(points), pairwise(gains), strict=True):
        if after > budget:
            return low - already + (high - low) * max(0.0, budget - before) / (after - before)
    return most
