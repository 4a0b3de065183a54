"""How far what a portfolio holds is off its targets: its stored positions at the closes of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from keel.domain.drift.report import DriftReport, Occasion, report
from keel.domain.framework.records import Framework
from keel.domain.policy.records import Policy
from keel.domain.portfolio.records import Portfolio
from keel.services.shared.held.laid import require_laid
from keel.services.shared.held.worth import old, said
from keel.store.connection import Database
from keel.store.holdings import rebalances


def drift_now(
    db: Database,
    portfolio: Portfolio,
    framework: Framework,
    today: date,
    *,
    policy: Policy | None = None,
    as_of: date | None = None,
    last_rebalance: date | None = None,
) -> DriftReport:
    """The drift of what a portfolio holds, at the freshest close at or before the day; a price that was given wins.

    Without a policy it is the framework's own, without a day that of the freshest close among what is held, without a
    last rebalance the newest executed plan's. Raises InputError where nothing is held or nothing is worth anything.
    """
    held = require_laid(db, portfolio, framework, today, as_of)
    priced_at = max((h.priced_on for h in held.holdings if h.priced_on), default=None)
    executed = last_rebalance or rebalances.last(db, portfolio.id)
    started = portfolio.created_at.date() if portfolio.created_at else None
    when = Occasion(held.when, priced_at, executed, started)
    found = report(framework, held.book, held.positions, held.closes, when, policy=policy)
    doubts = old(held.holdings, as_of or today)
    return replace(found, notes=(*found.notes, *said(held.holdings)), findings=doubts)
