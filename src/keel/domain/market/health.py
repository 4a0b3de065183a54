"""Data health: what is wrong with the prices and facts of an instrument, what that affects, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from keel.domain.arrays import Days, Floats
from keel.domain.issue import Finding, Severity
from keel.domain.market.availability import Availability, describe
from keel.domain.market.calendar import sessions_between
from keel.domain.market.choice import PUBLIC_DATASET
from keel.domain.market.crises import during
from keel.domain.market.flaws import suspicious_jumps
from keel.domain.market.instrument import Instrument
from keel.domain.market.lines.conversion import Money, apart, lacking_rate
from keel.domain.text import some
from keel.units import CARRIED_SESSIONS, SHORT_YEARS, day

CARRIED = {"daily": CARRIED_SESSIONS}  # missing periods in a row that a study carries; 1 on coarser data


REFRESH = "Refresh the prices."
LEVELS = {Severity.error: "bad", Severity.warning: "doubtful", Severity.note: "note"}  # as JSON and badges say them


def check(
    instrument: Instrument,
    found: Availability,
    newest: date | None = None,
    money: Money | None = None,
    dates: Days | None = None,
    closes: Floats | None = None,
) -> tuple[Finding, ...]:
    """Every finding on an instrument, the grave ones first: an error keeps it out of a study.

    ``money`` is the currency of a study; without it currencies are not judged. ``newest`` is the last date of the
    dataset the series belongs to, today for public prices. ``dates`` and ``closes`` (n,) are the series itself;
    without them only what its coverage shows is judged.
    """
    findings = [*_of_facts(instrument, found, money), *_of_coverage(found, newest)]
    if found.series is not None and dates is not None and closes is not None:
        findings += _of_series(dates, closes, found.series.frequency)
    of_it = (replace(finding, subject=instrument.symbol) for finding in findings)
    return tuple(sorted(of_it, key=lambda finding: list(Severity).index(finding.severity)))


def old_closes(priced_on: Mapping[str, date], on: date) -> tuple[Finding, ...]:
    """One finding for the symbols whose price was more than five sessions old on a day; none where all are newer.

    >>> [finding.message for finding in old_closes({"SPY": date(2024, 1, 2)}, date(2024, 3, 1))]
    ['The last price of SPY is of 2 Jan 2024.']
    """
    old = sorted(((of, symbol) for symbol, of in priced_on.items() if _age(of, on) > CARRIED_SESSIONS), reverse=True)
    if not old:
        return ()
    least = "" if len({of for of, _ in old}) == 1 else " or before"
    message = f"The last price of {some([symbol for _, symbol in old], 3)} is of {day(old[0][0])}{least}."
    affects = f"The figures are not those of {day(on)}."
    return (Finding("old_prices", Severity.warning, "prices", message, REFRESH, affects=affects, step="data"),)


def _age(of: date, on: date) -> int:
    """Sessions after a price's day, up to another; a few weeks are enough to know that it is old."""
    if on - of > timedelta(days=4 * CARRIED_SESSIONS):
        return CARRIED_SESSIONS + 1
    return len(sessions_between(of + timedelta(days=1), on)) if on > of else 0


def worst(findings: tuple[Finding, ...]) -> str:
    """The gravest level found, or ``ok``."""
    return LEVELS[findings[0].severity] if findings else "ok"


def _seen(code: str, severity: Severity, message: str, affects: str, fix: str) -> Finding:
    return Finding(code, severity, "", message, fix, affects=affects, step="data")


def _of_facts(instrument: Instrument, found: Availability, money: Money | None) -> Iterator[Finding]:
    if money is not None:
        yield from _of_currency(instrument.currency, money)
    if instrument.survivor:
        yield _seen(
            "survivor",
            Severity.note,
            f"{instrument.symbol} is in the sample because it survived.",
            "A backtest with it looks better than one could have known.",
            "Read its return as an upper bound.",
        )
    if found.proxied and found.series is not None:
        yield _seen(
            "proxied",
            Severity.note,
            f"{instrument.proxy}, a similar series, stands in for {instrument.symbol}.",
            "Returns are that series' less the fee, not what the fund paid.",
            "Choose a product with prices of its own where the difference matters.",
        )
    caveat = found.caveat if found.proxied else instrument.caveat
    if caveat:
        yield _seen(
            "caveat",
            Severity.note,
            caveat,
            "Every result rests on it.",
            "",
        )


def _of_currency(currency: str, money: Money) -> Iterator[Finding]:
    route = money.route(currency)
    if route is None:
        yield _seen(
            "currency_mismatch",
            Severity.error,
            apart(currency, money.base),
            "It cannot be used in a study.",
            f"Choose a product in {money.base}, or bring the rate: {lacking_rate(currency, money.base)}",
        )
    elif route:
        yield _seen(
            "converted",
            Severity.note,
            f"Prices are converted from {currency} by {' and '.join(leg.pair for leg in route)}.",
            "Returns hold the exchange rate's too.",
            "",
        )


def _of_coverage(found: Availability, newest: date | None) -> Iterator[Finding]:
    series = found.series
    if series is None:
        yield _seen(
            "missing",
            Severity.error,
            found.note,
            "It cannot enter a backtest.",
            "Choose another product.",
        )
        return
    behind = 0 if newest is None else _sessions_behind(series.last, newest)
    if newest is not None and behind > CARRIED_SESSIONS and series.dataset == PUBLIC_DATASET:
        yield _seen(
            "stale",
            Severity.warning,
            f"The last price is of {day(series.last)}, {(newest - series.last).days} days ago.",
            "Studies end early; a drift report would use an old price.",
            REFRESH,
        )
    elif newest is not None and behind > CARRIED_SESSIONS:
        yield _seen(
            "stale",
            Severity.warning,
            f"The last price is of {day(series.last)}, {(newest - series.last).days} days before the newest.",
            "Studies end early; a drift report would use an old price.",
            "Choose a product with newer prices where the last months matter.",
        )
    if found.years < SHORT_YEARS:
        yield _seen(
            "short_history",
            Severity.warning,
            f"Only {found.years:.1f} years of prices.",
            "Results over so short a time say little.",
            "Choose a product or a dataset with a longer history.",
        )
    if series.price_kind == "price_return":
        yield _seen(
            "dividends_excluded",
            Severity.note,
            f"The prices ({describe(series)}) leave dividends out.",
            "Returns are too low, most for bonds.",
            "Choose a dataset with total returns where there is one.",
        )


def _of_series(dates: Days, closes: Floats, frequency: str) -> Iterator[Finding]:
    wrong = np.flatnonzero(np.isfinite(closes) & (closes <= 0))
    if len(wrong):
        yield _seen(
            "not_positive",
            Severity.error,
            f"{len(wrong)} prices are zero or negative, the first on {_day(dates[wrong[0]])}.",
            "No return can be computed there.",
            "Correct the prices and import them again.",
        )
    start, length = longest_hole(closes)
    if length:
        carried = CARRIED.get(frequency, 1)
        yield _seen(
            "gaps",
            Severity.error if length > carried else Severity.note,
            f"{length} prices in a row are missing from {_day(dates[start])} on.",
            "Studies carry the last price." if length <= carried else "Studies across it are refused.",
            "Import the missing prices." if length > carried else "Nothing, or import them.",
        )
    jumps = suspicious_jumps(closes)
    calm = [int(n) for n in jumps if during(dates[n].item()) is None]
    if calm:
        yield _seen(
            "jumps",
            Severity.warning,
            f"{_times(len(calm))} away and back, the first on {_day(dates[calm[0]])}.",
            "Where that is an error, volatility and drawdown are overstated, and a band could trade on it.",
            "Compare with another source.",
        )
    if len(jumps) > len(calm):
        first = next(int(n) for n in jumps if int(n) not in calm)
        crisis = during(dates[first].item())
        yield _seen(
            "crisis_jumps",
            Severity.note,
            f"{_times(len(jumps) - len(calm))} away and back in a crisis, as markets did: the first on "
            f"{_day(dates[first])} ({crisis.name if crisis else ''}).",
            "Nothing, unless another source differs.",
            "",
        )


def _times(count: int) -> str:
    return "1 price jumps" if count == 1 else f"{count} prices jump"


def _day(moment: np.datetime64) -> str:
    return day(moment.astype("datetime64[D]").item())


def longest_hole(closes: Floats) -> tuple[int, int]:
    """Where the longest run of NaN inside a series begins and its length; (0, 0) without one.

    >>> longest_hole(np.array([np.nan, 1.0, np.nan, np.nan, 2.0, np.nan, 3.0]))
    (2, 2)
    """
    known = np.flatnonzero(np.isfinite(closes))
    if len(known) < 2:
        return 0, 0
    missing = np.diff(known) - 1
    at = int(missing.argmax())
    return (int(known[at]) + 1, int(missing[at])) if missing[at] > 0 else (0, 0)


def _sessions_behind(last: date, newest: date) -> int:
    """Sessions of the exchange after ``last`` up to ``newest``."""
    return max(0, len(sessions_between(last, newest)) - 1) if newest > last else 0
