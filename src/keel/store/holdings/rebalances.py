"""When a portfolio was last rebalanced."""

from __future__ import annotations

from datetime import date

from keel.store.connection import Database, first_row


def last(db: Database, portfolio_id: str) -> date | None:
    """The day of the newest executed plan of a portfolio; None when there is none."""
    with db.joined() as cursor:
        row = first_row(
            cursor.execute(
                "select max(executed_at)::date from plans"
                " where portfolio_id = $portfolio and owner = getvariable('owner') and status = 'executed'",
                {"portfolio": portfolio_id},
            )
        )
    return row[0] if row else None
