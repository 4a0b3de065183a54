"""What there is of a portfolio to look at: holdings, a run, the series that value it, a newer framework."""

from __future__ import annotations

from dataclasses import dataclass

from keel.domain.drift.report import DriftReport
from keel.domain.market.choice import Source
from keel.domain.market.prices import CASH
from keel.domain.market.resolution import resolve
from keel.store import frameworks, instruments, portfolios, prices, runs
from keel.store.connection import Database
from keel.store.holdings import positions


@dataclass(frozen=True, slots=True)
class Standing:
    """``held`` says whether anything is; ``run_id`` is the newest run of this version of it, empty without one.

    ``newest`` is the newest version of its framework.
    """

    held: bool
    run_id: str
    newest: int


def standing(db: Database, portfolio_id: str) -> Standing:
    """What there is of the newest version of a portfolio. Raises PortfolioNotFoundError."""
    portfolio = portfolios.get(db, portfolio_id)
    own = (run.id for run in runs.list_for(db, portfolio_id) if run.question.portfolio_version == portfolio.version)
    newest = frameworks.get(db, portfolio.framework_id).version
    return Standing(bool(positions.list_for(db, portfolio_id)), next(own, ""), newest)


def sources(db: Database, report: DriftReport) -> tuple[Source, ...]:
    """The series of its own that each holding of a report has, by symbol; those without one are left out."""
    symbols = {holding.symbol for holding in report.holdings if holding.value} - {CASH}
    known = {i.symbol: i for i in reversed(instruments.find_many(db, symbols))}
    found = resolve(list(known.values()), prices.coverage(db), proxies=False)
    return tuple(source for source in found.sources if source.own is not None)
