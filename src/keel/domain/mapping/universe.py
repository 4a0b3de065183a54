"""The market as one framework sees it: what passes, which prices it has, and which dataset serves best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from keel.domain.framework.records import Framework
from keel.domain.framework.rules import Rules
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.mapping.screening import RuleLine, eligible, history_years, screen
from keel.domain.market.availability import Availability, availability
from keel.domain.market.choice import (
    ANY_DATASET,
    Basis,
    DatasetFit,
    Index,
    Need,
    by_symbol,
    choose_dataset,
    dataset_fits,
    spans,
)
from keel.domain.market.instrument import Coverage, Instrument


@dataclass(frozen=True, slots=True)
class Market:
    """The universe, its price series, the date histories are counted to, and the caveats of symbols that have one.

    ``named`` is the dataset a person asked for (``*`` all); where it is empty, their own series
    come before a dataset's. What passes is remembered by the rules asked: large trees mostly repeat them.
    """

    universe: tuple[Instrument, ...]
    index: Index
    spans: tuple[Coverage, ...]
    as_of: date
    base_ccy: str
    filters: Rules
    named: str = ""
    caveats: Mapping[str, str] = field(default_factory=dict)
    _passing: dict[Rules, tuple[Instrument, ...]] = field(default_factory=dict, repr=False, compare=False)

    def prices(self, instrument: Instrument, dataset: str) -> Availability:
        """The series that can stand for an instrument in a study of this currency."""
        if instrument.currency and instrument.currency != self.base_ccy:
            return Availability(None, False, f"Prices in {instrument.currency}, the framework is in {self.base_ccy}.")
        found = availability(instrument, self.index, self.basis(dataset))
        return replace(found, caveat=self.caveats.get(instrument.proxy, "")) if found.proxied else found

    def basis(self, dataset: str) -> Basis:
        """What the series of a dataset are taken by; ``*`` is all of them."""
        return Basis("" if dataset == ANY_DATASET else dataset, named=bool(self.named))

    def years(self, instrument: Instrument) -> float | None:
        """The history of a product at the market's date."""
        return history_years(instrument, self.index.get(instrument.symbol, ()), self.as_of)

    def newest(self, found: Availability) -> date | None:
        """The last date of the dataset a series belongs to."""
        return next((span.last for span in self.spans if found.series and span.dataset == found.series.dataset), None)

    def frequency(self, dataset: str) -> str:
        """The dataset's frequency and a space, to stand before "prices"; empty for none or all of them."""
        return next((f"{span.frequency} " for span in self.spans if span.dataset == dataset), "")

    def lines(self, instrument: Instrument, rules: Rules) -> tuple[RuleLine, ...]:
        """The lines of the bucket's rules and then of the filters; gearing is the bucket's alone to allow."""
        years = self.years(instrument)
        if self.filters == Rules():
            return screen(instrument, rules, years)
        narrowed = (line for line in screen(instrument, self.filters, years) if line.rule != "leveraged")
        return (*screen(instrument, rules, years), *narrowed)

    def passing(self, rules: Rules) -> tuple[Instrument, ...]:
        """The products that pass the rules and the filters."""
        if rules not in self._passing:
            self._passing[rules] = tuple(i for i in self.universe if eligible(self.lines(i, rules)))
        return self._passing[rules]


def market_of(
    framework: Framework,
    universe: Sequence[Instrument],
    coverage: Sequence[Coverage],
    filters: Rules | None = None,
    as_of: date | None = None,
    *,
    dataset: str = "",
) -> Market:
    """Universe and prices made ready for many questions; ``dataset`` is one that a person named."""
    begun = [i.inception for i in universe if i.inception]
    newest = as_of or max((series.last for series in coverage), default=None) or max(begun, default=date(2000, 1, 1))
    caveats = {i.symbol: i.caveat for i in universe if i.caveat}
    index, held = by_symbol(coverage), spans(coverage)
    return Market(tuple(universe), index, held, newest, framework.base_ccy, filters or Rules(), dataset, caveats)


def fits(framework: Framework, market: Market) -> tuple[DatasetFit, ...]:
    """How each dataset serves the products that pass the framework's rules, best dataset first."""
    asked = leaf_rules(framework)
    needs = [Need(leaf.label, leaf.target_weight, market.passing(asked[leaf.path])) for leaf in leaves(framework)]
    return dataset_fits(needs, market.index, market.spans, base_ccy=market.base_ccy, named=bool(market.named))


def study_dataset(
    framework: Framework,
    market: Market,
    filled: Mapping[str, Sequence[tuple[Instrument, float]]],
) -> str:
    """The dataset to study products on that fill a framework, ``filled`` by path with their shares.

    It is the one that mapping judged by when it has prices for all of them, else the one that serves most of their
    weight.
    """
    targets = {leaf.path: leaf.target_weight for leaf in leaves(framework)}
    needs = [
        Need(instrument.symbol, targets[path] * share, (instrument,))
        for path, products in filled.items()
        for instrument, share in products
    ]
    judged = choose_dataset(fits(framework, market))
    served = dataset_fits(needs, market.index, market.spans, base_ccy=market.base_ccy, named=bool(market.named))
    if any(fit.span.dataset == judged and not fit.lacking for fit in served):
        return judged
    return choose_dataset(served)
