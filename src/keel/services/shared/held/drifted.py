"""How far what a portfolio holds is off its targets: its stored positions at the closes of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keel.domain.drift.report import DriftReport, Occasion, report
from keel.domain.policy.records import Policy
from keel.domain.portfolio.book import book, with_assigned
from keel.domain.portfolio.records import holdings
from keel.errors import InputError
from keel.services.shared.held.worth import base_closes, in_base, priced, said
from keel.store import frameworks, portfolios
from keel.store.connection import Database
from keel.store.holdings import positions as stored_positions
from keel.store.holdings import rebalances


def drift_now(
    db: Database,
    portfolio_id: str,
    today: date,
    *,
    policy: Policy | None = None,
    as_of: date | None = None,
    last_rebalance: date | None = None,
) -> DriftReport:
    """The drift of what a portfolio holds, at the freshest close at or before the day; a price that was given wins.

    Without a policy it is the framework's own, without a day that of the freshest close among what is held, without a
    last rebalance the newest executed plan's. Raises PortfolioNotFoundError, and InputError where nothing is held or
    nothing is worth anything.
    """
    portfolio = portfolios.get(db, portfolio_id)
    framework = frameworks.get(db, portfolio.framework_id, portfolio.framework_version)
    stored = stored_positions.list_for(db, portfolio_id)
    if not stored:
        message = f"{portfolio.name} holds nothing yet."
        raise InputError(message, hint="Type or import what is held.", subject=portfolio_id)
    day_of, held = priced(db, stored, framework.base_ccy, as_of, today)
    positions = [in_base(holding) for holding in held]
    made = with_assigned(book(framework, holdings(portfolio)), [(p.symbol, p.bucket) for p in positions])
    last = base_closes(db, [pick.instrument_id for pick in portfolio.picks], framework.base_ccy, day_of)
    priced_at = max((h.priced_on for h in held if h.priced_on), default=None)
    executed = last_rebalance or rebalances.last(db, portfolio_id)
    started = portfolio.created_at.date() if portfolio.created_at else None
    when = Occasion(day_of, priced_at, executed, started)
    found = report(framework, made, positions, last, when, policy=policy)
    return replace(found, notes=(*found.notes, *said(held, day_of)))
