"""The last rebalance is the newest plan that was executed."""

from __future__ import annotations

from datetime import date

from keel.store.connection import Database
from keel.store.holdings.rebalances import last

_PLAN = (
    "insert into plans (id, owner, portfolio_id, portfolio_version, kind, request, fingerprint, lines, edits, status,"
    " created_at, executed_at) values ('{}', 'local', 'p', 1, 'trade', '{{}}', '', '[]', '[]', '{}', now()::timestamp,"
    " {})"
)


def test_only_an_executed_plan_is_a_rebalance(store: Database) -> None:
    assert last(store, "p") is None
    rows = (("a", "executed", "'2026-01-05'"), ("b", "executed", "'2026-02-05'"), ("c", "accepted", "null"))
    for row in rows:
        store.transact(lambda cursor, row=row: cursor.execute(_PLAN.format(*row)))  # type: ignore[misc]
    assert last(store, "p") == date(2026, 2, 5)
    assert last(store.of("ann"), "p") is None
