"""The market as one framework sees it: what passes, which prices it has, and which dataset serves best."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.rules import Rules
from keel.domain.framework.tree import effective_rules, leaves
from keel.domain.mapping.screening import RuleLine, eligible, history_years, screen
from keel.domain.market.availability import Availability, Index, availability, by_symbol, datasets
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType

ANY_DATASET = "*"
UNUSABLE = 3  # the first tier without prices


@dataclass(frozen=True, slots=True)
class DatasetFit:
    """How a dataset serves a framework: its span (symbol empty) and the labels of the leaves it has nothing for.

    ``no_fund`` are the leaves for which it has single stocks or series only.
    """

    span: Coverage
    leaves: int
    lacking: tuple[str, ...]
    no_fund: tuple[str, ...]
    weight: float

    @property
    def covers(self) -> int:
        """The number of leaves with a usable product or series."""
        return self.leaves - len(self.lacking)


@dataclass(frozen=True, slots=True)
class Market:
    """The universe, its price series, and the date histories are counted to."""

    universe: tuple[Instrument, ...]
    index: Index
    spans: tuple[Coverage, ...]
    as_of: date
    base_ccy: str
    filters: Rules

    def prices(self, instrument: Instrument, dataset: str) -> Availability:
        """The series that can stand for an instrument in a study of this currency."""
        if instrument.currency and instrument.currency != self.base_ccy:
            return Availability(None, False, f"Prices in {instrument.currency}, the framework is in {self.base_ccy}.")
        return availability(instrument, self.index, "" if dataset == ANY_DATASET else dataset)

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
        return tuple(i for i in self.universe if eligible(self.lines(i, rules)))


def market_of(
    framework: Framework,
    universe: Sequence[Instrument],
    coverage: Sequence[Coverage],
    filters: Rules | None = None,
    as_of: date | None = None,
) -> Market:
    """Universe and prices made ready for many questions."""
    begun = [i.inception for i in universe if i.inception]
    newest = as_of or max((series.last for series in coverage), default=None) or max(begun, default=date(2000, 1, 1))
    return Market(
        tuple(universe), by_symbol(coverage), datasets(coverage), newest, framework.base_ccy, filters or Rules()
    )


def fits(framework: Framework, market: Market) -> tuple[DatasetFit, ...]:
    """How each dataset serves the framework, best dataset first."""
    ends = leaves(framework)
    passing = {leaf.path: market.passing(effective_rules(framework, leaf.path)) for leaf in ends}
    return tuple(_fit(span, ends, passing, market) for span in market.spans)


def choose_dataset(found: Iterable[DatasetFit]) -> str:
    """The first dataset with a fund for every leaf, else the one that serves most of the target weight.

    Empty when none serves any.
    """
    in_order = tuple(found)
    for fit in in_order:
        if not fit.lacking and not fit.no_fund:
            return fit.span.dataset
    best = max(in_order, key=lambda fit: (round(fit.weight, 9), fit.covers), default=None)
    return best.span.dataset if best and best.covers else ""


def tier(instrument: Instrument, found: Availability) -> int:
    """0 a fund with prices, 1 a stock with prices, 2 a series with prices, 3 to 5 the same without prices.

    A bucket is an exposure: a fund carries it, one company does not, and a series cannot be bought.
    """
    kinds = {InstrumentType.stock: 1, InstrumentType.index: 2}
    return kinds.get(instrument.type, 0) + (0 if found.usable else UNUSABLE)


def _fit(
    span: Coverage, ends: Sequence[Bucket], passing: Mapping[str, Sequence[Instrument]], market: Market
) -> DatasetFit:
    best = {
        leaf.path: min((tier(i, market.prices(i, span.dataset)) for i in passing[leaf.path]), default=UNUSABLE)
        for leaf in ends
    }
    return DatasetFit(
        span=span,
        leaves=len(ends),
        lacking=tuple(leaf.label for leaf in ends if best[leaf.path] >= UNUSABLE),
        no_fund=tuple(leaf.label for leaf in ends if 0 < best[leaf.path] < UNUSABLE),
        weight=sum(leaf.target_weight for leaf in ends if best[leaf.path] < UNUSABLE),
    )
