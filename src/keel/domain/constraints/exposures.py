"""Exposures: the lines of a portfolio that limits look at, from targets or from picks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from keel.domain.framework.records import Framework
from keel.domain.framework.rules import kind
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import CASH

UNKNOWN = "unknown"
BROAD = frozenset({"region:global", "sector:defensive", "sector:cyclical", "sector:growth"})  # several in one


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

    def parts(self, name: str) -> Mapping[str, float]:
        """The line's weight by tag of a kind; under ``unknown`` where none is known, nothing for cash.

        >>> Exposure("A/S", "Stocks", 0.5, tags=frozenset({"region:us"})).parts("region")
        {'region:us': 0.5}
        >>> Exposure("A/S", "Stocks", 0.5, tags=frozenset({"region:us"})).parts("sector")
        {'unknown': 0.5}
        """
        values = sorted(tag for tag in self.tags if kind(tag) == name and tag not in BROAD)
        if values:
            return dict.fromkeys(values, self.weight)
        return {} if self.symbol == CASH else {UNKNOWN: self.weight}


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


def of_picks(framework: Framework, picks: Mapping[str, Sequence[tuple[Instrument, float]]]) -> tuple[Exposure, ...]:
    """What products say that fill the leaves, by path with their shares; a leaf without any stays in cash."""
    lines: list[Exposure] = []
    for leaf in leaves(framework):
        products = picks.get(leaf.path, ())
        if not products:
            lines.append(Exposure(leaf.path, leaf.label, leaf.target_weight, CASH, expense_ratio=0.0, leverage=0.0))
        lines += [_of_product(leaf.path, leaf.label, leaf.target_weight * share, i) for i, share in products]
    return tuple(lines)


def _of_product(path: str, label: str, weight: float, product: Instrument) -> Exposure:
    tags = frozenset(product.tags)
    return Exposure(path, label, weight, product.symbol, tags, product.type, fee_of(product), product.leverage)


def fee_of(product: Instrument) -> float | None:
    """What a product costs a year; a company charges its holders nothing."""
    return 0.0 if product.type is InstrumentType.stock else product.expense_ratio
