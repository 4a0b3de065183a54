"""When a deposit that is made again and again brings what a portfolio holds into band."""

from __future__ import annotations

from datetime import date

from keel.backtest.luck.schedule import prospect
from keel.domain.plan.ask import Ask
from keel.domain.plan.deposits.prospect import Prospect
from keel.domain.plan.deposits.schedule import Schedule, require_schedule
from keel.domain.policy.records import Policy
from keel.services.shared.held.ahead import histories
from keel.services.shared.held.laid import require_laid
from keel.services.shared.held.trading import trading
from keel.store import frameworks, portfolios, prices
from keel.store.connection import Database
from keel.store.memory import Memory

CHANGES = ("holdings", "portfolios", "frameworks", "instruments")


def regular(
    db: Database,
    portfolio_id: str,
    schedule: Schedule,
    today: date,
    policy: Policy | None = None,
    as_of: date | None = None,
) -> Prospect:
    """After how many deposits every bucket is in its band, at the closes of a day, the freshest without one.

    Without a policy its bands are the framework's. Raises PortfolioNotFoundError, and InputError where nothing is held,
    for an amount that is none, or an account that is not there.
    """
    require_schedule(schedule)
    key = (portfolio_id, schedule, today, policy, as_of, *map(db.revision, CHANGES), prices.revision(db))
    return _recent.recall(db, key, lambda: _regular(db, portfolio_id, schedule, policy, today, as_of))


_recent: Memory[Prospect] = Memory(32)  # one takes half a second


def _regular(
    db: Database, portfolio_id: str, schedule: Schedule, policy: Policy | None, today: date, as_of: date | None
) -> Prospect:
    portfolio = portfolios.get(db, portfolio_id)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    held = require_laid(db, portfolio, framework, today, as_of)
    lines = trading(db, portfolio_id, held, Ask()).lines
    symbols = [*held.book.symbols, *lines.held.outside]
    history = histories(db, framework.base_ccy, symbols, held.when)
    return prospect(lines, policy or framework.rebalancing, schedule, history, held.when)
