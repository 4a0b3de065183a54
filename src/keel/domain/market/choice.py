"""Which series serves an instrument, and which dataset a set of buckets: the one rule, for every purpose that asks.

A user's series before the sample's; a product's own series before its proxy's; total return before price return; the
longer before the shorter; then by the name of the dataset. A study stands on one dataset (``Basis``); where nobody
named it, what a user has of a product comes before what it has. A value asks
for the freshest close of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple, assert_never

from keel.domain.market.currencies import inverse_of, is_pair
from keel.domain.market.instrument import Coverage, Instrument, InstrumentType
from keel.domain.market.lines.conversion import Money, is_behind

Index = Mapping[str, tuple[Coverage, ...]]
ANY_DATASET = "*"
PUBLIC_DATASET = "public"  # what was fetched from public sources
CURRENCIES_DATASET = "currencies"  # exchange rates such as EURUSD: nothing that a portfolio could hold
LEAST_SESSIONS = 2  # one close has no return
SAMPLE = "sample"  # who owns what came with Keel
UNUSABLE = 3  # the first tier without prices


class Purpose(StrEnum):
    """What a series is wanted for."""

    study = "study"
    value = "value"


@dataclass(frozen=True, slots=True)
class Basis:
    """The dataset that series are taken from, empty for all of them; ``named`` by a person or chosen by rule."""

    dataset: str = ""
    named: bool = False

    def takes(self, series: Coverage) -> bool:
        """Whether a series may serve: one of the dataset, and where nobody named it any of a user's."""
        own = not self.named and series.owner != SAMPLE
        return own or not self.dataset or series.dataset == self.dataset


ANYWHERE = Basis()


class Quote(NamedTuple):
    """The last close of a series at or before a day; ``raw``: what was paid, not adjusted for dividends since."""

    series: Coverage
    date: date
    close: float
    raw: bool


@dataclass(frozen=True, slots=True)
class Source:
    """What fills one instrument: its own series, a proxy before it or instead of it, or nothing."""

    instrument: Instrument
    own: Coverage | None = None
    proxy: Coverage | None = None

    @property
    def main(self) -> Coverage | None:
        """The series that decides frequency and kind: its own, else the proxy."""
        return self.own or self.proxy


@dataclass(frozen=True, slots=True)
class Need:
    """A bucket that prices are wanted for: its label, its part of the whole, and the products that may fill it."""

    label: str
    weight: float
    products: tuple[Instrument, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetFit:
    """How a dataset serves some buckets: its span (symbol empty) and the labels of those it has nothing for.

    ``no_fund`` are the buckets for which it has single stocks or series only, ``own`` counts those with a product that
    has prices of its own there, ``weight`` is the part of the whole that is served.
    """

    span: Coverage
    leaves: int
    lacking: tuple[str, ...]
    no_fund: tuple[str, ...]
    own: int
    weight: float

    @property
    def covers(self) -> int:
        """The number of buckets with a usable product or series."""
        return self.leaves - len(self.lacking)


def best_series(candidates: Iterable[Coverage], purpose: Purpose = Purpose.study) -> Coverage | None:
    """The series to use of several of one symbol; None when none is long enough.

    >>> from datetime import date
    >>> short = Coverage("SPY", date(2008, 1, 2), date(2016, 7, 1), 2140, "daily", "price_return", "etf_daily")
    >>> long = Coverage("SPY", date(1999, 12, 31), date(2026, 6, 30), 319, "monthly", "total_return", "monthly")
    >>> best_series([short, long]).dataset
    'monthly'
    """
    least = LEAST_SESSIONS if purpose is Purpose.study else 1
    long_enough = [series for series in candidates if series.sessions >= least]
    return min(long_enough, key=lambda series: _preference(series, purpose), default=None)


def best_quote(quotes: Iterable[Quote]) -> Quote | None:
    """The close that values an instrument, of its own series: the freshest raw one, else the freshest.

    An adjusted close is no price of its day; it serves where nothing else is known.
    """
    by_series = {replace(quote.series, last=quote.date): quote for quote in quotes}
    raw = [series for series, quote in by_series.items() if quote.raw]
    best = best_series(raw or by_series, Purpose.value)
    return None if best is None else by_series[best]


def by_symbol(coverage: Iterable[Coverage]) -> Index:
    """The series of each symbol that a study can use, best first; exchange rates are none."""
    series_of: dict[str, list[Coverage]] = defaultdict(list)
    for series in coverage:
        if series.sessions >= LEAST_SESSIONS and series.dataset != CURRENCIES_DATASET:
            series_of[series.symbol].append(series)
    return {symbol: tuple(sorted(many, key=_study)) for symbol, many in series_of.items()}


def exchange_rates(coverage: Iterable[Coverage]) -> dict[str, Coverage]:
    """The stored exchange rates by pair, such as EURUSD; one that ended long before its inverse is none.

    >>> from datetime import date
    >>> old = Coverage("USDCHF", date(2000, 1, 3), date(2016, 7, 1), 4000, "daily", "", CURRENCIES_DATASET)
    >>> new = Coverage("CHFUSD", date(2010, 1, 4), date(2026, 7, 1), 4000, "daily", "", CURRENCIES_DATASET)
    >>> list(exchange_rates([old, new]))
    ['CHFUSD']
    """
    stored = (series for series in coverage if series.dataset == CURRENCIES_DATASET and is_pair(series.symbol))
    rates = {series.symbol: series for series in stored if series.sessions >= LEAST_SESSIONS}
    return {pair: rate for pair, rate in rates.items() if not is_behind(rate, rates.get(inverse_of(pair), rate))}


def source_of(instrument: Instrument, index: Index, basis: Basis = ANYWHERE) -> Source:
    """The instrument's best own series, else its proxy's, of those that the basis takes.

    A proxy stands in where the dataset itself has it: what a user has of it elsewhere then comes first, but does not
    bring another dataset's frequency to a product that nobody has prices of.
    """
    own = _best_in(index, instrument.symbol, basis)
    if own is not None:
        return Source(instrument, own=own)
    inside = _best_in(index, instrument.proxy, Basis(basis.dataset, named=True)) if instrument.proxy else None
    return Source(instrument, proxy=inside and _best_in(index, instrument.proxy, basis))


def spans(coverage: Iterable[Coverage]) -> tuple[Coverage, ...]:
    """One line per dataset (symbol empty), best first by the same rule.

    First and last span its series; a dataset with any price return counts as price return. Exchange rates are left out.
    """
    series_of: dict[str, list[Coverage]] = defaultdict(list)
    for series in coverage:
        if series.dataset != CURRENCIES_DATASET:
            series_of[series.dataset].append(series)
    return tuple(sorted((_span(name, many) for name, many in series_of.items()), key=_study))


Service = tuple[int, bool]  # the best tier of some products in a dataset, and whether one has prices of its own there


def fit_of(span: Coverage, needs: Sequence[Need], services: Sequence[Service]) -> DatasetFit:
    """How a dataset serves the needs, by its service to each."""
    best = [tier for tier, _ in services]
    return DatasetFit(
        span=span,
        leaves=len(needs),
        lacking=tuple(need.label for need, n in zip(needs, best, strict=True) if n >= UNUSABLE),
        no_fund=tuple(need.label for need, n in zip(needs, best, strict=True) if 0 < n < UNUSABLE),
        own=sum(own for _, own in services),
        weight=sum(need.weight for need, n in zip(needs, best, strict=True) if n < UNUSABLE),
    )


def dataset_fits(
    needs: Sequence[Need],
    index: Index,
    datasets: Sequence[Coverage],
    *,
    money: Money | None = None,
    named: bool = False,
) -> tuple[DatasetFit, ...]:
    """How each dataset serves the needs, in the order of ``datasets``; what ``money`` does not reach serves none.

    Unless it is ``named``, it serves together with the user's series.
    """
    priced = [[i for i in need.products if money is None or money.reaches(i.currency)] for need in needs]

    def fit(span: Coverage) -> DatasetFit:
        basis = Basis(span.dataset, named)
        return fit_of(span, needs, [_service(products, index, basis) for products in priced])

    return tuple(fit(span) for span in datasets)


def choose_dataset(candidates: Iterable[DatasetFit]) -> str:
    """The first dataset with a fund for every bucket, else the one that serves most of the target weight.

    Of several that serve as much, the one with own prices for more buckets. Empty when none serves any.
    """
    in_order = tuple(candidates)
    for fit in in_order:
        if not fit.lacking and not fit.no_fund:
            return fit.span.dataset
    best = max(in_order, key=lambda fit: (round(fit.weight, 9), fit.covers, fit.own), default=None)
    return best.span.dataset if best and best.covers else ""


def tier(instrument: Instrument, usable: bool) -> int:
    """0 a fund with prices, 1 a stock with prices, 2 a series with prices, 3 to 5 the same without prices.

    A bucket is an exposure: a fund carries it, one company does not, and a series cannot be bought.
    """
    kinds = {InstrumentType.stock: 1, InstrumentType.index: 2}
    return kinds.get(instrument.type, 0) + (0 if usable else UNUSABLE)


def _preference(series: Coverage, purpose: Purpose) -> tuple[int, int, int, str]:
    match purpose:
        case Purpose.study:
            return _study(series)
        case Purpose.value:
            return _value(series)
        case _:
            assert_never(purpose)


def _study(series: Coverage) -> tuple[bool, int, int, str]:
    """Sorts the better series first."""
    kind = {"total_return": 0, "price_return": 2}.get(series.price_kind, 1)
    return (series.owner == SAMPLE, kind, (series.first - series.last).days, series.dataset)


def _value(series: Coverage) -> tuple[int, int, int, str]:
    """Sorts the fresher series first, of two as fresh a user's."""
    return (-series.last.toordinal(), series.owner == SAMPLE, 0, series.dataset)


def _best_in(index: Index, symbol: str, basis: Basis) -> Coverage | None:
    return next((series for series in index.get(symbol, ()) if basis.takes(series)), None)


def _span(name: str, many: list[Coverage]) -> Coverage:
    kinds = {series.price_kind for series in many}
    return Coverage(
        symbol="",
        first=min(series.first for series in many),
        last=max(series.last for series in many),
        sessions=max(series.sessions for series in many),
        frequency=many[0].frequency,
        price_kind="price_return" if "price_return" in kinds else many[0].price_kind,
        dataset=name,
        owner=many[0].owner,
    )


def _service(products: Sequence[Instrument], index: Index, basis: Basis) -> Service:
    sources = [source_of(instrument, index, basis) for instrument in products]
    best = min((tier(source.instrument, source.main is not None) for source in sources), default=UNUSABLE)
    return best, any(source.own is not None for source in sources)
