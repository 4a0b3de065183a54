"""A symbol's days as Yahoo has them, through ``Ticker.history`` of yfinance: the way that keeps its failures."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from importlib import import_module
from typing import Any

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.market.public.bars import Bars, as_traded, flaw, in_major_units, settled
from keel.sources.yahoo.trouble import EMPTY, Trouble, malformed

PATIENCE = 15  # s until an answer is given up
DELAY = timedelta(minutes=30)  # after the close until the day's bar is the last word
COLUMNS = ("Close", "Adj Close", "Volume", "Dividends", "Stock Splits")


def library() -> Any:
    """yfinance, told to raise what goes wrong and to write nothing on its own."""
    yfinance: Any = import_module("yfinance")  # takes three seconds
    yfinance.config.debug.hide_exceptions = False  # else a failure is an empty frame
    logging.getLogger("yfinance").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="yfinance")
    return yfinance


def ticker(symbol: str) -> Any:
    """The library's object for one symbol, with nothing remembered of earlier answers."""
    yfinance = library()
    # It keeps answers by their address, bad ones too: a try again would read the same one.
    import_module("yfinance.data").YfData().cache_get.cache_clear()
    return yfinance.Ticker(symbol)


def ask_history(symbol: str, since: date | None, now: datetime) -> Bars | Trouble:
    """The symbol's days from ``since`` on, or all, that are over at ``now``; raw closes are as they were on the day.

    The library's errors pass.
    """
    of_it = ticker(symbol)
    span: dict[str, Any] = {"period": "max"} if since is None else {"start": since.isoformat()}
    frame = of_it.history(**span, auto_adjust=False, actions=True, timeout=PATIENCE)
    about: Mapping[str, Any] = of_it.get_history_metadata()
    if frame is None or frame.empty:
        return EMPTY
    lacking = [column for column in COLUMNS if column not in frame]
    if lacking:
        return malformed(f"the column {lacking[0]} is missing")
    bars = settled(in_major_units(as_traded(_bars(symbol, frame, about))), open_day(about, now))
    wrong = flaw(bars)
    if wrong:
        return malformed(wrong)
    return bars if len(bars) else EMPTY


def open_day(about: Mapping[str, Any], now: datetime) -> date | None:
    """The day of the exchange that is not over yet, by what Yahoo says of its hours; None when all are.

    Without hours the day of ``now`` is not over.
    """
    try:
        hours = about["currentTradingPeriod"]["regular"]
        begins, ends = hours["start"], hours["end"]
        day: date = begins.date()
        return day if now < ends + DELAY else None
    except (KeyError, TypeError, AttributeError):
        return now.date()


def _bars(symbol: str, frame: Any, about: Mapping[str, Any]) -> Bars:
    dates = np.array([day.date() for day in frame.index], dtype="datetime64[D]")
    values = (_floats(frame[column]) for column in COLUMNS)
    closes, adjusted, volumes, dividends, splits = values
    facts = {
        "currency": about.get("currency"),
        "name": about.get("longName") or about.get("shortName"),
        "type": about.get("instrumentType"),
    }
    said = {fact: str(value) for fact, value in facts.items() if value}
    return Bars(symbol, dates, closes, adjusted, volumes, dividends, splits, said)


def _floats(column: Any) -> Floats:
    return np.asarray(column.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


Asker = Callable[[str, date | None, datetime], Bars | Trouble]
