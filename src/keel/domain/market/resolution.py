"""Which series fills each instrument of a study, and the matrix made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from keel.domain.issue import Finding, Severity, errors
from keel.domain.market.choice import (
    ANYWHERE,
    CURRENCIES_DATASET,
    Basis,
    Index,
    Need,
    Source,
    best_series,
    by_symbol,
    choose_dataset,
    dataset_fits,
    exchange_rates,
    source_of,
    spans,
)
from keel.domain.market.instrument import Coverage, Instrument
from keel.domain.market.lines import sentences
from keel.domain.market.lines.conversion import (
    Converted,
    Money,
    Route,
    converted,
    cut_short,
    foreign,
    in_words,
    taken_as,
)
from keel.domain.market.lines.likeness import Likeness, likeness, weak_proxies
from keel.domain.market.prices import CASH, PriceMatrix, StandIn
from keel.domain.market.series import (
    Line,
    coarsest,
    date_like,
    net_of_fee,
    period_ends,
    splice,
    to_coarsest,
)
from keel.errors import MarketDataError, PricesMissingError
from keel.units import day

DOLLARS = Money()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which series fills each instrument; ``dataset`` is empty when they come from several, CASH is left out.

    ``frequency`` is the study's: the coarsest of the series', or coarser when a caller asks for it. ``basis`` is
    what was asked for or chosen. ``issues`` has an error for each instrument that cannot enter the study
    (no series, another currency). ``proxies``: whether one was allowed to stand in. ``stand_ins`` are the instruments
    of the series that may, by symbol, for what is to be said of them. ``beside`` are the own series, by symbol, of the
    products that a proxy fills here: what the proxy is measured by. ``money`` is the study's, and ``rates`` the series
    that lead to it, by pair.
    """

    sources: tuple[Source, ...]
    dataset: str
    frequency: str
    basis: Basis = ANYWHERE
    issues: tuple[Finding, ...] = ()
    proxies: bool = True
    stand_ins: Mapping[str, Instrument] = field(default_factory=dict)
    beside: Mapping[str, Coverage] = field(default_factory=dict)
    money: Money = DOLLARS
    rates: Mapping[str, Coverage] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences about what the series are; ``assemble`` adds how proxies stand in."""
        return (
            *sentences.of_series(self.sources, self.basis, self.frequency),
            *sentences.of_caveats(self.sources, self.stand_ins),
            *sentences.of_regions(self.sources, self.stand_ins),
            *in_words(self.converted),
            *cut_short(self._legs()),
            *taken_as([s.instrument.symbol for s in self.sources if s.main and not s.instrument.currency], self.money),
        )

    def _legs(self) -> Iterator[tuple[str, Coverage, Coverage]]:
        """Each symbol with a series that fills it, as far as it does, and each rate that this takes."""
        for source in self.sources:
            for series in (source.own, source.proxy):
                if series is not None:
                    for pair, _ in self.route(source, series):
                        yield source.instrument.symbol, _until(series, source), self.rates[pair]

    def wanted(self) -> dict[str, tuple[str, ...]]:
        """The symbols to read from each dataset."""
        found: dict[str, list[str]] = {}
        for source in self.sources:
            for series in (source.own, source.proxy, self.beside.get(source.instrument.symbol)):
                if series is not None:
                    found.setdefault(series.dataset, []).append(series.symbol)
                    found.setdefault(CURRENCIES_DATASET, []).extend(pair for pair, _ in self.route(source, series))
        return {dataset: tuple(dict.fromkeys(symbols)) for dataset, symbols in found.items() if symbols}

    @property
    def converted(self) -> tuple[Converted, ...]:
        """The symbols whose closes are brought into the study's currency."""
        filled = ((source, series) for source in self.sources for series in (source.own, source.proxy) if series)
        routes = ((s.instrument.symbol, self.currency(s, series), self.route(s, series)) for s, series in filled)
        found = (Converted(symbol, own, tuple(leg.pair for leg in route)) for symbol, own, route in routes if route)
        return tuple(dict.fromkeys(found))

    def currency(self, source: Source, series: Coverage) -> str:
        """What the closes of a source's series are in; of a proxy that nobody knows it is the product's."""
        if series.symbol == source.instrument.symbol:
            return source.instrument.currency
        return self.stand_ins.get(series.symbol, source.instrument).currency

    def route(self, source: Source, series: Coverage) -> Route:
        """The exchange rates that bring a source's series into the study's currency."""
        return self.money.route(self.currency(source, series)) or ()

    def frequency_of(self, source: Source, series: Coverage) -> str:
        """How often a source's series has a close in the study's currency."""
        legs = self.route(source, series)
        return coarsest([series.frequency, *(self.rates[leg.pair].frequency for leg in legs)])


def _until(series: Coverage, source: Source) -> Coverage:
    """The series as far as it is used: a proxy ends where the product's own prices begin."""
    if source.own is None or series is source.own:
        return series
    return replace(series, last=min(series.last, source.own.first))


def resolve(
    instruments: Sequence[Instrument],
    coverage: Sequence[Coverage],
    basis: Basis | None = None,
    *,
    base_ccy: str = "USD",
    proxies: bool = True,
    stand_ins: Mapping[str, Instrument] | None = None,
) -> Resolution:
    """Which series fills each instrument: its own that the basis takes, else its proxy's, else one of another dataset.

    Without a basis the dataset that serves the instruments best is taken, each counting alike (``choose_dataset``). An
    own series is extended backwards where its proxy is no coarser than the study and of the same kind of price.
    """
    asked = [i for i in {i.symbol: i for i in instruments}.values() if i.symbol != CASH]
    if not proxies:
        asked = [replace(instrument, proxy="") for instrument in asked]
    index, rates = by_symbol(coverage), exchange_rates(coverage)
    needs = [Need(i.symbol, 1.0, (i,)) for i in asked]
    chosen = basis or Basis(choose_dataset(dataset_fits(needs, index, spans(coverage))))
    sources = [_primary(instrument, index, chosen) for instrument in asked]
    frequency = coarsest([s.main.frequency for s in sources if s.main])
    sources = [_extended(source, index, chosen, frequency) for source in sources]
    homes = {s.main.dataset for s in sources if s.main}
    beside = {s.instrument.symbol: own[0] for s in sources if not s.own and (own := index.get(s.instrument.symbol))}
    found = Resolution(
        sources=tuple(sources),
        dataset=homes.pop() if len(homes) == 1 else "",
        frequency=frequency,
        basis=chosen,
        issues=_missing(sources),
        proxies=proxies,
        stand_ins=stand_ins or {},
        beside=beside,
        money=Money(base_ccy, frozenset(rates)),
        rates=rates,
    )
    return _in_one_currency(found)


def _in_one_currency(found: Resolution) -> Resolution:
    """The resolution at a frequency at which all can be converted, with an error for each series that cannot.

    A proxy without an exchange rate, or with one coarser than that, does not extend a product that has prices of its
    own: a month's rate on each of its days would move all at once.
    """
    mains = [(s, s.main) for s in found.sources if s.main]
    alien = foreign([(main.symbol, found.currency(s, main)) for s, main in mains], found.money)
    frequency = coarsest([found.frequency, *(found.frequency_of(s, main) for s, main in mains)])
    sources = tuple(
        replace(s, proxy=None) if s.own and s.proxy and not _joins(found, s, s.proxy, frequency) else s
        for s in found.sources
    )
    return replace(found, sources=sources, frequency=frequency, issues=(*found.issues, *alien))


def _joins(found: Resolution, source: Source, proxy: Coverage, frequency: str) -> bool:
    """Whether a proxy can be had in the study's currency as often as the study asks."""
    reached = found.money.reaches(found.currency(source, proxy))
    return reached and coarsest([found.frequency_of(source, proxy), frequency]) == frequency


def assemble(matrices: Mapping[str, PriceMatrix], resolution: Resolution) -> PriceMatrix:
    """The closes of the resolved instruments, one column a symbol in their order, with kinds, proxied and notes.

    ``matrices`` holds for each dataset of ``resolution.wanted()`` its prices. A proxy is taken less the instrument's
    expense ratio. What is in another currency is converted at each date's rate. An instrument without a series raises
    PricesMissingError, one without an exchange rate MarketDataError.
    """
    _require_usable(resolution)
    lines, proxied, likenesses, notes = [], [], [], []
    for source in resolution.sources:
        filled = _fill(source, matrices, resolution)
        lines.append(filled.line)
        if filled.stand_in is not None and source.proxy is not None:
            proxied.append(filled.stand_in)
            notes += [filled.note] if filled.note else []
            likenesses.append(_measured(source, source.proxy, matrices, resolution))
    frequency = resolution.frequency
    dates, closes = to_coarsest(lines, [frequency] * len(lines))
    kinds = tuple(s.main.price_kind if s.main else "" for s in resolution.sources)
    symbols = tuple(s.instrument.symbol for s in resolution.sources)
    survivors = tuple(i.symbol for i, _ in sentences.own_series(resolution.sources) if i.survivor)
    notes = [*_represented(proxied, resolution), *notes, *_twice(symbols, proxied)]
    notes += [f"{finding.message} {finding.affects}" for finding in weak_proxies(likenesses)]
    return PriceMatrix(
        dates=dates,
        symbols=symbols,
        closes=closes,
        kinds=kinds,
        proxied=tuple(proxied),
        notes=(*notes, *resolution.notes),
        survivors=survivors,
        likenesses=tuple(likenesses),
        converted=resolution.converted,
    )


def _primary(instrument: Instrument, index: Index, basis: Basis) -> Source:
    """The instrument's own series or its proxy's: one that the basis takes first, then any."""
    inside = source_of(instrument, index, basis)
    return inside if inside.main is not None else source_of(instrument, index)


def _extended(source: Source, index: Index, basis: Basis, frequency: str) -> Source:
    """The source with a proxy before its own series, where an earlier one is no coarser than the study.

    Only of one kind of price: at a joint of total and price return the dividends would end in the middle of a line.
    """
    own, name = source.own, source.instrument.proxy
    if own is None or not name:
        return source
    fitting = [
        s
        for s in index.get(name, ())
        if coarsest([s.frequency, frequency]) == frequency and s.first < own.first and s.price_kind == own.price_kind
    ]
    inside = [s for s in fitting if basis.takes(s) or s.dataset == own.dataset]
    return replace(source, proxy=best_series(inside) or best_series(fitting))


@dataclass(frozen=True, slots=True)
class _Filled:
    """One instrument's series, and what stands in for it; a ``note`` where that is so for a part of it."""

    line: Line
    stand_in: StandIn | None = None
    note: str = ""


def _fill(source: Source, matrices: Mapping[str, PriceMatrix], resolution: Resolution) -> _Filled:
    """One instrument's series at the study's frequency and in its currency."""
    symbol, fee, frequency = source.instrument.symbol, source.instrument.expense_ratio, resolution.frequency
    own = _read(source, source.own, matrices, resolution, frequency)
    proxy = _read(source, source.proxy, matrices, resolution, frequency)
    _require_rate(source, own or proxy or _nothing(), matrices, resolution)
    if proxy is None or source.proxy is None:
        return _Filled(own or _nothing())
    proxy = proxy[0], net_of_fee(*proxy, fee or 0.0)
    stands_in = f"{source.proxy.symbol}, a similar series{_less(fee)}"
    if own is None:
        return _Filled(proxy, StandIn(symbol, source.proxy.symbol))
    longer = splice(own, date_like(proxy, own[0], frequency))
    if longer is None:
        return _Filled(own)
    note = f"Before {day(own[0][0].item())} {symbol} is represented by {stands_in}."
    return _Filled(longer, StandIn(symbol, source.proxy.symbol, own[0][0]), note)


def _represented(proxied: Sequence[StandIn], resolution: Resolution) -> list[str]:
    """What stands in all along for products without prices of their own, in one sentence for all of them."""
    fees = {source.instrument.symbol: source.instrument.expense_ratio for source in resolution.sources}
    whole = [stand_in for stand_in in proxied if stand_in.until is None]
    if len(whole) < 2:
        return [f"{s.symbol} is represented by {s.series}, a similar series{_less(fees[s.symbol])}." for s in whole]
    named = [f"{s.symbol} by {s.series} ({_fee(fees[s.symbol])})" for s in whole]
    return [f"Represented by similar series, less the fee of each: {', '.join(named)}."]


def _fee(fee: float | None) -> str:
    return "not known" if fee is None else f"{fee:.2%}"


def _measured(source: Source, proxy: Coverage, matrices: Mapping[str, PriceMatrix], resolution: Resolution) -> Likeness:
    """How alike a fund and its proxy are, at the coarser frequency of the two, whatever the study's is."""
    symbol = source.instrument.symbol
    own = source.own or resolution.beside.get(symbol)
    if own is None or not resolution.money.reaches(resolution.currency(source, own)):
        return Likeness(symbol, proxy.symbol, frequency=proxy.frequency)
    frequency = coarsest([resolution.frequency_of(source, series) for series in (own, proxy)])
    fund, index = (_read(source, series, matrices, resolution, frequency) or _nothing() for series in (own, proxy))
    return likeness(symbol, proxy.symbol, fund, index, frequency)


def _less(fee: float | None) -> str:
    if fee is None:
        return " (its fee is not known and not deducted)"
    return f", less its {fee:.2%} fee"


def _read(
    source: Source, series: Coverage | None, matrices: Mapping[str, PriceMatrix], resolution: Resolution, frequency: str
) -> Line | None:
    """The closes of a source's series at a frequency, in the study's currency."""
    if series is None:
        return None
    rates = (
        (*_rate(resolution.rates[pair], matrices, frequency), inverse)
        for pair, inverse in resolution.route(source, series)
    )
    return converted(_at(frequency, series, matrices), rates)


def _at(frequency: str, series: Coverage, matrices: Mapping[str, PriceMatrix]) -> Line:
    """The closes of a series at a frequency, in its own currency."""
    line = matrices[series.dataset].line(series.symbol)
    return line if frequency == "daily" else period_ends(*line, frequency, series.frequency)


def _rate(rate: Coverage, matrices: Mapping[str, PriceMatrix], frequency: str) -> tuple[Line, str]:
    """An exchange rate as closes of that frequency take it, and how often it then has one.

    A daily one is taken on their days; of the weeks of a month it is the last that ends in it, not the next month's.
    """
    line = matrices[CURRENCIES_DATASET].line(rate.symbol)
    if "daily" in (frequency, rate.frequency):
        return line, rate.frequency
    return period_ends(*line, frequency, frequency), frequency


def _require_rate(source: Source, line: Line, matrices: Mapping[str, PriceMatrix], resolution: Resolution) -> None:
    """Raises PricesMissingError where nothing of a source's main series is left once it is converted."""
    series = source.main
    if series is None or len(line[0]) or not len(_at(resolution.frequency, series, matrices)[0]):
        return
    pairs = " and ".join(leg.pair for leg in resolution.route(source, series))
    message = f"{pairs} has no rate for any close of {series.symbol}."
    raise PricesMissingError(message, hint="Refresh or import a longer history of it.", subject=pairs)


def _nothing() -> Line:
    return np.empty(0, dtype="datetime64[D]"), np.empty(0)


def _twice(symbols: Sequence[str], proxied: Sequence[StandIn]) -> list[str]:
    """A sentence for each series that is in the study more than once."""
    notes = []
    for series in dict.fromkeys(stand_in.series for stand_in in proxied):
        same = [symbol for symbol in symbols if symbol == series or (symbol, series) in [p[:2] for p in proxied]]
        if len(same) > 1:
            notes.append(f"One series more than once, so they move alike: {series} is in {', '.join(same)}.")
    return notes


def _missing(sources: Sequence[Source]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            "prices_missing",
            Severity.error,
            source.instrument.symbol,
            f"There are no prices for {source.instrument.symbol}.",
            "Choose another product.",
            step="mapping",
        )
        for source in sources
        if source.main is None
    )


def _require_usable(resolution: Resolution) -> None:
    missing = [s.instrument.symbol for s in resolution.sources if s.main is None]
    if missing:
        without = "" if resolution.proxies else " of their own" if len(missing) > 1 else " of its own"
        raise PricesMissingError(
            f"There are no prices{without} for {', '.join(missing)}.",
            hint="Choose another product or dataset, or allow proxies.",
            subject=missing[0],
        )
    blocking = errors(resolution.issues)
    if blocking:
        raise MarketDataError(blocking[0].message, hint=blocking[0].fix, subject=blocking[0].subject)
