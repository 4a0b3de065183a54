"""The subject of a study: what a question is asked of, the portfolio's book on the closes of everything in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from keel.domain.framework.groups import alone
from keel.domain.framework.records import Framework
from keel.domain.mapping.universe import market_in, study_dataset
from keel.domain.market.choice import ANY_DATASET, ANYWHERE, Basis, Source
from keel.domain.market.instrument import Instrument, InstrumentType
from keel.domain.market.prices import CASH, PriceMatrix
from keel.domain.market.resolution import resolve
from keel.domain.portfolio.book import Book, book
from keel.domain.portfolio.filling import Filling, filling, in_cash, symbols_of
from keel.domain.portfolio.records import Portfolio
from keel.domain.study.question import Question
from keel.errors import PricesMissingError
from keel.services.shared.closes import closes
from keel.services.shared.contents import understood
from keel.services.shared.universe import columns
from keel.store import frameworks, instruments, portfolios, prices
from keel.store.connection import Database
from keel.store.memory import Memory

if TYPE_CHECKING:
    from keel.backtest.window import Window


@dataclass(frozen=True, slots=True)
class Subject:
    """A portfolio's book, its framework and its prices; ``dataset`` is empty when they come from several.

    ``rates`` are the symbols beside the book that serve as risk-free rates. ``notes`` name the products without
    prices, whose weight stays in cash, and those that stand alone for a group. ``basis`` is what the ``sources``, the
    series of each product, were taken by.
    """

    portfolio: Portfolio
    framework: Framework
    book: Book
    prices: PriceMatrix
    dataset: str
    rates: tuple[str, ...]
    notes: tuple[str, ...]
    basis: Basis = ANYWHERE
    sources: tuple[Source, ...] = ()


def subject(db: Database, question: Question, rates: Sequence[str] = ()) -> Subject:
    """What the question is asked of, with the closes of its own risk-free series and of the other ``rates``.

    Raises PortfolioNotFoundError, and PricesMissingError when none of the portfolio's products has prices.
    """
    portfolio = portfolios.get(db, question.portfolio_id, question.portfolio_version)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    return subject_of(db, question, portfolio, framework, rates)


def subject_of(
    db: Database, question: Question, portfolio: Portfolio, framework: Framework, rates: Sequence[str] = ()
) -> Subject:
    """What the question is asked of, where portfolio and framework need not be stored. Raises PricesMissingError."""
    filled = filling(portfolio, framework)
    products = held(db, portfolio, framework, filled)
    dataset = question.dataset or _automatic(db, question, portfolio, framework)
    lacking = {s.instrument.symbol for s in resolve(products, prices.coverage(db)).sources if s.main is None}
    filled, notes = in_cash(filled, lacking, framework) if lacking else (filled, ())
    notes += _alone(framework, filled)
    priced = [i for i in products if i.symbol not in lacking]
    if not priced:
        raise PricesMissingError(f"No product of {portfolio.name} has prices.", hint="Choose other products.")
    rates = tuple(dict.fromkeys((*question.settings.rates, *rates)))
    priced += _beside(db, [s for s in rates if s not in {i.symbol for i in priced}], framework.base_ccy)
    basis = None if dataset == ANY_DATASET else Basis(dataset, named=bool(question.dataset))
    data = closes(db, priced, basis, base_ccy=framework.base_ccy, proxies=question.proxies)
    return Subject(
        portfolio=portfolio,
        framework=framework,
        book=book(framework, filled),
        prices=data.prices,
        dataset=data.resolution.dataset,
        rates=rates,
        notes=notes,
        basis=data.resolution.basis,
        sources=data.resolution.sources,
    )


def as_before(db: Database, question: Question) -> Question:
    """The question as it was answered before a user's series came first: it names the dataset that served then."""
    portfolio = portfolios.get(db, question.portfolio_id, question.portfolio_version)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    return replace(question, dataset=_automatic(db, question, portfolio, framework, named=ANY_DATASET))


def _alone(framework: Framework, filled: Filling) -> tuple[str, ...]:
    symbols = {path: [h.symbol for h in holdings if h.symbol != CASH] for path, holdings in filled.items()}
    return tuple(alone(understood(framework), symbols).values())


_datasets: Memory[str] = Memory(32)  # judging the market takes 20 ms


def _automatic(db: Database, question: Question, portfolio: Portfolio, framework: Framework, named: str = "") -> str:
    """The dataset of a question that names none: the one that mapping judged by, where it has the prices."""
    key = (framework, portfolio.picks, question.proxies, named, db.revision("instruments"), prices.revision(db))

    def judge() -> str:
        market = market_in(framework, columns(db), dataset=named)
        filled = filling(portfolio, framework)
        known = held(db, portfolio, framework, filled)
        fit = {i.symbol: i if question.proxies else replace(i, proxy="") for i in known}
        products = {
            path: [(fit[h.symbol], h.share) for h in holdings if h.symbol in fit] for path, holdings in filled.items()
        }
        return study_dataset(understood(framework), market, products)

    return _datasets.recall(db, key, judge)


def window(subject: Subject, question: Question) -> Window:
    """The sessions of the question's dates at which everything in the subject has a close. Raises MarketDataError."""
    from keel.backtest.window import align

    symbols = (*subject.book.symbols, *subject.rates)
    return align(subject.prices, symbols, question.start, question.end, allow_gaps=question.settings.allow_gaps)


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


def _beside(db: Database, symbols: Sequence[str], currency: str) -> list[Instrument]:
    known = {i.symbol: i for i in instruments.find_many(db, symbols)} if symbols else {}
    return [known.get(s) or bare(s, currency) for s in dict.fromkeys(symbols)]
