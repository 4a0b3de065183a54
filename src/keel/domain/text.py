"""Foreign text made fit to show: short, one line, nothing that a terminal would obey."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import count

SHOWN = 60
_BREAKS = "\u2028\u2029"
_SIGNS = r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # in a pattern: what no text may hold; blanks are made one
_BLANKS = r"\s\x1c-\x1f\x85"  # all that Python takes for one: other engines leave some out of \s
TEXT = f"^[^{_SIGNS}]*$"
NAME = rf"^[^{_SIGNS}]*[^{_BLANKS}{_SIGNS}][^{_SIGNS}]*$"  # a text that is more than blanks


def has_controls(text: str) -> bool:
    """True when the text holds a control character or a line break, which no name needs.

    >>> has_controls("a\\x1bb"), has_controls("Größe")
    (True, False)
    """
    return not text.isprintable() and any(c < " " or "\x7f" <= c <= "\x9f" or c in _BREAKS for c in text)


def plain(text: str, most: int = SHOWN) -> str:
    """The text cut to ``most`` characters, with control characters and other unprintable ones escaped.

    >>> plain("Equity"), plain("a\\x1b[31mb"), plain("x" * 9, 4)
    ('Equity', 'a\\\\x1b[31mb', 'xxxx…')
    """
    cut = text[:most]
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)
    return safe + ("…" if len(text) > most else "")


def shown(text: str) -> str:
    """``plain`` in quotes.

    >>> shown("abc")
    '"abc"'
    """
    return f'"{plain(text)}"'


def named(value: object) -> str:
    """A wrong value in a few words.

    >>> named(True), named([1]), named("abc"), named(None), named(0.5)
    ('true', 'a list', '"abc"', 'null', '0.5')
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case dict():
            return "an object"
        case list():
            return "a list"
        case str():
            return shown(value)
        case float():
            return f"{value:g}"
        case int():
            return "a number"
        case _:
            return f"a {type(value).__name__}"


def some(texts: Sequence[str], most: int = 6) -> str:
    """The first texts in a row, made fit to show, and how many there are besides.

    >>> some(["VTI", "BND"]), some(["A", "B", "C"], 2)
    ('VTI, BND', 'A, B and 1 more')
    """
    rest = f" and {len(texts) - most:,} more" if len(texts) > most else ""
    return ", ".join(plain(text) for text in texts[:most]) + rest


def tidy(text: str) -> str:
    """The text on one line, without blanks at its ends.

    >>> tidy(" US \\n equity ")
    'US equity'
    """
    return " ".join(text.split())


def free(name: str, taken: Collection[str]) -> str:
    """The name, numbered when it is taken.

    >>> free("Balanced", ["Growth"]), free("Balanced", ["Balanced", "Balanced 2"])
    ('Balanced', 'Balanced 3')
    """
    return name if name not in taken else next(other for n in count(2) if (other := f"{name} {n}") not in taken)


def slug(text: str) -> str:
    """The text as tags write it: lower case, one underscore for whatever is no letter or digit of any language.

    >>> slug("Information Technology"), slug("Min-Vol"), slug(" Größe ")
    ('information_technology', 'min_vol', 'größe')
    """
    return "_".join("".join(c if c.isalnum() else " " for c in text.lower()).split())
