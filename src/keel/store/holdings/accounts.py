"""The accounts of portfolios."""

from __future__ import annotations

from collections.abc import Iterable

from keel.domain.portfolio.account import Account, AccountKind
from keel.store.connection import Cursor, Database, insert_rows
from keel.store.values import new_id, now, stamp


def list_for(db: Database, portfolio_id: str) -> tuple[Account, ...]:
    """The accounts of a portfolio, in the order they came."""
    with db.joined() as cursor:
        rows = cursor.execute(
            "select name, kind, currency, id from accounts"
            " where portfolio_id = $portfolio and owner = getvariable('owner')"
            " order by created_at, name",
            {"portfolio": portfolio_id},
        ).fetchall()
    return tuple(Account(name, AccountKind(kind), currency, id) for name, kind, currency, id in rows)


def add(db: Database, portfolio_id: str, accounts: Iterable[Account]) -> dict[str, str]:
    """Name → id of all accounts of a portfolio; those that it lacks are made, the others stay as they are."""

    def work(cursor: Cursor) -> dict[str, str]:
        ids = {account.name: account.id for account in list_for(db, portfolio_id)}
        fresh = {a.name: a for a in accounts if a.name not in ids}
        made = {name: new_id("acc") for name in fresh}
        insert_rows(
            cursor,
            "accounts",
            [
                {
                    "id": made[name],
                    "owner": db.owner,
                    "portfolio_id": portfolio_id,
                    "name": name,
                    "kind": account.kind.value,
                    "currency": account.currency,
                    "created_at": stamp(now()),
                }
                for name, account in fresh.items()
            ],
        )
        return ids | made

    return db.transact(work)


def change(db: Database, portfolio_id: str, accounts: Iterable[Account]) -> None:
    """Writes kind and currency of accounts, by name; one that the portfolio lacks is made."""
    changed = tuple(accounts)
    if not changed:
        return

    def work(cursor: Cursor) -> None:
        db.touch("holdings")
        ids = add(db, portfolio_id, changed)
        for account in changed:
            cursor.execute(
                "update accounts set kind = $kind, currency = $currency"
                " where id = $id and owner = getvariable('owner')",
                {"kind": account.kind.value, "currency": account.currency, "id": ids[account.name]},
            )

    db.transact(work)
