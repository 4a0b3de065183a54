"""A bucket split over its products by a method: what is asked, within which bounds, and the draft it comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from keel.domain.issue import Finding, rows
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_list, read_object, read_weight
from keel.errors import InputError
from keel.units import number, pct, span

Bounds = Mapping[str, tuple[float, float]]  # least and most share of the bucket, by symbol
MOST_PRODUCTS = 100
FEWEST_RETURNS = 24


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
    """A draft of how a bucket is split: its parts and what it rests on; ``notes`` say what bounds and prices did.

    ``findings`` are the limits that these products cannot meet.
    """

    path: str
    method: Method
    parts: tuple[Part, ...]
    volatility: float
    first: date
    last: date
    sessions: int
    frequency: str
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

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
        "findings": rows(split.findings),
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
