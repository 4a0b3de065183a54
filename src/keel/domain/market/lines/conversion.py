"""Closes in another currency: by which exchange rates one is reached, and what the closes are in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.issue import Finding, Severity
from keel.domain.market.instrument import Coverage
from keel.domain.market.series import Line, periods
from keel.units import day

BRIDGE = "USD"  # what two currencies without a rate of their own are both quoted in
COARSE_SLACK = 62  # days
FRESH = 7  # days a daily rate is carried, as prices are; a coarser one is carried one period


class Leg(NamedTuple):
    """One exchange rate on the way: ``pair`` is the price of its first currency in its second, or ``inverse`` to it."""

    pair: str
    inverse: bool = False


Route = tuple[Leg, ...]


class Converted(NamedTuple):
    """A symbol whose closes were in another currency, and the pairs that brought them into the study's."""

    symbol: str
    currency: str
    pairs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Money:
    """The currency of a study, and the exchange rates at hand, such as EURUSD: the dollars of one euro.

    >>> Money("EUR", frozenset({"EURUSD", "USDJPY"})).route("JPY")
    (Leg(pair='USDJPY', inverse=True), Leg(pair='EURUSD', inverse=True))
    >>> Money("EUR").route("USD") is None
    True
    """

    base: str = "USD"
    pairs: frozenset[str] = frozenset()

    def route(self, currency: str) -> Route | None:
        """The rates from a currency to the base, none when it is the base or not known; None when there is no way."""
        if currency in ("", self.base):
            return ()
        direct = _leg(currency, self.base, self.pairs)
        if direct:
            return (direct,)
        there, back = _leg(currency, BRIDGE, self.pairs), _leg(BRIDGE, self.base, self.pairs)
        return (there, back) if there and back else None

    def reaches(self, currency: str) -> bool:
        """Whether closes in a currency can be had in the base."""
        return self.route(currency) is not None


def converted(line: Line, rates: Iterable[tuple[Line, str, bool]]) -> Line:
    """The closes in another currency, at the rates of their dates; a date without a fresh rate is left out.

    ``rates`` are each leg's closes, their frequency, and whether they divide. A daily rate is the last one of at most
    seven days, a coarser one that of the same period or the one before.
    """
    dates, closes = line
    for rate, frequency, inverse in rates:
        fresh, factor = _at(rate, dates, frequency)
        dates, closes = dates[fresh], closes[fresh] / factor if inverse else closes[fresh] * factor
    return dates, closes


def worth_on(when: date, close: float, rates: Iterable[tuple[Line, str, bool]]) -> float | None:
    """A close of that day in another currency, by rates not after it; None where one of them is not fresh.

    >>> rate = (np.array(["2020-01-02", "2020-01-09"], dtype="datetime64[D]"), np.array([2.0, 4.0]))
    >>> worth_on(date(2020, 1, 8), 10.0, [(rate, "daily", True)])
    5.0
    """
    past = [
        ((d[d <= np.datetime64(when)], c[d <= np.datetime64(when)]), often, under) for (d, c), often, under in rates
    ]
    _, closes = converted((np.array([when], dtype="datetime64[D]"), np.array([close])), past)
    return float(closes[0]) if len(closes) else None


def in_words(found: Iterable[Converted]) -> tuple[str, ...]:
    """A sentence for each currency that was converted.

    >>> in_words([Converted("VT", "USD", ("EURUSD",)), Converted("BND", "USD", ("EURUSD",))])
    ('Converted from USD by EURUSD: VT, BND.',)
    """
    symbols: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for symbol, currency, pairs in found:
        symbols.setdefault((currency, pairs), []).append(symbol)
    return tuple(
        f"Converted from {currency} by {' and '.join(pairs)}: {', '.join(dict.fromkeys(many))}."
        for (currency, pairs), many in symbols.items()
    )


def cut_short(found: Iterable[tuple[str, Coverage, Coverage]]) -> tuple[str, ...]:
    """A sentence for each rate that begins after what it converts, or ends before: given symbol, series and rate."""
    late: dict[Coverage, list[str]] = {}
    early: dict[Coverage, list[str]] = {}
    for symbol, series, rate in found:
        slack = _slack(rate)
        if (rate.first - series.first).days > slack:
            late.setdefault(rate, []).append(symbol)
        if (series.last - rate.last).days > slack:
            early.setdefault(rate, []).append(symbol)
    return (
        *(f"{r.symbol} begins on {day(r.first)}: closes before are left out for {_each(s)}." for r, s in late.items()),
        *(f"{r.symbol} ends on {day(r.last)}: closes after are left out for {_each(s)}." for r, s in early.items()),
    )


def is_behind(rate: Coverage, other: Coverage) -> bool:
    """Whether a rate ended before another by more than it is carried on."""
    return (other.last - rate.last).days > _slack(rate)


def _slack(rate: Coverage) -> int:
    return FRESH if rate.frequency == "daily" else COARSE_SLACK


def taken_as(unknown: Collection[str], money: Money) -> tuple[str, ...]:
    """A sentence about symbols whose currency nobody knows.

    >>> taken_as(["OWN"], Money("EUR"))
    ('Currency not known, taken as EUR: OWN.',)
    """
    return (f"Currency not known, taken as {money.base}: {_each(unknown)}.",) if unknown else ()


def _each(symbols: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(symbols))


def lacking_rate(currency: str, base: str) -> str:
    """What to do about an exchange rate that is not there.

    >>> lacking_rate("USD", "CHF")
    'Refresh USDCHF, or import it into the dataset currencies.'
    """
    return f"Refresh {currency}{base}, or import it into the dataset currencies."


def apart(currency: str, base: str) -> str:
    """Why prices cannot be used.

    >>> apart("JPY", "USD")
    'Prices in JPY, the framework is in USD, and there is no exchange rate JPYUSD.'
    """
    return f"Prices in {currency}, the framework is in {base}, and there is no exchange rate {currency}{base}."


def foreign(currencies: Iterable[tuple[str, str]], money: Money) -> tuple[Finding, ...]:
    """An error for each symbol, given with its currency, whose closes cannot be had in the study's."""
    return tuple(
        Finding(
            "currency_mismatch",
            Severity.error,
            symbol,
            f"{symbol} is in {currency}, the study in {money.base}, and there is no exchange rate.",
            lacking_rate(currency, money.base),
            step="data",
        )
        for symbol, currency in currencies
        if not money.reaches(currency)
    )


def _leg(own: str, base: str, pairs: Collection[str]) -> Leg | None:
    if f"{own}{base}" in pairs:
        return Leg(f"{own}{base}")
    return Leg(f"{base}{own}", inverse=True) if f"{base}{own}" in pairs else None


def _at(rate: Line, dates: np.ndarray, frequency: str) -> tuple[np.ndarray, Floats]:
    """Where the dates (n,) have a fresh rate, and the rates there."""
    known, asked = periods(rate[0], frequency), periods(dates, frequency)
    at = np.searchsorted(known, asked, side="right") - 1
    slack = FRESH if frequency == "daily" else 1
    fresh = (at >= 0) & (asked - known[np.maximum(at, 0)] <= slack) if len(known) else np.zeros(len(dates), np.bool_)
    return fresh, rate[1][at[fresh]]
