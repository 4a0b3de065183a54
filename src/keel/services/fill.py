"""Filling a bucket: how it is split over its products by a method, as background work; the result is a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from keel.domain.arrays import Floats
from keel.domain.framework.records import Bucket, Framework
from keel.domain.framework.tree import leaves
from keel.domain.mapping.universe import fits, market_in
from keel.domain.market.choice import ANY_DATASET, Basis, choose_dataset
from keel.domain.market.instrument import Instrument
from keel.domain.market.prices import PriceMatrix
from keel.domain.portfolio.risk import covariance, risk
from keel.domain.portfolio.room import Limits, limits_of, reachable, require_room, said_of
from keel.domain.portfolio.split import (
    FEWEST_RETURNS,
    MOST_PRODUCTS,
    Bounds,
    Method,
    Part,
    Split,
    split_json,
)
from keel.domain.reading.day import parse_day
from keel.errors import HistoryTooShortError, InputError, InstrumentNotFoundError
from keel.optimise import weights
from keel.services.shared import jobs
from keel.services.shared.closes import closes
from keel.services.shared.contents import understood
from keel.services.shared.job import Job, Kind, Request
from keel.services.shared.universe import columns
from keel.store import frameworks, instruments
from keel.store.connection import Database
from keel.units import weight


@dataclass(frozen=True, slots=True)
class Asked:
    """How which bucket is to be split over which products, by symbol; ``dataset`` empty: the one that serves best."""

    method: Method
    symbols: tuple[str, ...]
    bounds: Bounds = field(default_factory=dict)
    path: str = ""
    start: date | None = None
    end: date | None = None
    dataset: str = ""


def available(method: Method) -> bool:
    """Whether what the method needs is installed."""
    return weights.available(method)


def fill(prices: PriceMatrix, asked: Asked, limits: Limits | None = None) -> Split:
    """The split of a bucket over the products, on the window all have closes in, inside what limits leave them.

    Raises InputError where the bounds leave no room or what the method needs is not installed, MarketDataError and
    HistoryTooShortError where there are under 24 returns.
    """
    from keel.backtest.window import align, to_date

    limits = limits or Limits()
    room, findings = reachable(require_room(asked.symbols, asked.bounds, limits))
    window = align(prices, asked.symbols, asked.start, asked.end)
    if len(window.dates) <= FEWEST_RETURNS:
        message = f"A split needs {FEWEST_RETURNS} returns; the products share {len(window.dates) - 1}."
        raise HistoryTooShortError(message, hint="Choose products or prices with a longer history.")
    _require_moves(window.closes, asked.symbols)
    shares = weights.shares(asked.method, window.closes[1:] / window.closes[:-1] - 1.0, room)
    found = risk(shares, covariance(window.closes, window.periods_per_year))
    columns = zip(asked.symbols, *(c.tolist() for c in (shares, found.volatilities, found.shares)), strict=True)
    return Split(
        path=asked.path,
        method=asked.method,
        parts=tuple(Part(*column) for column in columns),
        volatility=found.volatility,
        first=to_date(window.dates[0]),
        last=to_date(window.dates[-1]),
        sessions=len(window.dates),
        frequency=window.frequency,
        notes=(*_bounded(asked, limits.most), *said_of(room, shares), *prices.notes, *window.notes),
        findings=findings,
    )


def fill_bucket(db: Database, framework: Framework, asked: Asked) -> Split:
    """The split of a leaf of the framework over stored products, inside its limits.

    Raises InputError for a bucket that is none or unknown products, and as ``fill``.
    """
    leaf = _leaf(framework, asked.path)
    products = _products(db, asked.symbols)
    basis = Basis(asked.dataset, named=True) if asked.dataset not in ("", ANY_DATASET) else _judged(db, framework)
    data = closes(db, products, basis, base_ccy=framework.base_ccy)
    return fill(data.prices, asked, limits_of(framework, leaf, asked.symbols, products))


def fill_priced(prices: PriceMatrix, framework: Framework, asked: Asked) -> Split:
    """The split of a leaf of the framework on given prices, inside its limits; raises as ``fill_bucket``.

    Prices tell of no product what it costs: a limit on that counts all as not known.
    """
    leaf = _leaf(framework, asked.path)
    if not 0 < len(asked.symbols) <= MOST_PRODUCTS or len(set(asked.symbols)) < len(asked.symbols):
        raise _count()
    return fill(prices, asked, limits_of(framework, leaf, asked.symbols, ()))


def named(framework: Framework, path: str) -> tuple[str, ...]:
    """The products that a leaf names. Raises InputError for what is no leaf."""
    return tuple(holding.symbol for holding in _leaf(framework, path).holdings)


def ask_fill(db: Database, framework: Framework, asked: Asked) -> Job[Split]:
    """The split as background work; the same on the same prices is that work."""
    _leaf(framework, asked.path)
    _products(db, asked.symbols)
    request = {
        "framework_id": framework.id,
        "version": framework.version,
        "path": asked.path,
        "method": asked.method.value,
        "symbols": list(asked.symbols),
        "bounds": {symbol: list(pair) for symbol, pair in asked.bounds.items()},
        "start": asked.start.isoformat() if asked.start else None,
        "end": asked.end.isoformat() if asked.end else None,
        "dataset": asked.dataset,
    }
    return jobs.ask(db, FILL, request)


def _run_fill(db: Database, request: Request, _job: Job[Split]) -> Split:
    asked = Asked(
        method=Method(request["method"]),
        symbols=tuple(request["symbols"]),
        bounds={symbol: (pair[0], pair[1]) for symbol, pair in request["bounds"].items()},
        path=request["path"],
        start=parse_day(request["start"]) if request["start"] else None,
        end=parse_day(request["end"]) if request["end"] else None,
        dataset=request["dataset"],
    )
    return fill_bucket(db, frameworks.get(db, request["framework_id"], request["version"]), asked)


def _judged(db: Database, framework: Framework) -> Basis | None:
    """What mapping judges the framework's products by; None where no dataset serves it."""
    dataset = choose_dataset(fits(understood(framework), market_in(framework, columns(db))))
    return Basis(dataset) if dataset else None


def _leaf(framework: Framework, path: str) -> Bucket:
    leaf = next((leaf for leaf in leaves(framework) if leaf.path == path), None)
    if leaf is None:
        known = ", ".join(leaf.path for leaf in leaves(framework))
        raise InputError(
            f"{path or 'An empty path'} is no bucket without parts.", hint=f"There are {known}.", subject=path
        )
    return leaf


def _products(db: Database, symbols: Sequence[str]) -> list[Instrument]:
    if not 0 < len(symbols) <= MOST_PRODUCTS or len(set(symbols)) < len(symbols):
        raise _count()
    known = {i.symbol: i for i in reversed(instruments.find_many(db, symbols))}
    unknown = next((symbol for symbol in symbols if symbol not in known), None)
    if unknown is not None:
        raise InstrumentNotFoundError(f"{unknown} is not known here.", subject=unknown)
    return [known[symbol] for symbol in symbols]


def _count() -> InputError:
    return InputError(f"A split is over 1 to {MOST_PRODUCTS} products, each once.", subject="products")


def _require_moves(values: Floats, symbols: Sequence[str]) -> None:
    still = np.flatnonzero(np.ptp(values, axis=0) == 0)
    if len(still):
        raise InputError(
            f"{symbols[still[0]]} never moved: nothing says how much of it to hold.", subject=symbols[still[0]]
        )


def _bounded(asked: Asked, most: float) -> tuple[str, ...]:
    """What kept the method from what it would have done."""
    own = [f"{s} {weight(low)} to {weight(high)}" for s, (low, high) in asked.bounds.items() if (low, high) != FREE]
    limit = (f"The framework's limits leave a product {weight(most)} of the bucket at most.",) if most < 1 else ()
    return (*limit, *((f"Within: {', '.join(own)}.",) if own else ()))


FREE = (0.0, 1.0)  # no bound at all
FILL: Kind[Split] = Kind("fill", "products", _run_fill, split_json)
JOBS: dict[str, Kind[Any]] = {FILL.name: FILL}
