"""The worked example: a framework and its portfolio on real prices, made once and opened as often as one likes."""

from __future__ import annotations

from dataclasses import replace

from keel.domain.exchange.framework_file import read_framework
from keel.domain.framework.records import Framework
from keel.domain.framework.tree import leaves
from keel.domain.portfolio.records import Pick, Portfolio
from keel.errors import FrameworkNotFoundError, PortfolioNotFoundError
from keel.settings import Settings, load
from keel.sources.embedded.example import FILE, example_file
from keel.store import archive, frameworks, instruments, portfolios
from keel.store.connection import Database

FRAMEWORK_ID = "fw_example_global6"
PORTFOLIO_ID = "pf_example_global6"


def open_example(db: Database, settings: Settings | None = None) -> Portfolio:
    """The example's portfolio "Global 6"; the first call stores it, a later one brings it back even when archived."""
    try:
        found = portfolios.get(db, PORTFOLIO_ID)
    except PortfolioNotFoundError:
        return _make(db, settings or load())
    archive.bring_back(db, "portfolio", PORTFOLIO_ID)
    archive.bring_back(db, "framework", FRAMEWORK_ID)
    return found


def _make(db: Database, settings: Settings) -> Portfolio:
    try:
        framework = frameworks.get(db, FRAMEWORK_ID, 1)
    except FrameworkNotFoundError:
        example, _ = read_framework(example_file(settings.data_dir), FILE)
        framework = frameworks.save_version(db, replace(example, id=FRAMEWORK_ID, version=0))
    ids = {i.symbol: i.id for i in instruments.find_many(db, _symbols(framework))}
    picks = tuple(
        Pick(leaf.path, ids.get(holding.symbol, ""), holding.symbol, holding.share)
        for leaf in leaves(framework)
        for holding in leaf.holdings
    )
    return portfolios.save(db, Portfolio(framework.name, framework.id, framework.version, picks, PORTFOLIO_ID))


def _symbols(framework: Framework) -> tuple[str, ...]:
    return tuple(holding.symbol for leaf in leaves(framework) for holding in leaf.holdings)
