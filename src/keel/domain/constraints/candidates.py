"""Candidates: what one product may be at most at its weight, whatever fills the rest of the portfolio."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from keel.domain.constraints.evaluation import as_fraction, sound
from keel.domain.constraints.exposures import fee_of
from keel.domain.constraints.types import TYPES, Alone, Room
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import line
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
    >>> parts_needed(Limited(limited).ceilings("A/Half", 0.6))
    3
    """
    sizes = [c.weight / c.most for c in ceilings if c.alone.fact == "weight" and c.most > 0]
    return max([1, *(math.ceil(size - WEIGHT_TOLERANCE) for size in sizes)])


class Limited:
    """The limits of a framework that one product alone can break, made ready for its many leaves."""

    def __init__(self, framework: Framework) -> None:
        """Keeps the lowest limit of each type in each scope, with the target of that. Limits in dollars say nothing."""
        self._lowest: dict[str, dict[str, float]] = {}
        for constraint in sound(framework):
            limit = as_fraction(constraint)
            if TYPES[constraint.type].alone is not None and limit is not None:
                here = self._lowest.setdefault(constraint.scope, {})
                here[constraint.type] = min(limit, here.get(constraint.type, limit))
        self._targets = {b.path: b.target_weight for b in framework.buckets} | {"": 1.0}

    def ceilings(self, path: str, weight: float) -> tuple[Ceiling, ...]:
        """What is left to a product of this weight in a leaf, the lowest of each type; none for a weight of 0.

        A fee of 0.5 % breaks a weighted fee of 0.2 % in half of the portfolio, not in a tenth. Leverage is seen beside
        ordinary products.

        >>> from keel.domain.framework.records import Constraint
        >>> limited = Framework("F", constraints=(Constraint("max_expense_ratio", 0.2),))
        >>> [(ceiling.type, ceiling.most) for ceiling in Limited(limited).ceilings("A/Half", 0.5)]
        [('max_expense_ratio', 0.004)]
        """
        lowest: dict[str, Ceiling] = {}
        for ceiling in self._each(path, weight) if weight > 0 and self._lowest else ():
            known = lowest.get(ceiling.type)
            lowest[ceiling.type] = ceiling if known is None or ceiling.most < known.most else known
        return tuple(lowest.values())

    def _each(self, path: str, weight: float) -> Iterator[Ceiling]:
        for scope in ("", *line(path)):
            for type, limit in self._lowest.get(scope, {}).items():
                alone = TYPES[type].alone
                if alone is not None:
                    most = alone.most(Room(limit, weight, self._targets[scope]))
                    yield Ceiling(type, alone, most, weight if alone.fact == "weight" else 0.0)
