"""Where in a file something stands, and the values that can stand there: weights, words, switches, lists, rules.

A place is a row and a column of a CSV file, or a field path of a JSON file; the same readers serve both.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from keel.domain.issue import Issue, Severity
from keel.domain.text import has_controls, named, plain, shown, tidy
from keel.errors import ImportFormatError

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
_LONGEST_NUMBER = 60
LONGEST_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Place:
    """A file and a spot in it; ``row`` 1 is the first line, ``column`` a column's name or a field path."""

    file: str
    row: int | None = None
    column: str = ""

    def field(self, name: str) -> Place:
        """The place of a field of the object that stands here."""
        return replace(self, column=f"{self.column}.{name}" if self.column else name)

    def item(self, n: int) -> Place:
        """The place of an item of the list that stands here."""
        return replace(self, column=f"{self.column}[{n}]")

    def __str__(self) -> str:
        """The place in words."""
        if self.row is None:
            return f"{plain(self.file, 200)}, field {plain(self.column, 120)}" if self.column else plain(self.file, 200)
        column = f", column {plain(self.column, 120)}" if self.column else ""
        return f"{plain(self.file, 200)}, row {self.row}{column}"

    def error(self, message: str, hint: str = "") -> ImportFormatError:
        """The complaint about what stands here, to be raised."""
        column = plain(self.column, 120) or None
        return ImportFormatError(f"{self}: {message}", row=self.row, column=column, hint=hint, subject=self.file)

    def warning(self, code: str, message: str, fix: str = "") -> Issue:
        """A warning about what stands here."""
        row = "" if self.row is None else f"row {self.row}, "
        return Issue(code, Severity.warning, f"{row}{plain(self.column, 120)}", message, fix)


def read_number(value: object, place: Place, example: str = "10") -> float:
    """A finite number, given as one or as the text of one (``60%`` is 0.6)."""
    number = math.nan
    if isinstance(value, str):
        number = _number_in(value)
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


def _number_in(text: str) -> float:
    """The number a text holds, NaN when it holds none; percent is exact (33.3% is the float nearest to 0.333)."""
    cleaned = text.strip().replace("−", "-")
    percent = cleaned.endswith("%")
    digits = cleaned.removesuffix("%").rstrip()
    if len(digits) > _LONGEST_NUMBER or not _NUMBER.fullmatch(digits):
        return math.nan
    try:
        return float(Decimal(digits) / 100) if percent else float(digits)
    except (InvalidOperation, OverflowError):
        return math.inf


def read_weight(value: object, place: Place) -> float:
    """A weight as a fraction."""
    return read_number(value, place, "60% or 0.6")


def read_text(value: object, place: Place) -> str:
    """A text on one line. Raises for anything but text."""
    if not isinstance(value, str):
        raise place.error(f"must be text, not {named(value)}.")
    text = tidy(value)
    if len(text) > LONGEST_TEXT:
        raise place.error(f"has {len(text):,} characters; at most {LONGEST_TEXT:,} can be used.")
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


def read_object(value: object, place: Place) -> Mapping[str, object]:
    """An object. Raises for anything else."""
    if not isinstance(value, dict):
        raise place.error(f"must be an object, not {named(value)}.")
    return value


def unknown_fields(given: Mapping[str, object], known: tuple[str, ...], place: Place) -> Iterator[Issue]:
    """A warning per field that means nothing to Keel."""
    for name in given:
        if name not in known:
            message = f"The field {shown(name)} is not known and was ignored."
            yield place.field(name).warning("unknown_field", message, f"Known are {', '.join(known)}.")
