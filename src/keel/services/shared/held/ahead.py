"""The chances that what is held leaves its bands, by the histories that a study would use."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from keel.backtest.luck.breach import forecast
from keel.domain.drift.forecast import Forecast
from keel.domain.drift.report import DriftReport
from keel.domain.issue import errors
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.market.resolution import resolve
from keel.errors import MarketDataError
from keel.services.shared.closes import closes
from keel.services.shared.subject import bare
from keel.store import instruments, prices
from keel.store.connection import Database
from keel.store.memory import Memory


def ahead(db: Database, base_ccy: str, found: DriftReport) -> Forecast:
    """The chances of a breach by the histories that a study would use; without any of them none, and why."""
    key = (found, base_ccy, db.revision("instruments"), prices.revision(db))
    return _recent.recall(db, key, lambda: _ahead(db, base_ccy, found))


_recent: Memory[Forecast] = Memory(32)  # one takes a tenth of a second


def _ahead(db: Database, base_ccy: str, found: DriftReport) -> Forecast:
    symbols = [h.symbol for h in found.holdings if h.value]
    return forecast(found, histories(db, base_ccy, symbols, found.as_of))


def histories(db: Database, base_ccy: str, symbols: Iterable[str], as_of: date) -> PriceMatrix:
    """The closes that a study of these symbols would use; one day of none where there are none, or no rate for them."""
    named = [symbol for symbol in dict.fromkeys(symbols) if symbol != CASH]
    facts = {i.symbol: i for i in reversed(instruments.find_many(db, named))}
    known = {symbol: facts.get(symbol) or bare(symbol, base_ccy) for symbol in named}
    proxies = {i.symbol: i for i in instruments.find_many(db, [i.proxy for i in known.values() if i.proxy])}
    had = resolve(list(known.values()), prices.coverage(db), base_ccy=base_ccy, stand_ins=proxies)
    wrong = {finding.subject for finding in errors(had.issues)}  # without a series, or an exchange rate for it
    held = [s.instrument for s in had.sources if s.main is not None and s.main.symbol not in wrong]
    try:
        return closes(db, held, base_ccy=base_ccy).prices
    except MarketDataError:
        return PriceMatrix(np.array([as_of], "datetime64[D]"), (), np.empty((1, 0)))
