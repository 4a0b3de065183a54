"""Amounts as people and brokers write them: currency signs, grouped thousands, brackets, a point or a comma."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from keel.domain.market.currencies import CURRENCIES
from keel.domain.reading.place import Place
from keel.domain.text import shown

LARGEST = 1e15  # beyond it a double no longer holds cents
LONGEST = 60
NOTHING = frozenset({"", "-", "--", "---", "—", "–", "n/a", "na", "null", "none", "incomplete"})
_SIGNS = {"€": "EUR", "£": "GBP", "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "HK$": "HKD"}
_MONEY = re.compile(
    r"(?P<sign>[+-]?)(?P<before>[A-Za-z]{0,3}[$€£¥]?)(?P<inner>[+-]?)(?P<open>\(?)(?P<unit>[$€£¥]?)"
    r"(?P<digits>[0-9.,']*[0-9][.,]?)(?P<power>[eE][+-]?[0-9]{1,3})?(?P<after>[A-Za-z]{0,3}[$€£¥]?)"
    r"(?P<close>\)?)(?P<last>[+-]?)"
)
_BLANKS = re.compile(r"\s")  # with the narrow and unbreakable ones that stand between thousands
_BETWEEN = re.compile(r"(?<=\d)[\s’](?=\d)")


class Mark(StrEnum):
    """What stands before the fraction of a number."""

    point = "."
    comma = ","


class Money(NamedTuple):
    """A number and the currency written beside it, empty where none is or where it is only ``$``."""

    value: float
    currency: str = ""


def is_nothing(text: str) -> bool:
    """Whether a cell says that there is no number.

    >>> is_nothing("--"), is_nothing("N/A"), is_nothing("0")
    (True, True, False)
    """
    return len(text) < 12 and text.strip().lower() in NOTHING


def told(text: str) -> Mark | None:
    """What a number alone tells of the mark before its fraction; None where it has none, or ``1,234`` may be either.

    >>> told("$1,234.56"), told("1.234,5"), told("12,5"), told("1,234"), told("1.234.567")
    (<Mark.point: '.'>, <Mark.comma: ','>, <Mark.comma: ','>, None, <Mark.comma: ','>)
    """
    digits = re.sub(r"[^0-9.,]", "", text)
    points, commas = digits.count("."), digits.count(",")
    if points and commas:
        return Mark(max(".,", key=digits.rfind))
    if not points and not commas:
        return None
    seen = Mark.point if points else Mark.comma
    if points + commas > 1:
        return Mark.comma if seen is Mark.point else Mark.point
    whole, _, fraction = digits.partition(seen)
    grouped = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return None if grouped else seen


def mark_of(cells: Iterable[tuple[str, Place]]) -> Mark | None:
    """The mark of all the numbers of a file; None where none of them tells.

    Raises ImportFormatError where some have a comma before the fraction and others a point.

    >>> mark_of([("1,234", Place("a.csv")), ("2.5", Place("a.csv"))])
    <Mark.point: '.'>
    """
    known: Mark | None = None
    for text, place in cells:
        mark = told(text)
        if mark is not None and known is not None and mark is not known:
            raise place.error("some numbers have a decimal comma, others a point.", "Write all of them in one way.")
        known = known or mark
    return known


def parse_money(text: str, mark: Mark = Mark.point) -> Money:
    """The amount a text holds, NaN when it holds none; brackets and a minus on either end make it negative.

    >>> parse_money("($1,234.50)"), parse_money("USD 1.000,00", Mark.comma), parse_money("5.00-").value
    (Money(value=-1234.5, currency=''), Money(value=1000.0, currency='USD'), -5.0)
    >>> parse_money("1'234.5").value, parse_money("12 345,6 €", Mark.comma), parse_money("12,34").value
    (1234.5, Money(value=12345.6, currency='EUR'), nan)
    """
    if len(text) > LONGEST:
        return Money(math.nan)
    joined = _BLANKS.sub("", _BETWEEN.sub("'", text.strip().lstrip("'").replace("−", "-")))
    found = _MONEY.fullmatch(joined)
    if found is None or bool(found["open"]) != bool(found["close"]):
        return Money(math.nan)
    units = [unit for unit in (found["before"], found["unit"], found["after"]) if unit]
    signs = [sign for sign in (found["sign"], found["inner"], found["last"]) if sign]
    currency = _currency(units[0]) if units else ""
    if len(units) > 1 or len(signs) > 1 or currency is None:
        return Money(math.nan)
    below = "-" in signs or bool(found["open"])
    size = _size(found["digits"], found["power"] or "", mark)
    return Money(-size if below and size else size, currency)


def _currency(unit: str) -> str | None:
    """The currency of a sign or code, empty for ``$``, None for what is neither."""
    if unit in ("$", "¥"):
        return ""
    code = _SIGNS.get(unit.upper(), unit.upper())
    return code if code in CURRENCIES else None


def _size(digits: str, power: str, mark: Mark) -> float:
    """The number without sign, NaN where thousands are not grouped by threes."""
    whole, _, fraction = digits.partition(mark)
    other = "." if mark is Mark.comma else ","
    plain = whole.isdigit() or not whole
    grouped = re.fullmatch(rf"\d{{1,3}}(?:'\d{{3}})+|\d{{1,3}}(?:\{other}\d{{3}})+", whole)
    if not (plain or grouped) or (fraction and not fraction.isdigit()):
        return math.nan
    return float(re.sub(r"\D", "", whole) + "." + fraction + power) if whole or fraction else math.nan


def read_money(text: str, place: Place, mark: Mark | None) -> Money:
    """The amount in a cell. Raises ImportFormatError for none, and for one that may be 1,234 or 1.234."""
    if mark is None and told(text) is None and re.search(r"[.,]", text):
        what = f"{shown(text)} may be a thousand and more here, or one and a fraction."
        raise place.error(what, "Write the numbers with two decimals, such as 1234.50.")
    money = parse_money(text, mark or Mark.point)
    if math.isnan(money.value):
        raise place.error(f"{shown(text)} is not a number.", "Write a number such as 1234.56.")
    if abs(money.value) > LARGEST:
        raise place.error(f"{shown(text)} is larger than any number that can be used.")
    return money
