"""What became of asking a public source for prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from keel.domain.market.public.bars import Failure

MOST_NAMED = 12


@dataclass(frozen=True, slots=True)
class Report:
    """What became of each symbol: new days, no new ones, its whole history again, or why nothing came.

    ``restated`` are those whose past was told otherwise, ``without_facts`` those of which nothing but prices came.
    """

    fetched: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    restated: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    without_facts: tuple[str, ...] = ()


def report_json(report: Report) -> dict[str, Any]:
    """The report as the command line and REST print it."""
    return {
        "fetched": list(report.fetched),
        "unchanged": list(report.unchanged),
        "restated": list(report.restated),
        "failed": [{"symbol": f.symbol, "class": f.kind.value, "message": f.message} for f in report.failed],
    }


def summary(report: Report) -> str:
    """The report in one sentence.

    >>> summary(Report(fetched=("SPY", "BND"), unchanged=("VTI",)))
    '2 symbols with new prices, 1 up to date'
    >>> summary(Report())
    'Nothing was asked for'
    """
    new, same, again, bad = (len(n) for n in (report.fetched, report.unchanged, report.restated, report.failed))
    parts = [
        f"{new} {'symbol' if new == 1 else 'symbols'} with new prices" if new else "",
        f"{same} up to date" if same else "",
        f"{again} restated and fetched whole again" if again else "",
        f"{bad} failed" if bad else "",
    ]
    said = ", ".join(part for part in parts if part)
    return said[:1].upper() + said[1:] if said else "Nothing was asked for"


def failures(report: Report) -> tuple[tuple[str, str], ...]:
    """The failures as (class, sentence): what is true of several is said of the first, with the names of the others.

    >>> from keel.domain.market.public.bars import FailureClass
    >>> none = [Failure(s, FailureClass.timeout, "No network.") for s in ("SPY", "BND")]
    >>> failures(Report(failed=tuple(none)))
    (('timeout', 'No network. (SPY, BND)'),)
    >>> gone = [Failure(s, FailureClass.delisted, f"{s} is gone.") for s in ("A", "B", "C")]
    >>> failures(Report(failed=tuple(gone)))
    (('delisted', 'A is gone. (The same: B, C)'),)
    """
    alike: dict[tuple[str, str], list[Failure]] = {}
    for failure in report.failed:
        alike.setdefault((failure.kind.value, failure.message.replace(failure.symbol, "{}")), []).append(failure)
    return tuple((kind, _said(words, of)) for (kind, words), of in alike.items())


def _said(words: str, of: Sequence[Failure]) -> str:
    """The first failure's sentence, and the symbols of the others."""
    if "{}" not in words:
        return f"{of[0].message} ({named([failure.symbol for failure in of])})"
    others = [failure.symbol for failure in of[1:]]
    return f"{of[0].message} (The same: {named(others)})" if others else of[0].message


def named(symbols: Sequence[str]) -> str:
    """The first symbols, and how many more there are.

    >>> named(["A"]), named([str(n) for n in range(14)])
    ('A', '0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more')
    """
    more = len(symbols) - MOST_NAMED
    return ", ".join(symbols[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
