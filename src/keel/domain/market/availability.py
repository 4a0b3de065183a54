"""Availability: which price series can stand for an instrument, and which dataset serves a set of buckets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from keel.domain.market.instrument import Coverage, Instrument
from keel.units import DAYS_PER_YEAR

Index = Mapping[str, tuple[Coverage, ...]]


@dataclass(frozen=True, slots=True)
class Availability:
    """The series that fills an instrument (``series`` None: there is none) and a sentence about it."""

    series: Coverage | None
    proxied: bool
    note: str

    @property
    def usable(self) -> bool:
        """Whether a backtest can use the instrument."""
        return self.series is not None

    @property
    def years(self) -> float:
        """Length of the series in years; 0 without one."""
        return 0.0 if self.series is None else (self.series.last - self.series.first).days / DAYS_PER_YEAR


def by_symbol(coverage: Iterable[Coverage]) -> Index:
    """The series of each symbol, best first: total return before price return, then the longest."""
    found: dict[str, list[Coverage]] = defaultdict(list)
    for series in coverage:
        if series.sessions >= 2:
            found[series.symbol].append(series)
    return {symbol: tuple(sorted(many, key=_preference)) for symbol, many in found.items()}


def availability(instrument: Instrument, index: Index, dataset: str = "") -> Availability:
    """The instrument's own best series, else its proxy's; with ``dataset`` only series of that one count."""
    own = _within(index.get(instrument.symbol, ()), dataset)
    if own:
        return Availability(own[0], False, f"Own prices, {describe(own[0])}.")
    stand_in = _within(index.get(instrument.proxy, ()), dataset) if instrument.proxy else ()
    if stand_in:
        fee = f", less its {instrument.expense_ratio:.2%} fee" if instrument.expense_ratio else ""
        note = f"Through {instrument.proxy}, a similar series{fee}; {describe(stand_in[0])}."
        return Availability(stand_in[0], True, note)
    other = availability(instrument, index) if dataset else None
    if other is not None and other.series is not None:
        return Availability(None, False, f"No prices in this dataset; there are {describe(other.series)}.")
    return Availability(None, False, "No prices.")


def describe(series: Coverage) -> str:
    """A series in words: frequency, years, and what its prices leave out.

    >>> from datetime import date
    >>> describe(Coverage("SPY", date(2008, 1, 2), date(2016, 7, 1), 2140, "daily", "price_return", "etf_daily"))
    'daily 2008–2016, dividends excluded'
    """
    words = f"{series.frequency} {series.first.year}–{series.last.year}"
    return words + (", dividends excluded" if series.price_kind == "price_return" else "")


def datasets(coverage: Iterable[Coverage]) -> tuple[Coverage, ...]:
    """One line per dataset (symbol empty), best first: total return before price return, then the longest.

    First and last span its series; a dataset with any price return counts as price return.
    """
    found: dict[str, list[Coverage]] = defaultdict(list)
    for series in coverage:
        found[series.dataset].append(series)
    return tuple(sorted((_span(name, many) for name, many in found.items()), key=_preference))


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
    )


def _preference(series: Coverage) -> tuple[bool, int, str]:
    return (series.price_kind == "price_return", (series.first - series.last).days, series.dataset)


def _within(many: tuple[Coverage, ...], dataset: str) -> tuple[Coverage, ...]:
    return tuple(series for series in many if not dataset or series.dataset == dataset)
