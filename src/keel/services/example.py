"""The worked examples: a framework on real prices and a client with accounts, made once and opened at will."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256

from keel.domain.exchange.framework_file import read_framework
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import leaves
from keel.domain.portfolio.account import Account, AccountKind
from keel.domain.portfolio.held.statement import Statement
from keel.domain.portfolio.records import Pick, Portfolio
from keel.errors import FrameworkNotFoundError, PortfolioNotFoundError
from keel.services.shared.held import books
from keel.settings import Settings, load
from keel.sources.brokers import keel
from keel.sources.embedded.example import CLIENT, CLIENT_HOLDINGS, FILE, example_file
from keel.store import archive, frameworks, instruments, portfolios
from keel.store.connection import Database
from keel.store.holdings import imports
from keel.store.holdings.imports import Import
from keel.vocabulary import LOCAL

FRAMEWORK_ID, PORTFOLIO_ID = "fw_example_global6", "pf_example_global6"
CLIENT_FRAMEWORK_ID, CLIENT_ID = "fw_example_client", "pf_example_client"
CLIENT_DAY = date(2016, 7, 1)  # the last closes of the funds in the sample
CLIENT_ACCOUNTS = (Account("Brokerage"), Account("IRA", AccountKind.deferred))


def open_example(db: Database, settings: Settings | None = None) -> Portfolio:
    """The example's portfolio "Global 6"; the first call stores it, a later one brings it back even when archived."""
    return _opened(db, settings or load(), (FILE, FRAMEWORK_ID, PORTFOLIO_ID))


def open_client(db: Database, settings: Settings | None = None) -> Portfolio:
    """The portfolio of the worked client, with what its two accounts hold; made and brought back as the example is.

    Holdings that a person changed since stay as they are.
    """
    kept = settings or load()
    portfolio = _opened(db, kept, (CLIENT, CLIENT_FRAMEWORK_ID, CLIENT_ID))
    data = example_file(kept.data_dir, CLIENT_HOLDINGS)
    if not imports.ever(db, portfolio.id):
        reading = keel.read(data, CLIENT_HOLDINGS, CLIENT_DAY)
        told = Statement(tuple(replace(a, currency="USD") for a in reading.activities))
        made = Import(portfolio.id, "Example", CLIENT_HOLDINGS, sha256(data).hexdigest())
        books.record(db, made, told, CLIENT_ACCOUNTS)
    return portfolio


def remove_client(db: Database) -> None:
    """Puts the worked client away; opening it brings it back."""
    archive.put_away(db, "portfolio", own_id(db, CLIENT_ID))
    archive.put_away(db, "framework", own_id(db, CLIENT_FRAMEWORK_ID))


def is_client(db: Database, portfolio_id: str) -> bool:
    """Whether a portfolio is the worked client's."""
    return portfolio_id == own_id(db, CLIENT_ID)


def own_id(db: Database, id: str) -> str:
    """The id of an example for whom the database is open: each has examples of their own."""
    return id if db.owner == LOCAL else f"{id}_{sha256(db.owner.encode()).hexdigest()[:16]}"


def _opened(db: Database, settings: Settings, named: tuple[str, str, str]) -> Portfolio:
    """The portfolio of an example, given by its file and the ids of framework and portfolio."""
    framework_id, portfolio_id = own_id(db, named[1]), own_id(db, named[2])
    try:
        found = portfolios.get(db, portfolio_id)
    except PortfolioNotFoundError:
        return _make(db, settings, named)
    archive.bring_back(db, "portfolio", portfolio_id)
    archive.bring_back(db, "framework", framework_id)
    return found


def _make(db: Database, settings: Settings, named: tuple[str, str, str]) -> Portfolio:
    file, framework_id, portfolio_id = named[0], own_id(db, named[1]), own_id(db, named[2])
    try:
        framework = frameworks.get(db, framework_id, 1)
    except FrameworkNotFoundError:
        example, _ = read_framework(example_file(settings.data_dir, file), file)
        framework = frameworks.save_version(db, replace(example, id=framework_id, version=0))
    ids = {i.symbol: i.id for i in instruments.find_many(db, _symbols(framework))}
    picks = tuple(
        Pick(leaf.path, ids.get(holding.symbol, ""), holding.symbol, holding.share)
        for leaf in leaves(framework)
        for holding in leaf.holdings
    )
    return portfolios.save(db, Portfolio(framework.name, framework.id, framework.version, picks, portfolio_id))


def _symbols(framework: Framework) -> tuple[str, ...]:
    return tuple(holding.symbol for leaf in leaves(framework) for holding in leaf.holdings)
