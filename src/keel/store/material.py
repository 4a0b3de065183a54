"""What a portfolio is studied on: its book and the closes of everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from keel.domain.framework.records import Framework
from keel.domain.mapping.universe import market_of, study_dataset
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import PriceMatrix, resolve
from keel.domain.portfolio.book import Book, book
from keel.domain.portfolio.filling import Filling, filling, in_cash, symbols_of
from keel.domain.portfolio.records import Portfolio
from keel.errors import PricesMissingError
from keel.store import frameworks, instruments, prices
from keel.store.assembled import assembled
from keel.store.connection import Database
from keel.store.memory import Memory


@dataclass(frozen=True, slots=True)
class Material:
    """A portfolio's book, its framework and its prices; ``dataset`` is empty when they come from several.

    ``notes`` name the products without prices, whose weight stays in cash.
    """

    framework: Framework
    book: Book
    prices: PriceMatrix
    dataset: str
    notes: tuple[str, ...]


def material(
    db: Database, portfolio: Portfolio, dataset: str = "", *, proxies: bool = True, also: Sequence[str] = ()
) -> Material:
    """The material of a portfolio, from ``dataset`` where it has the prices, and the closes of the symbols ``also``.

    Raises PricesMissingError when none of its products has prices.
    """
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    filled = filling(portfolio, framework)
    found = held(db, portfolio, framework, filled)
    dataset = dataset or _automatic.recall(
        db,
        (framework, portfolio.picks, proxies, db.revision("instruments"), prices.revision(db)),
        lambda: _dataset(db, framework, filled, found, proxies),
    )
    lacking = {s.instrument.symbol for s in resolve(found, prices.coverage(db)).sources if s.main is None}
    filled, notes = in_cash(filled, lacking, framework) if lacking else (filled, ())
    wanted = [i for i in found if i.symbol not in lacking]
    if not wanted:
        raise PricesMissingError(
            f"No product of {portfolio.name} has prices.", hint="Choose other products, or import prices."
        )
    wanted += _beside(db, [s for s in also if s not in {i.symbol for i in wanted}], framework.base_ccy)
    data = assembled(db, wanted, dataset, base_ccy=framework.base_ccy, proxies=proxies)
    return Material(framework, book(framework, filled), data.prices, data.resolution.dataset, notes)


_automatic: Memory[str] = Memory(32)  # judging the market takes 20 ms


def _dataset(db: Database, framework: Framework, filled: Filling, known: Sequence[Instrument], proxies: bool) -> str:
    """The dataset of a study that names none: the one that mapping judged by, where it has the prices."""
    market = market_of(framework, instruments.universe(db), prices.coverage(db))
    by_symbol = {i.symbol: i for i in known}
    products = {
        path: [(by_symbol[h.symbol], h.share) for h in holdings if h.symbol in by_symbol]
        for path, holdings in filled.items()
    }
    return study_dataset(framework, market, products, proxies=proxies)


def _beside(db: Database, symbols: Sequence[str], currency: str) -> list[Instrument]:
    known = {i.symbol: i for i in instruments.find_many(db, symbols)} if symbols else {}
    return [known.get(s) or bare(s, currency) for s in dict.fromkeys(symbols)]


def held(db: Database, portfolio: Portfolio, framework: Framework, filled: Filling) -> tuple[Instrument, ...]:
    """The instruments of the holdings, each symbol once; one the universe does not know is known by its symbol only."""
    symbols = symbols_of(filled)
    ids = {pick.instrument_id for pick in portfolio.picks}
    known: dict[str, Instrument] = {}
    for instrument in instruments.find_many(db, symbols):
        if instrument.symbol not in known or instrument.id in ids:
            known[instrument.symbol] = instrument
    return tuple(known.get(s) or bare(s, framework.base_ccy) for s in symbols)


def bare(symbol: str, currency: str) -> Instrument:
    """An instrument known by its symbol only."""
    return Instrument(symbol, symbol, symbol, InstrumentType.index, currency=currency)
