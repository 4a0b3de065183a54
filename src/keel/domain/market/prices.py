"""Adjusted closes in a matrix: dates down, symbols across; which series fills each instrument."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.issue import Finding, Severity, errors
from keel.domain.market.choice import (
    ANYWHERE,
    Basis,
    Index,
    Need,
    Source,
    best_series,
    by_symbol,
    choose_dataset,
    dataset_fits,
    source_of,
    spans,
)
from keel.domain.market.flaws import require_sound
from keel.domain.market.instrument import Coverage, Instrument
from keel.domain.market.lines import sentences
from keel.domain.market.lines.likeness import Likeness, likeness, weak_proxies
from keel.domain.market.series import (
    PRICE_KINDS,
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

CASH = "CASH"


class StandIn(NamedTuple):
    """A series that represents a symbol: before ``until``, the first date of its own prices, or throughout (None)."""

    symbol: str
    series: str
    until: np.datetime64 | None = None


@dataclass(frozen=True, slots=True)
class PriceMatrix:
    """Adjusted closes: ``dates`` (n,) datetime64[D] strictly ascending, ``closes`` (n, k), NaN where there is none.

    ``kinds`` is ``total_return`` or ``price_return`` per symbol (empty when not known). ``notes`` are sentences a
    person should see beside a result ("Dividends excluded: SPY"); ``survivors`` are symbols that are there because they
    lived on; ``likenesses`` say of each of ``proxied`` how alike the two are. Rows may be given in any order; a date
    twice and a price that is zero, negative or infinite raise MarketDataError, so that nobody has to ask again.
    """

    dates: Days
    symbols: tuple[str, ...]
    closes: Floats
    kinds: tuple[str, ...] = ()
    proxied: tuple[StandIn, ...] = ()
    notes: tuple[str, ...] = ()
    survivors: tuple[str, ...] = ()
    likenesses: tuple[Likeness, ...] = ()

    def __post_init__(self) -> None:
        require_sound(self.dates, self.symbols, self.closes)
        if np.any(self.dates[1:] < self.dates[:-1]):
            order = np.argsort(self.dates, kind="stable")
            object.__setattr__(self, "dates", self.dates[order])
            object.__setattr__(self, "closes", np.ascontiguousarray(self.closes[order]))

    def line(self, symbol: str) -> Line:
        """The dates and closes one symbol has."""
        closes = self.closes[:, self.symbols.index(symbol)]
        known = ~np.isnan(closes)
        return self.dates[known].astype("datetime64[D]"), closes[known]


@dataclass(frozen=True, slots=True)
class Resolution:
    """Which series fills each instrument; ``dataset`` is empty when they come from several, CASH is left out.

    ``frequency`` is the study's: the coarsest of the series', or coarser when a caller asks for it. ``basis`` is
    what was asked for or chosen. ``issues`` has an error for each instrument that cannot enter the study
    (no series, another currency). ``proxies``: whether one was allowed to stand in. ``stand_ins`` are the instruments
    of the series that may, by symbol, for what is to be said of them. ``beside`` are the own series, by symbol, of the
    products that a proxy fills here: what the proxy is measured by.
    """

    sources: tuple[Source, ...]
    dataset: str
    frequency: str
    basis: Basis = ANYWHERE
    issues: tuple[Finding, ...] = ()
    proxies: bool = True
    stand_ins: Mapping[str, Instrument] = field(default_factory=dict)
    beside: Mapping[str, Coverage] = field(default_factory=dict)

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences about what the series are; ``assemble`` adds how proxies stand in."""
        return (
            *sentences.of_series(self.sources, self.basis, self.frequency),
            *sentences.of_caveats(self.sources, self.stand_ins),
            *sentences.of_regions(self.sources, self.stand_ins),
        )

    def wanted(self) -> dict[str, tuple[str, ...]]:
        """The symbols to read from each dataset."""
        found: dict[str, list[str]] = {}
        for source in self.sources:
            for series in (source.own, source.proxy, self.beside.get(source.instrument.symbol)):
                if series is not None and series.symbol not in found.setdefault(series.dataset, []):
                    found[series.dataset].append(series.symbol)
        return {dataset: tuple(symbols) for dataset, symbols in found.items()}


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
    index = by_symbol(coverage)
    needs = [Need(i.symbol, 1.0, (i,)) for i in asked]
    chosen = basis or Basis(choose_dataset(dataset_fits(needs, index, spans(coverage))))
    sources = [_primary(instrument, index, chosen) for instrument in asked]
    frequency = coarsest([s.main.frequency for s in sources if s.main])
    sources = [_extended(source, index, chosen, frequency) for source in sources]
    homes = {s.main.dataset for s in sources if s.main}
    return Resolution(
        tuple(sources),
        homes.pop() if len(homes) == 1 else "",
        frequency,
        chosen,
        (*_missing(sources), *_foreign(asked, base_ccy)),
        proxies,
        stand_ins or {},
        {
            s.instrument.symbol: index[s.instrument.symbol][0]
            for s in sources
            if not s.own and s.instrument.symbol in index
        },
    )


def assemble(matrices: Mapping[str, PriceMatrix], resolution: Resolution) -> PriceMatrix:
    """The closes of the resolved instruments, one column a symbol in their order, with kinds, proxied and notes.

    ``matrices`` holds for each dataset of ``resolution.wanted()`` its prices. A proxy is taken less the instrument's
    expense ratio. An instrument without a series raises PricesMissingError, one in another currency MarketDataError.
    """
    _require_usable(resolution)
    lines, proxied, likenesses, notes = [], [], [], []
    for source in resolution.sources:
        filled = _fill(source, matrices, resolution.frequency)
        lines.append(filled.line)
        if filled.stand_in is not None and source.proxy is not None:
            proxied.append(filled.stand_in)
            notes.append(filled.note)
            own = source.own or resolution.beside.get(source.instrument.symbol)
            likenesses.append(_measured(source.instrument.symbol, own, source.proxy, matrices))
    frequency = resolution.frequency
    dates, closes = to_coarsest(lines, [frequency] * len(lines))
    kinds = tuple(s.main.price_kind if s.main else "" for s in resolution.sources)
    symbols = tuple(s.instrument.symbol for s in resolution.sources)
    survivors = tuple(i.symbol for i, _ in sentences.own_series(resolution.sources) if i.survivor)
    notes += _twice(symbols, proxied)
    notes += [f"{finding.message} {finding.affects}" for finding in weak_proxies(likenesses)]
    return PriceMatrix(
        dates, symbols, closes, kinds, tuple(proxied), (*notes, *resolution.notes), survivors, tuple(likenesses)
    )


def price_kind(prices: PriceMatrix, symbols: Sequence[str]) -> str:
    """What the closes of these symbols are: ``total_return``, ``price_return``, ``mixed``, or empty when not known."""
    kinds = dict(zip(prices.symbols, prices.kinds, strict=False))
    seen = {kinds.get(symbol, "") for symbol in symbols if symbol != CASH} - {""}
    return seen.pop() if len(seen) == 1 else "mixed" if seen else ""


def kind_words(prices: PriceMatrix, symbols: Sequence[str]) -> str:
    """What the closes of these symbols are, in words; empty when not known.

    >>> days, closes = np.array(["2024-01-02", "2024-01-03"], dtype="datetime64[D]"), np.ones((2, 2))
    >>> kind_words(PriceMatrix(days, ("SPY", "BND"), closes, ("price_return", "total_return")), ["SPY", "BND"])
    '1 of 2 series without dividends'
    """
    kind = price_kind(prices, symbols)
    if kind != "mixed":
        return PRICE_KINDS.get(kind, kind)
    kinds = dict(zip(prices.symbols, prices.kinds, strict=False))
    asked = [symbol for symbol in dict.fromkeys(symbols) if symbol != CASH]
    without = sum(kinds.get(symbol) == "price_return" for symbol in asked)
    return f"{without} of {len(asked)} series without dividends"


def stand_ins(prices: PriceMatrix, symbols: Sequence[str]) -> tuple[str, ...]:
    """The proxies among the prices of these symbols, a phrase each.

    >>> days = np.array(["2024-01-02", "2024-01-03"], dtype="datetime64[D]")
    >>> closes = np.ones((2, 1))
    >>> stand_ins(PriceMatrix(days, ("TLT",), closes, proxied=(StandIn("TLT", "UST", days[1]),)), ["TLT"])
    ('UST for TLT before 2024-01-03',)
    """
    return tuple(_phrase(stand_in) for stand_in in prices.proxied if stand_in.symbol in symbols)


def _phrase(stand_in: StandIn) -> str:
    before = "" if stand_in.until is None else f" before {stand_in.until.astype('datetime64[D]')}"
    return f"{stand_in.series} for {stand_in.symbol}{before}"


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
    """One instrument's series, and what stands in for it with the sentence about that."""

    line: Line
    stand_in: StandIn | None = None
    note: str = ""


def _fill(source: Source, matrices: Mapping[str, PriceMatrix], frequency: str) -> _Filled:
    """One instrument's series at the study's frequency."""
    symbol, fee = source.instrument.symbol, source.instrument.expense_ratio
    own = _read(source.own, matrices, frequency)
    proxy = _read(source.proxy, matrices, frequency)
    if proxy is None or source.proxy is None:
        return _Filled(own or _nothing())
    proxy = proxy[0], net_of_fee(*proxy, fee or 0.0)
    stands_in = f"{source.proxy.symbol}, a similar series{_less(fee)}"
    if own is None:
        return _Filled(proxy, StandIn(symbol, source.proxy.symbol), f"{symbol} is represented by {stands_in}.")
    longer = splice(own, date_like(proxy, own[0], frequency))
    if longer is None:
        return _Filled(own)
    note = f"Before {day(own[0][0].item())} {symbol} is represented by {stands_in}."
    return _Filled(longer, StandIn(symbol, source.proxy.symbol, own[0][0]), note)


def _measured(symbol: str, own: Coverage | None, proxy: Coverage, matrices: Mapping[str, PriceMatrix]) -> Likeness:
    """How alike a fund and its proxy are, at the coarser frequency of the two, whatever the study's is."""
    if own is None:
        return Likeness(symbol, proxy.symbol, frequency=proxy.frequency)
    frequency = coarsest([own.frequency, proxy.frequency])
    fund, stand_in = (_read(series, matrices, frequency) or _nothing() for series in (own, proxy))
    return likeness(symbol, proxy.symbol, fund, stand_in, frequency)


def _less(fee: float | None) -> str:
    if fee is None:
        return " (its fee is not known and not deducted)"
    return f", less its {fee:.2%} fee"


def _read(series: Coverage | None, matrices: Mapping[str, PriceMatrix], frequency: str) -> Line | None:
    if series is None:
        return None
    dates, closes = matrices[series.dataset].line(series.symbol)
    return (dates, closes) if frequency == "daily" else period_ends(dates, closes, frequency, series.frequency)


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


def _foreign(instruments: Sequence[Instrument], base_ccy: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            "currency_mismatch",
            Severity.error,
            i.symbol,
            f"{i.symbol} is in {i.currency}, the study in {base_ccy}: its returns would leave the exchange rate out.",
            f"Choose a product in {base_ccy}.",
            step="mapping",
        )
        for i in instruments
        if i.currency != base_ccy
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
