"""What the columns of a price file are: one a symbol, or a date, a symbol and the prices in rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

DATES = frozenset({"date", "datum", "fecha", "datetime", "timestamp", "trade date"})  # DAY and TIME are tickers
SYMBOLS = frozenset({"symbol", "ticker"})
CLOSES = frozenset(
    {"close", "price", "last", "close price", "closing price", "close last", "kurs", "schlusskurs", "schluss", "nav"}
)
ADJUSTED = frozenset({"adj close", "adjclose", "adjusted close", "adjusted", "close adj", "close adjusted"})
VOLUMES = frozenset({"volume", "vol", "volumen"})
BESIDE = frozenset(
    {"open", "high", "low", "change", "change %", "chg %", "dividends", "dividend", "stock splits", "splits"}
    | {"capital gains", "currency", "erster", "hoch", "tief", "eröffnung", ""}
)
_COPY = re.compile(r" \(\d+\)$")


@dataclass(frozen=True, slots=True)
class Columns:
    """Positions in a header of rows with one price each; ``symbol`` None: one instrument, named by the file.

    ``price`` is what studies read, the adjusted close where there is one; ``raw`` the close beside it.
    """

    date: int
    symbol: int | None
    price: int
    raw: int | None = None
    volume: int | None = None
    adjusted: bool = False


def is_date(name: str) -> bool:
    """Whether a column of this name holds dates."""
    return _word(name) in DATES


def find_columns(header: Sequence[str]) -> Columns | None:
    """Where a file of rows has what; None for a file with one column a symbol.

    >>> find_columns(["Date", "Ticker", "Close"])
    Columns(date=0, symbol=1, price=2, raw=None, volume=None, adjusted=False)
    >>> find_columns(["date", "SPY", "BND"]) is None
    True
    """
    words = [_word(name) for name in header]
    date, symbol, close, adjusted, volume = (_first(words, n) for n in (DATES, SYMBOLS, CLOSES, ADJUSTED, VOLUMES))
    price = close if adjusted is None else adjusted
    if date is None or price is None:
        return None
    if symbol is None and not set(words) <= DATES | CLOSES | ADJUSTED | VOLUMES | BESIDE:
        return None  # a symbol may be called LAST
    return Columns(date, symbol, price, close if adjusted is not None else None, volume, adjusted is not None)


def symbol_of(file: str) -> str:
    """The symbol of the one instrument in a file, from its name.

    >>> symbol_of("spy.csv"), symbol_of("VTI (1).csv"), symbol_of("My fund.csv")
    ('SPY', 'VTI', 'My fund')
    """
    stem = _COPY.sub("", PurePath(file).stem).strip()
    return stem if " " in stem else stem.upper()


def _word(name: str) -> str:
    """A column's name in lower case, with blanks for what else stands between words."""
    return " ".join(re.sub(r"[_./*-]", " ", name.lower()).split())


def _first(words: Sequence[str], names: frozenset[str]) -> int | None:
    return next((n for n, word in enumerate(words) if word in names), None)
