"""The market as one framework sees it: what passes, which prices it has, and which dataset serves best."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from keel.domain.arrays import Ints, Mask
from keel.domain.constraints.candidates import Ceiling, Limited
from keel.domain.framework.records import Framework
from keel.domain.framework.rules import Rules
from keel.domain.framework.tree import leaf_rules, leaves
from keel.domain.issue import Finding
from keel.domain.mapping.columns import NOWHERE, Columns, columns_of
from keel.domain.mapping.masks import Verdict, limit_verdicts, passing, verdicts
from keel.domain.mapping.screening import RuleLine, history_years, limit_lines, screen
from keel.domain.market.availability import Availability, availability
from keel.domain.market.choice import (
    ANY_DATASET,
    UNUSABLE,
    Basis,
    DatasetFit,
    Need,
    Service,
    choose_dataset,
    dataset_fits,
    fit_of,
)
from keel.domain.market.health import check
from keel.domain.market.instrument import Coverage, Instrument
from keel.domain.market.lines.conversion import Money, apart

Limits = tuple[Ceiling, ...]  # what the framework's limits leave a product alone


MOST_MASKS = 512  # of 50 kB for 50,000 products


@dataclass(frozen=True, slots=True)
class Priced:
    """What prices a product has, whoever chose it: whether a study can use it, a sentence, and their health."""

    usable: bool
    price_note: str
    health: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Served:
    """Where a dataset has prices that a study of one currency can use: a mask, its places, and which have their own.

    ``tiers`` are those of every product.
    """

    usable: Mask
    places: Ints
    own: Mask
    tiers: Ints


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """The universe in columns as a framework of one currency sees it, narrowed by filters.

    ``named`` is the dataset a person asked for (``*`` all); where it is empty, their own series come before a
    dataset's. What passes, and what prices a product has, is remembered: large trees mostly repeat their questions.
    """

    columns: Columns
    base_ccy: str
    filters: Rules
    named: str = ""
    _passing: dict[tuple[Rules, Limits], Mask] = field(default_factory=dict, repr=False)
    _known: dict[Basis, _Served] = field(default_factory=dict, repr=False)
    _priced: dict[tuple[str, bool, int], Priced] = field(default_factory=dict, repr=False)

    @property
    def universe(self) -> tuple[Instrument, ...]:
        """Every product and series, in the order of their places."""
        return self.columns.universe

    @property
    def money(self) -> Money:
        """The currency of a study, and the exchange rates that lead to it."""
        return Money(self.base_ccy, self.columns.pairs)

    @property
    def spans(self) -> tuple[Coverage, ...]:
        """One line a dataset, the best first."""
        return self.columns.spans

    def prices(self, instrument: Instrument, dataset: str) -> Availability:
        """The series that can stand for an instrument in a study of this currency."""
        if not self.money.reaches(instrument.currency):
            return Availability(None, False, apart(instrument.currency, self.base_ccy))
        found = availability(instrument, self.columns.index, self.basis(dataset))
        if found.proxied and not self.money.reaches(self._of_proxy(instrument)):
            return Availability(None, False, apart(self._of_proxy(instrument), self.base_ccy))
        return replace(found, caveat=self.columns.caveats.get(instrument.proxy, "")) if found.proxied else found

    def unreached(self, instrument: Instrument) -> tuple[str, str]:
        """What of an instrument and its proxy has prices that no rate brings into the study's currency, and in which.

        Two empty texts where no rate is lacking.
        """
        of_proxy = self._of_proxy(instrument)
        priced = {instrument.symbol, instrument.proxy} & self.columns.index.keys()
        if priced and not self.money.reaches(instrument.currency):
            return instrument.symbol, instrument.currency
        if instrument.proxy in priced and not self.money.reaches(of_proxy):
            return instrument.proxy, of_proxy
        return "", ""

    def usable(self, dataset: str) -> Mask:
        """Where a product has prices that a study can use."""
        return self._served(dataset).usable

    def tiers(self, dataset: str) -> Ints:
        """Of every product, 0 to 5 as ``tier`` has them."""
        return self._served(dataset).tiers

    def priced(self, place: int, dataset: str) -> Priced:
        """What prices the product at a place has, their health as coverage shows it."""
        key = (dataset, bool(self.named), place)
        if key not in self._priced:
            instrument = self.universe[place]
            found = self.prices(instrument, dataset)
            health = check(instrument, found, self.newest(found), self.money)
            self._priced[key] = Priced(found.usable, found.note, health)
        return self._priced[key]

    def basis(self, dataset: str) -> Basis:
        """What the series of a dataset are taken by; ``*`` is all of them."""
        return Basis("" if dataset == ANY_DATASET else dataset, named=bool(self.named))

    def years(self, instrument: Instrument) -> float | None:
        """The history of a product at the market's date."""
        own = self.columns.index.get(instrument.symbol, ())
        return history_years(instrument, own, self.columns.as_of)

    def newest(self, found: Availability) -> date | None:
        """The last date of the dataset a series belongs to."""
        return next((span.last for span in self.spans if found.series and span.dataset == found.series.dataset), None)

    def frequency(self, dataset: str) -> str:
        """The dataset's frequency and a space, to stand before "prices"; empty for none or all of them."""
        return next((f"{span.frequency} " for span in self.spans if span.dataset == dataset), "")

    def lines(self, instrument: Instrument, rules: Rules, limits: Limits = ()) -> Iterator[RuleLine]:
        """The lines of the bucket's rules, of the filters, and of the limits that a product alone can break.

        Gearing is the bucket's alone to allow.
        """
        years = self.years(instrument)
        yield from screen(instrument, rules, years)
        if self.filters != Rules():
            yield from (line for line in screen(instrument, self.filters, years) if line.rule != "leveraged")
        yield from limit_lines(instrument, limits)

    def verdicts(self, rules: Rules, limits: Limits = ()) -> tuple[Verdict, ...]:
        """What ``lines`` says, of every product at once."""
        beside = limit_verdicts(self.columns, limits)
        if self.filters == Rules():
            return (*verdicts(self.columns, rules), *beside)
        narrowed = (verdict for verdict in verdicts(self.columns, self.filters) if verdict.rule != "leveraged")
        return (*verdicts(self.columns, rules), *narrowed, *beside)

    def passing(self, rules: Rules, limits: Limits = ()) -> Mask:
        """Where a product passes the rules and the filters, and alone breaks none of the limits."""
        if (rules, limits) not in self._passing:
            if len(self._passing) >= MOST_MASKS:
                self._passing.clear()
            self._passing[rules, limits] = passing(self.columns, self.verdicts(rules, limits))
        return self._passing[rules, limits]

    def service(self, rules: Rules, dataset: str, limits: Limits = ()) -> Service:
        """How a dataset serves what passes the rules and breaks none of the limits."""
        served = self._served(dataset)
        passing = self.passing(rules, limits)[served.places]
        best = self.columns.tiers[served.places[passing]].min(initial=UNUSABLE)
        return int(best), bool((passing & served.own).any())

    def _served(self, dataset: str) -> _Served:
        basis = self.basis(dataset)
        if basis not in self._known:
            own, either = self.columns.sources(basis)
            usable = either & self._in_base()
            for place in np.flatnonzero(usable & ~own).tolist():
                usable[place] = self.money.reaches(self._of_proxy(self.universe[place]))
            places = np.flatnonzero(usable)
            tiers = self.columns.tiers + np.where(usable, 0, UNUSABLE)
            self._known[basis] = _Served(usable, places, own[places], tiers)
        return self._known[basis]

    def _of_proxy(self, instrument: Instrument) -> str:
        """The currency of what stands in for an instrument; its own where nobody knows that."""
        places = self.columns.symbols.get(instrument.proxy.upper(), NOWHERE).tolist()
        proxies = (self.universe[place] for place in places)
        return next((proxy.currency for proxy in proxies if proxy.symbol == instrument.proxy), instrument.currency)

    def _in_base(self) -> Mask:
        """Where prices are in the framework's currency, or can be converted into it."""
        columns = self.columns
        return columns.where(columns.money, filter(self.money.reaches, columns.money))


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
    return market_in(framework, columns_of(universe, coverage, as_of), filters, dataset=dataset)


def market_in(framework: Framework, columns: Columns, filters: Rules | None = None, *, dataset: str = "") -> Market:
    """The market of columns made ready before."""
    return Market(columns, framework.base_ccy, filters or Rules(), dataset)


def fits(framework: Framework, market: Market) -> tuple[DatasetFit, ...]:
    """How each dataset serves the products that pass the framework's rules, best dataset first."""
    asked = leaf_rules(framework)
    parts = leaves(framework)
    needs = [Need(leaf.label, leaf.target_weight) for leaf in parts]

    limited = Limited(framework)
    each = [(asked[leaf.path], limited.ceilings(leaf.path, leaf.target_weight)) for leaf in parts]
    served = {
        (rules, limits): [market.service(rules, span.dataset, limits) for span in market.spans]
        for rules, limits in dict.fromkeys(each)
    }
    return tuple(fit_of(span, needs, [served[both][n] for both in each]) for n, span in enumerate(market.spans))


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
    served = dataset_fits(needs, market.columns.index, market.spans, money=market.money, named=bool(market.named))
    if any(fit.span.dataset == judged and not fit.lacking for fit in served):
        return judged
    return choose_dataset(served)
