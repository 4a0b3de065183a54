"""Who hands over, one brand an owner."""

from __future__ import annotations

from keel.domain.brand import Brand, Logo, Paper
from keel.store.connection import Cursor, Database, first_row
from keel.store.values import now, stamp


def load(db: Database) -> Brand:
    """The brand; an empty one where nothing was saved."""
    with db.cursor() as cursor:
        row = first_row(
            cursor.execute("select firm, line, logo, logo_kind, paper from brands where owner = getvariable('owner')")
        )
    if row is None:
        return Brand()
    firm, line, logo, kind, paper = row
    return Brand(firm, line, Logo(bytes(logo), kind) if logo is not None else None, Paper(paper) if paper else None)


def save(db: Database, brand: Brand) -> None:
    """Stores the brand in place of the one there was."""
    columns = {
        "firm": brand.firm,
        "line": brand.line,
        "logo": brand.logo.data if brand.logo else None,
        "kind": brand.logo.kind if brand.logo else "",
        "paper": brand.paper.value if brand.paper else None,
        "at": stamp(now()),
    }

    def work(cursor: Cursor) -> None:
        cursor.execute(
            "insert into brands (owner, firm, line, logo, logo_kind, paper, updated_at)"
            " values (getvariable('owner'), $firm, $line, $logo, $kind, $paper, $at)"
            " on conflict (owner) do update set firm = excluded.firm,"
            " line = excluded.line, logo = excluded.logo, logo_kind = excluded.logo_kind,"
            " paper = excluded.paper,"
            " updated_at = excluded.updated_at",
            columns,
        )

    db.transact(work)
