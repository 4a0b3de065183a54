"""Fractions, percent and basis points; tolerances; how numbers and dates read on screen.

Weights, drift, returns and rates are fractions everywhere inside Keel. On screen a minus is a true minus, a missing
number is an en dash, and a number stays with its unit on one line (no-break space).
"""

from __future__ import annotations

import math
from datetime import date

from keel.errors import InputError

WEIGHT_TOLERANCE = 1e-9  # sums of weights in the editor
BREACH_TOLERANCE = 1e-9  # a breach is |drift| > band + this
TRADE_TOLERANCE = 1e-12  # a smaller change of weight is no trade
IMPORT_TOLERANCE = 1e-3  # sibling sums in a file

DAYS_PER_YEAR = 365.25
SHORTEST_YEARS = 30 / DAYS_PER_YEAR  # a shorter time has no return a year: two days would give millions
SHORT_YEARS = 3.0  # a history this short is warned of
CARRIED_SESSIONS = 5  # daily sessions over which a close is carried; a longer hole is an error, an older price stale

WITHOUT_CENTS = 1_000.0  # of any currency: from here on cents say nothing
LEAST_CENT = 0.005  # what is less is no cent

MISSING = "–"
MINUS = "−"
SPACE = "\u00a0"  # no-break

_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥"}


def to_bps(fraction: float) -> float:
    """Basis points of a fraction.

    >>> round(to_bps(0.05), 9)
    500.0
    """
    return fraction * 10_000


def from_bps(bps: float) -> float:
    """The fraction of basis points.

    >>> from_bps(500)
    0.05
    """
    return bps / 10_000


def number(x: float | None, digits: int = 2) -> str:
    """A plain number with a true minus and thousands apart.

    >>> number(-0.314), number(1234, 0), number(None)
    ('−0.31', '1,234', '–')
    """
    if x is None or not math.isfinite(x):
        return MISSING
    text = f"{abs(x):,.{digits}f}"
    negative = x < 0 and any(c in "123456789" for c in text)
    return (MINUS if negative else "") + text


def pct(x: float | None, digits: int = 1) -> str:
    """A fraction as percent: weights, volatility, drawdown, turnover.

    >>> pct(0.29), pct(-0.331), pct(-0.0), pct(None)
    ('29.0%', '−33.1%', '0.0%', '–')
    """
    return MISSING if x is None or not math.isfinite(x) else number(100 * x, digits) + "%"


def pct2(x: float | None) -> str:
    """A return or cost drag.

    >>> pct2(0.0699)
    '6.99%'
    """
    return pct(x, 2)


def weight(x: float | None, digits: int = 1, most: int = 4) -> str:
    """A weight with the decimals it needs, ``digits`` to ``most`` of them: what is missing never reads 0.0%.

    >>> weight(0.3333), weight(0.02), weight(0.00004)
    ('33.33%', '2.0%', '0.004%')
    """
    if x is None or not math.isfinite(x):
        return MISSING
    return pct(x, next((d for d in range(digits, most) if abs(round(100 * x, d) - 100 * x) < 1e-7), most))


def pp(x: float | None, digits: int = 1) -> str:
    """A signed difference of two percentages, in percentage points.

    >>> pp(0.034), pp(-0.0012, 2), pp(0)
    ('+3.4\\xa0pp', '−0.12\\xa0pp', '0.0\\xa0pp')
    """
    if x is None or not math.isfinite(x):
        return MISSING
    text = number(100 * x, digits)
    positive = x > 0 and any(c in "123456789" for c in text)
    return ("+" if positive else "") + text + SPACE + "pp"


def band(below: float | None, above: float | None = None, digits: int = 1) -> str:
    """A band's half-width; with two different sides, both.

    >>> band(0.05), band(0.02, 0.05), band(None)
    ('±5.0\\xa0pp', '−2.0\\xa0/\\xa0+5.0\\xa0pp', '–')
    """
    if below is None:
        return MISSING
    if above is None or abs(above - below) < BREACH_TOLERANCE:
        return f"±{100 * below:.{digits}f}{SPACE}pp"
    return f"{MINUS}{100 * below:.{digits}f}{SPACE}/{SPACE}+{100 * above:.{digits}f}{SPACE}pp"


def bps(x: float | None, digits: int = 0) -> str:
    """A fraction in basis points.

    >>> bps(0.001)
    '10\\xa0bps'
    """
    return MISSING if x is None or not math.isfinite(x) else number(to_bps(x), digits) + SPACE + "bps"


def money(x: float | None, ccy: str = "USD", digits: int = 0) -> str:
    """An amount of a currency.

    >>> money(12345), money(-99.5, "EUR", 2), money(10, "CHF"), money(None)
    ('$12,345', '−€99.50', 'CHF\\xa010', '–')
    """
    if x is None or not math.isfinite(x):
        return MISSING
    text = number(x, digits)
    minus, figure = (MINUS, text[1:]) if text.startswith(MINUS) else ("", text)
    return minus + _SIGNS.get(ccy, ccy + SPACE) + figure


def amount(x: float, ccy: str = "USD") -> str:
    """An amount of a currency in a sentence: from 1,000 on without cents, and where there are none.

    >>> amount(950.5), amount(500.0), amount(12345.67, "EUR")
    ('$950.50', '$500', '€12,346')
    """
    whole = abs(x) >= WITHOUT_CENTS or abs(x - round(x)) < LEAST_CENT
    return money(x, ccy, 0 if whole else 2)


def at_most(x: float, ccy: str = "USD") -> str:
    """An amount that may be asked for as it reads: rounded down.

    >>> at_most(12345.67), at_most(950.519)
    ('$12,345', '$950.51')
    """
    parts = 1 if abs(x) >= WITHOUT_CENTS else 100
    return amount(math.floor(x * parts * (1.0 + WEIGHT_TOLERANCE)) / parts, ccy)


def times(x: float | None, digits: int = 2) -> str:
    """Wealth as a multiple of the start.

    >>> times(5.8)
    '5.80×'
    """
    return MISSING if x is None or not math.isfinite(x) else number(x, digits) + "×"


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # never the locale's


def month(d: date | None) -> str:
    """A month.

    >>> month(date(2008, 10, 31))
    'Oct 2008'
    """
    return MISSING if d is None else f"{_MONTHS[d.month - 1]} {d.year}"


def day(d: date | None) -> str:
    """A date.

    >>> day(date(2008, 10, 31))
    '31 Oct 2008'
    """
    return MISSING if d is None else f"{d.day} {month(d)}"


def under_a_year(first: date, last: date) -> bool:
    """Whether a figure a year over this time is more than was seen.

    >>> under_a_year(date(2022, 12, 31), date(2023, 12, 31)), under_a_year(date(2023, 1, 2), date(2023, 12, 29))
    (False, True)
    """
    return (last - first).days < 365


def not_annual(first: date, last: date) -> str:
    """What is said beside figures a year over less than one; empty over a year or more."""
    return "under a year, so figures a year are not annual" if under_a_year(first, last) else ""


def span(first: date | None, last: date | None) -> str:
    """A range of months.

    >>> span(date(1999, 12, 31), date(2025, 12, 31))
    'Dec 1999 – Dec 2025'
    """
    return MISSING if first is None or last is None else f"{month(first)} – {month(last)}"


def read_percent(text: str) -> float | None:
    """The fraction a person typed as percent; None for blank or a dash. Raises InputError for anything else.

    >>> read_percent("60"), read_percent(" 2,5 % "), read_percent("")
    (0.6, 0.025, None)
    """
    figure = text.replace(SPACE, " ").replace("%", "").replace(MINUS, "-").replace(",", ".").strip()
    if figure in {"", MISSING, "-"}:
        return None
    try:
        value = float(figure)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"“{text[:40]}” is not a percentage.", hint="Write a number such as 12.5.")
    return round(value / 100, 12)
