"""The values that can stand in a cell or a field: numbers, weights, days, words, switches, lists, objects."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from keel.domain.issue import Finding
from keel.domain.reading.place import Place
from keel.domain.text import has_controls, named, shown, tidy

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_LONGEST_NUMBER = 400
LARGEST_WEIGHT = 999_999.0  # what can be stored, and out of range by far
LONGEST_TEXT = 1_000


def parse_number(text: str, *, decimal_comma: bool = False) -> float:
    """The number a text holds, NaN when it holds none; percent is exact (33.3% is the float nearest to 0.333).

    With ``decimal_comma``, which the column says, 1,5 is one and a half; without it a comma is no part of a number.

    >>> parse_number("33.3%"), parse_number("1,5", decimal_comma=True), parse_number("1_000"), parse_number("1,5")
    (0.333, 1.5, nan, nan)
    """
    cleaned = text.strip().replace("−", "-")
    percent = cleaned.endswith("%")
    digits = cleaned.removesuffix("%").rstrip()
    if decimal_comma:
        digits = digits.replace(",", ".")
    if len(digits) > _LONGEST_NUMBER or not _NUMBER.fullmatch(digits):
        return math.nan
    try:
        return float(Decimal(digits) / 100) if percent else float(digits)
    except (InvalidOperation, OverflowError):
        return math.inf


def read_number(value: object, place: Place, example: str = "10", *, decimal_comma: bool = False) -> float:
    """A finite number, given as one or as the text of one (``60%`` is 0.6)."""
    number = math.nan
    if isinstance(value, str):
        number = parse_number(value, decimal_comma=decimal_comma)
        if math.isnan(number):
            raise place.error(f"{shown(value)} is not a number.", f"Write a number such as {example}.")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
    else:
        raise place.error(f"must be a number such as {example}, not {named(value)}.")
    if not math.isfinite(number):
        raise place.error("is not a finite number.", f"Write a number such as {example}.")
    return number


def read_weight(value: object, place: Place, *, decimal_comma: bool = False) -> float:
    """A weight as a fraction; far beyond any it is the largest that is judged, so that sums of weights are numbers."""
    weight = read_number(value, place, "60% or 0.6", decimal_comma=decimal_comma)
    return max(-LARGEST_WEIGHT, min(weight, LARGEST_WEIGHT))


def read_text(value: object, place: Place) -> str:
    """A text on one line. Raises for anything but text."""
    if not isinstance(value, str):
        raise place.error(f"must be text, not {named(value)}.")
    if len(value) > LONGEST_TEXT:  # as it was sent: the document of REST promises no more
        raise place.error(f"has {len(value):,} characters; at most {LONGEST_TEXT:,} can be used.")
    text = tidy(value)
    if has_controls(text):
        raise place.error(f"{shown(text)} holds a control character.", "Write the text again.")
    return text


def read_path(value: object, place: Place) -> str:
    """A bucket's path without blanks around its parts."""
    text = "" if value is None else read_text(value, place)
    if not text:
        raise place.error("the path is missing.", "Write a path such as AssetClass/Equity.")
    return "/".join(part.strip() for part in text.strip("/").split("/"))


def read_switch(value: object, place: Place) -> bool:
    """True or false; as text also yes and no."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in ("true", "yes", "1"):
        return True
    if word in ("false", "no", "0"):
        return False
    raise place.error(f"must be true or false, not {named(value)}.")


def read_list(value: object, place: Place) -> list[object]:
    """A list. Raises for anything else."""
    if not isinstance(value, list):
        raise place.error(f"must be a list, not {named(value)}.")
    return value


def require_few(count: int, most: int, what: str, place: Place) -> None:
    """Raise when there are more of something than can be worked with."""
    if count > most:
        raise place.error(f"it has more than {most:,} {what}, the most that can be used.")


def read_object(value: object, place: Place) -> Mapping[str, object]:
    """An object. Raises for anything else."""
    if not isinstance(value, dict):
        raise place.error(f"must be an object, not {named(value)}.")
    return value


def unknown_fields(given: Mapping[str, object], known: tuple[str, ...], place: Place) -> Iterator[Finding]:
    """A warning per field that means nothing to Keel."""
    for name in given:
        if name not in known:
            message = f"The field {shown(name)} is not known and was ignored."
            yield place.field(name).warning("unknown_field", message, f"Known are {', '.join(known)}.")
