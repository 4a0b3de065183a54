"""Foreign text made fit to show: short, one line, nothing that a terminal would obey."""

from __future__ import annotations

SHOWN = 60


def shown(text: str) -> str:
    """The text in quotes, cut to 60 characters, control characters escaped.

    >>> shown("abc"), shown("a\\x1b[31m" + "b" * 100) == '"a\\\\x1b[31m' + "b" * 54 + '…"'
    ('"abc"', True)
    """
    cut = text[:SHOWN]
    safe = "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)
    return f'"{safe}{"…" if len(text) > SHOWN else ""}"'


def tidy(text: str) -> str:
    """The text on one line, without blanks at its ends.

    >>> tidy(" US \\n equity ")
    'US equity'
    """
    return " ".join(text.split())
