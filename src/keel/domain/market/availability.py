"""Availability: the price series that stands for an instrument, and what a person is told about it."""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.market.choice import ANYWHERE, Basis, Index, Source, source_of
from keel.domain.market.instrument import Coverage, Instrument
from keel.units import DAYS_PER_YEAR


@dataclass(frozen=True, slots=True)
class Availability:
    """The series that fills an instrument (``series`` None: there is none) and a sentence about it.

    ``caveat`` is what a series that stands in brings along.
    """

    series: Coverage | None
    proxied: bool
    note: str
    caveat: str = ""

    @property
    def usable(self) -> bool:
        """Whether a backtest can use the instrument."""
        return self.series is not None

    @property
    def years(self) -> float:
        """Length of the series in years; 0 without one."""
        return 0.0 if self.series is None else (self.series.last - self.series.first).days / DAYS_PER_YEAR


def availability(instrument: Instrument, index: Index, basis: Basis = ANYWHERE) -> Availability:
    """The instrument's own best series, else its proxy's, of those that the basis takes."""
    source = source_of(instrument, index, basis)
    elsewhere = source_of(instrument, index).main if basis.dataset and source.main is None else None
    if elsewhere is not None:
        return Availability(None, False, f"No prices in this dataset; there are {describe(elsewhere)}.")
    return of_source(source)


def of_source(source: Source) -> Availability:
    """What fills an instrument, with the sentence about it."""
    if source.own:
        return Availability(source.own, False, f"Own prices, {describe(source.own)}.")
    if source.proxy:
        fee = f", minus the {source.instrument.expense_ratio:.2%} fee" if source.instrument.expense_ratio else ""
        note = f"No own prices here: {source.proxy.symbol} stands in{fee}; {describe(source.proxy)}."
        return Availability(source.proxy, True, note)
    return Availability(None, False, "No prices.")


def describe(series: Coverage) -> str:
    """A series in words: frequency, years, and what its prices leave out.

    >>> from datetime import date
    >>> describe(Coverage("SPY", date(2008, 1, 2), date(2016, 7, 1), 2140, "daily", "price_return", "etf_daily"))
    'daily 2008–2016, dividends excluded'
    """
    words = f"{series.frequency} {series.first.year}–{series.last.year}"
    return words + (", dividends excluded" if series.price_kind == "price_return" else "")
