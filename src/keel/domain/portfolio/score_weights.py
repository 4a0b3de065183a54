"""What counts how much when products are ranked, kept with the portfolio that was chosen by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from keel.domain.reading.place import Place
from keel.domain.reading.values import read_number, read_object
from keel.domain.text import shown
from keel.errors import InputError


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """The weight of each part of a product's score: 0 or more, not all 0; only their ratios count."""

    cost: float = 0.3
    liquidity: float = 0.2
    history: float = 0.2
    fit: float = 0.2
    size: float = 0.1

    def of_parts(self) -> Mapping[str, float]:
        """The weights by the names of the parts."""
        return asdict(self)


PARTS = tuple(field.name for field in fields(ScoreWeights))
USUAL = ScoreWeights()
MOST = 1e6  # sums of weights stay numbers


def read_weights(value: object, place: Place) -> ScoreWeights:
    """The weights of an object such as ``{"cost": 1, "size": 0.5}``; a part that is left out does not count.

    Raises ImportFormatError for another name and a weight below 0 or too large, InputError where nothing counts.

    >>> read_weights({"cost": 1}, Place("--weights"))
    ScoreWeights(cost=1.0, liquidity=0.0, history=0.0, fit=0.0, size=0.0)
    """
    given = read_object(value, place)
    for name in given:
        if name not in PARTS:
            raise place.error(f"{shown(name)} is no part of a score; the parts are {', '.join(PARTS)}.")
    weights = {name: _weight(given.get(name, 0.0), place.field(name)) for name in PARTS}
    if not any(weights.values()):
        message = f"{place}: no part of the score counts; give one of {', '.join(PARTS)} more than 0."
        raise InputError(message, subject=place.file)
    return ScoreWeights(**weights)


def _weight(value: object, place: Place) -> float:
    weight = read_number(value, place, "0.3")
    if weight < 0:
        raise place.error(f"{weight:g} is below 0, the least a part can count.")
    if weight > MOST:
        raise place.error(f"{weight:g} is above {MOST:,.0f}, the most a part can count.")
    return weight
