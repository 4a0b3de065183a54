"""Exposures: the lines of a portfolio that limits look at, from targets, from picks or from what is held.

What a product is made of counts by its parts where that is known; else the product is of the kind that its tag says.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from keel.domain.framework.records import Framework
from keel.domain.framework.rules import kind
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.market.instrument import Instrument, InstrumentType, derive_tags
from keel.domain.market.prices import CASH
from keel.units import WEIGHT_TOLERANCE

UNKNOWN = "unknown"
EQUITY = "asset_class:equity"
NO_SECTOR, NO_COMPANY = "sector:none", "company:none"  # of what is no share
OF_SHARES = {"sector": NO_SECTOR, "company": NO_COMPANY}
BROAD = frozenset({"region:global", "sector:defensive", "sector:cyclical", "sector:growth"})  # several in one


# What a product is made of: dimension (asset_class, region, sector, company) → tag or company → fraction, the rest to 1
# not known; a dimension of which nobody says anything is not there.
Composition = Mapping[str, Mapping[str, float]]
NOTHING: Mapping[str, Composition] = {}


class Line(NamedTuple):
    """What is held of a symbol in a bucket, as a fraction of the whole."""

    path: str
    label: str
    symbol: str
    weight: float


@dataclass(frozen=True, slots=True)
class Exposure:
    """One line of a portfolio. ``weight`` is a fraction of the whole; what is not known is None or empty.

    ``tags`` as products carry them (``asset_class:equity``); ``type`` as ``InstrumentType``; ``symbol`` empty while no
    product is chosen.
    """

    path: str
    label: str
    weight: float
    symbol: str = ""
    tags: frozenset[str] = frozenset()
    type: str = ""
    expense_ratio: float | None = None
    leverage: float | None = None

    made_of: Composition = field(default_factory=dict)
    _parts: dict[str, Mapping[str, float]] = field(default_factory=dict, compare=False, repr=False)

    def parts(self, name: str) -> Mapping[str, float]:
        """The line's weight by tag of a kind; under ``unknown`` what of it is not known, nothing for cash.

        >>> Exposure("A/S", "Stocks", 0.5, tags=frozenset({"region:us"})).parts("region")
        {'region:us': 0.5}
        >>> Exposure("A/S", "Stocks", 0.5, tags=frozenset({"region:us"})).parts("sector")
        {'unknown': 0.5}
        >>> Exposure("A/W", "World", 0.5, made_of={"region": {"region:us": 0.5}}).parts("region")
        {'region:us': 0.25, 'unknown': 0.25}
        """
        if name not in self._parts:
            self._parts[name] = self._measured(name)
        return self._parts[name]

    def _measured(self, name: str) -> Mapping[str, float]:
        if self.symbol == CASH:
            return {}
        known = dict(self._known(name))
        rest = 1.0 - math.fsum(known.values())
        if name in OF_SHARES and rest > WEIGHT_TOLERANCE:
            other = math.fsum(f for tag, f in self._known("asset_class").items() if tag != EQUITY)
            if min(other, rest) > WEIGHT_TOLERANCE:
                known[OF_SHARES[name]] = min(other, rest)
                rest -= min(other, rest)
        parts = {tag: self.weight * fraction for tag, fraction in known.items()}
        return parts | ({UNKNOWN: self.weight * rest} if rest > WEIGHT_TOLERANCE else {})

    def _known(self, name: str) -> Mapping[str, float]:
        """The fractions that are known: said of it, else the whole under its one tag, or its own name for a company."""
        if name in self.made_of:
            return self.made_of[name]
        if name == "company":
            return {self.symbol: 1.0} if self.type == InstrumentType.stock and self.symbol else {}
        tags = [tag for tag in self.tags if kind(tag) == name and tag not in BROAD]
        return {tags[0]: 1.0} if len(tags) == 1 else {}


def of_targets(framework: Framework) -> tuple[Exposure, ...]:
    """What the targets alone say: a line per leaf, or per product of a leaf that names some, with inherited tags."""
    lines: list[Exposure] = []
    asked = leaf_rules(framework)
    for leaf in leaves(framework):
        rules = asked[leaf.path]
        tags = frozenset(rules.include_tags)
        type_ = rules.allowed_types[0] if len(rules.allowed_types) == 1 else ""
        if not leaf.holdings:
            lines.append(Exposure(leaf.path, leaf.label, leaf.target_weight, tags=tags, type=type_))
        for h in leaf.holdings:
            lines.append(Exposure(leaf.path, leaf.label, leaf.target_weight * h.share, h.symbol, tags, type_))
    return tuple(lines)


def of_picks(
    framework: Framework,
    picks: Mapping[str, Sequence[tuple[Instrument, float]]],
    made_of: Mapping[str, Composition] = NOTHING,
) -> tuple[Exposure, ...]:
    """What products say that fill the leaves, by path with their shares; a leaf without any stays in cash.

    ``made_of`` has what is known of products by instrument id.
    """
    lines: list[Exposure] = []
    for leaf in leaves(framework):
        products = picks.get(leaf.path, ())
        if not products:
            lines.append(_of_cash(leaf.path, leaf.label, leaf.target_weight))
        for product, share in products:
            line = Line(leaf.path, leaf.label, product.symbol, leaf.target_weight * share)
            lines.append(_of_product(line, product, made_of.get(product.id, {})))
    return tuple(lines)


def of_lines(
    lines: Iterable[Line], products: Mapping[str, Instrument], made_of: Mapping[str, Composition] = NOTHING
) -> tuple[Exposure, ...]:
    """What the products say that are held, by symbol; of one that nobody knows the symbol is all there is."""
    return tuple(_of_line(line, products.get(line.symbol), made_of) for line in lines if line.weight)


def _of_line(line: Line, product: Instrument | None, made_of: Mapping[str, Composition]) -> Exposure:
    if line.symbol == CASH:
        return _of_cash(line.path, line.label, line.weight)
    if product is None:
        return Exposure(line.path, line.label, line.weight, line.symbol)
    return _of_product(line, product, made_of.get(product.id, {}))


def _of_cash(path: str, label: str, weight: float) -> Exposure:
    return Exposure(path, label, weight, CASH, expense_ratio=0.0, leverage=0.0)


def _of_product(line: Line, product: Instrument, made_of: Composition) -> Exposure:
    facts = derive_tags(asset_class=product.asset_class, region=product.region, sector=product.sector)
    return Exposure(
        *(line.path, line.label, line.weight, product.symbol),
        tags=frozenset((*product.tags, *facts)),
        type=product.type,
        expense_ratio=fee_of(product),
        leverage=product.leverage,
        made_of=made_of,
    )


def fee_of(product: Instrument) -> float | None:
    """What a product costs a year; a company charges its holders nothing."""
    return 0.0 if product.type is InstrumentType.stock else product.expense_ratio
