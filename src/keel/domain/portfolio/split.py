"""A bucket split over its products by a method: what is asked, within which bounds, and the draft it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_object, read_weight
from keel.errors import InputError
from keel.units import WEIGHT_TOLERANCE, number, pct, span, weight

Bounds = Mapping[str, tuple[float, float]]  # least and most share of the bucket, by symbol
MOST_PRODUCTS = 100
FEWEST_RETURNS = 24
HALVINGS = 200


class Method(StrEnum):
    """How a bucket is split over its products."""

    equal = "equal"
    inverse_volatility = "inverse_volatility"
    minimum_variance = "minimum_variance"
    risk_parity = "risk_parity"
    hrp = "hrp"
    maximum_diversification = "maximum_diversification"


LABELS = {
    Method.equal: "Equal parts",
    Method.inverse_volatility: "Inverse volatility",
    Method.minimum_variance: "Least variance",
    Method.risk_parity: "Equal risk",
    Method.hrp: "Hierarchical risk parity",
    Method.maximum_diversification: "Most diversified",
}
ABOUT = {
    Method.equal: "Every product gets the same share.",
    Method.inverse_volatility: "The calmer a product, the larger its share.",
    Method.minimum_variance: "The shares whose value moved least in this window.",
    Method.risk_parity: "Every product contributes the same risk.",
    Method.hrp: "Products that move alike share what their group gets.",
    Method.maximum_diversification: "The shares with the most volatility of their own per volatility together.",
}
PLAIN = (Method.equal, Method.inverse_volatility)  # arithmetic of our own: they need no optimiser


@dataclass(frozen=True, slots=True)
class Part:
    """One product of a split: its share of the bucket, its volatility a year, and its part of the bucket's risk."""

    symbol: str
    share: float
    volatility: float
    risk: float


@dataclass(frozen=True, slots=True)
class Split:
    """A draft of how a bucket is split: its parts and what it rests on; ``notes`` say what bounds and prices did."""

    path: str
    method: Method
    parts: tuple[Part, ...]
    volatility: float
    first: date
    last: date
    sessions: int
    frequency: str
    notes: tuple[str, ...] = ()

    @property
    def reasons(self) -> tuple[str, ...]:
        """The sentences behind the shares."""
        together = f"{number(self.sessions, 0)} {self.frequency} closes, {span(self.first, self.last)}"
        return (
            f"{LABELS[self.method]}: {ABOUT[self.method][:1].lower()}{ABOUT[self.method][1:]}",
            f"Measured on {together}; together they varied by {pct(self.volatility)} a year.",
            *self.notes,
        )


def split_json(split: Split) -> dict[str, object]:
    """The split as JSON values."""
    return {
        "path": split.path,
        "method": split.method.value,
        "parts": [
            {"symbol": p.symbol, "share": p.share, "volatility": p.volatility, "risk": p.risk} for p in split.parts
        ],
        "volatility": split.volatility,
        "first": split.first.isoformat(),
        "last": split.last.isoformat(),
        "sessions": split.sessions,
        "frequency": split.frequency,
        "reasons": list(split.reasons),
    }


def read_method(value: object, place: Place) -> Method:
    """The method of that name. Raises ImportFormatError."""
    if value not in list(Method):
        raise place.error(f"must be one of {', '.join(Method)}.")
    return Method(str(value))


def read_bounds(value: object, place: Place) -> Bounds:
    """Least and most share by symbol, of ``{symbol: [least, most]}``. Raises ImportFormatError, InputError.

    >>> read_bounds({"VT": ["10%", 0.5]}, Place("it"))
    {'VT': (0.1, 0.5)}
    """
    found: dict[str, tuple[float, float]] = {}
    for symbol, pair in read_object(value, place).items():
        at = place.field(symbol)
        both = [read_weight(end, at) for end in read_list(pair, at)]
        if len(both) != 2 or not 0 <= both[0] <= both[1] <= 1:
            raise InputError(f"{at}: is a least and a most share, such as [0, 0.5].", subject=symbol)
        found[symbol] = (both[0], both[1])
    return found


def require_room(symbols: Sequence[str], bounds: Bounds, most: float) -> tuple[Floats, Floats]:
    """The least and the most share (k,) of each product, ``most`` being what limits leave any one.

    Raises InputError for a bound of another product, and where no shares inside the bounds sum to 1.
    """
    stray = next((symbol for symbol in bounds if symbol not in symbols), None)
    if stray is not None:
        raise InputError(f"{stray} is not among the products.", subject=stray)
    low = np.array([bounds.get(symbol, (0.0, 1.0))[0] for symbol in symbols])
    high = np.minimum([bounds.get(symbol, (0.0, 1.0))[1] for symbol in symbols], most)
    if bool((low > high + WEIGHT_TOLERANCE).any()) or low.sum() > 1 + WEIGHT_TOLERANCE:
        raise InputError("The least shares are more than there is room for.", hint="Lower them.", subject="bounds")
    if high.sum() < 1 - WEIGHT_TOLERANCE:
        message = f"The products may hold {weight(float(high.sum()))} of the bucket at most."
        raise InputError(message, hint="Add a product, or allow each more.", subject="bounds")
    return low, high


def within(shares: Floats, low: Floats, high: Floats) -> Floats:
    """The shares (k,) scaled alike, each kept inside its bounds, so that they sum to 1.

    >>> within(np.array([0.5, 0.25, 0.25]), np.zeros(3), np.array([0.4, 1.0, 1.0])).round(6).tolist()
    [0.4, 0.3, 0.3]
    """
    least, most = 0.0, 1.0
    while np.clip(most * shares, low, high).sum() < 1 - WEIGHT_TOLERANCE and most < 1e12:
        most *= 2
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        least, most = (middle, most) if np.clip(middle * shares, low, high).sum() < 1 else (least, middle)
    found = np.clip(most * shares, low, high)
    return np.asarray(found / found.sum(), dtype=np.float64)
