"""Live positions of a stored portfolio: their drift, and how they meet the limits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from keel.domain.constraints.evaluation import Verdict, judge
from keel.domain.constraints.types import Stage
from keel.domain.drift.held import closes_at
from keel.domain.drift.lines import lines
from keel.domain.drift.report import DriftReport, Occasion, report
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import book
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import holdings
from keel.errors import PricesMissingError
from keel.services.shared.exposed import exposed_lines
from keel.store import frameworks, portfolios, prices
from keel.store.connection import Database


def limits(db: Database, portfolio_id: str, found: DriftReport) -> tuple[Verdict, ...]:
    """How what is held meets the framework's limits and the minimum and maximum of its buckets.

    Raises PortfolioNotFoundError.
    """
    portfolio = portfolios.get(db, portfolio_id)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    held = exposed_lines(db, lines(found))
    return judge(framework, held, Stage.holdings, portfolio_value=found.value)


def drift(
    db: Database,
    portfolio_id: str,
    positions: Sequence[Position],
    *,
    policy: Policy | None = None,
    as_of: date | None = None,
    last_rebalance: date | None = None,
) -> DriftReport:
    """The drift of live positions from a portfolio, at the last stored closes at or before ``as_of``.

    Only an instrument's own prices count, never its proxy's. Positions that bring their prices need none stored; then
    ``as_of`` must be given. Raises PortfolioNotFoundError, PricesMissingError, InputError.
    """
    portfolio = portfolios.get(db, portfolio_id)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    picked = holdings(portfolio)
    symbols = {h.symbol for held in picked.values() for h in held} | {p.symbol for p in positions}
    stored = sorted(symbols & {series.symbol for series in prices.coverage(db)})
    made = book(framework, picked)
    if not stored:
        if as_of is None:
            raise PricesMissingError(
                "None of these holdings has a stored price.", hint="Give the date and a price for each holding."
            )
        return report(framework, made, positions, {}, Occasion(as_of, last_rebalance=last_rebalance), policy=policy)
    priced_at, closes = closes_at(prices.series(db, stored), as_of)
    started = portfolio.created_at.date() if portfolio.created_at else None
    when = Occasion(as_of or priced_at, priced_at, last_rebalance, started)
    return report(framework, made, positions, closes, when, policy=policy)
