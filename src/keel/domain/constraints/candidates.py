"""Candidates: what one product may be at most at its weight, whatever fills the rest of the portfolio."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keel.domain.constraints.evaluation import as_fraction, sound
from keel.domain.constraints.exposures import fee_of
from keel.domain.constraints.types import TYPES, Alone, Room
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import get, within
from keel.domain.market.instrument import Instrument
from keel.units import WEIGHT_TOLERANCE


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The ``most`` of a fact that a constraint of this type leaves a product; ``weight`` where that is the fact."""

    type: str
    alone: Alone
    most: float
    weight: float

    def seen(self, product: Instrument) -> float | None:
        """The fact of a product that is looked at; None where it is not known."""
        match self.alone.fact:
            case "expense_ratio":
                return fee_of(product)
            case "leverage":
                return abs(product.leverage)
            case "weight":
                return self.weight

    def words(self, amount: float | None) -> str:
        """An amount of the fact as it is written."""
        return TYPES[self.type].amount(amount)

    def admits(self, product: Instrument) -> bool:
        """Whether the product fits below it; one whose fact is not known may."""
        seen = self.seen(product)
        return seen is None or seen <= self.most + WEIGHT_TOLERANCE


def parts_needed(ceilings: Iterable[Ceiling]) -> int:
    """Over how many products at least a leaf is to be split so that none is too large alone; 1 where one may fill it.

    >>> from keel.domain.framework.records import Constraint
    >>> limited = Framework("F", constraints=(Constraint("max_single_product", 25),))
    >>> parts_needed(ceilings(limited, "A/Half", 0.6))
    3
    """
    sizes = [c.weight / c.most for c in ceilings if c.alone.fact == "weight" and c.most > 0]
    return max([1, *(math.ceil(size - WEIGHT_TOLERANCE) for size in sizes)])


def ceilings(framework: Framework, path: str, weight: float) -> tuple[Ceiling, ...]:
    """What the constraints leave a product of this weight in a leaf, the lowest of each type; none for a weight of 0.

    A fee of 0.5 % breaks a weighted fee of 0.2 % in half of the portfolio, not in a tenth. Leverage is judged beside
    ordinary products. Constraints in dollars say nothing here.

    >>> from keel.domain.framework.records import Constraint
    >>> limited = Framework("F", constraints=(Constraint("max_expense_ratio", 0.2),))
    >>> [(ceiling.type, ceiling.most) for ceiling in ceilings(limited, "A/Half", 0.5)]
    [('max_expense_ratio', 0.004)]
    """
    lowest: dict[str, Ceiling] = {}
    for ceiling in _ceilings(framework, path, weight) if weight > 0 else ():
        known = lowest.get(ceiling.type)
        lowest[ceiling.type] = ceiling if known is None or ceiling.most < known.most else known
    return tuple(lowest.values())


def _ceilings(framework: Framework, path: str, weight: float) -> Iterator[Ceiling]:
    for constraint in sound(framework):
        alone, limit = TYPES[constraint.type].alone, as_fraction(constraint)
        if alone is not None and limit is not None and (not constraint.scope or within(path, constraint.scope)):
            whole = get(framework, constraint.scope).target_weight if constraint.scope else 1.0
            own = weight if alone.fact == "weight" else 0.0
            yield Ceiling(constraint.type, alone, alone.most(Room(limit, weight, whole)), own)
