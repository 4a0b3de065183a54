"""What a portfolio holds, over REST: shown, and set as a whole."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from keel.api.answer import Route
from keel.api.request import BODY, Body, Db, field, json_object, optional
from keel.domain.portfolio.account import Account
from keel.domain.portfolio.held.as_json import read_account, read_position
from keel.domain.portfolio.position import Position
from keel.domain.reading.place import Place
from keel.services.holdings import show, table
from keel.sources.files.holdings import parse_holdings

router = APIRouter(route_class=Route)
AsOf = Annotated[date, Query(description="The day of the prices; else that of the freshest.")]
HERE = Place(BODY)


@router.get("/portfolios/{portfolio_id}/positions")
def show_positions(db: Db, portfolio_id: str, as_of: AsOf | None = None) -> dict[str, Any]:
    """What a portfolio holds by account, at the freshest closes at or before a day."""
    return show.document(show.show(db, portfolio_id, datetime.now(UTC).date(), as_of))


@router.put("/portfolios/{portfolio_id}/positions")
def put_positions(db: Db, portfolio_id: str, body: Body) -> dict[str, Any]:
    """What a portfolio holds now that all of it was set; the change can be undone like an import.

    What the body leaves out is held no longer. ``accounts`` set kind and currency by name. As ``text/csv`` it is a
    holdings file.
    """
    today = datetime.now(UTC).date()
    base_ccy = show.show(db, portfolio_id, today).currency
    positions, accounts = _read_file(body.data) if body.is_tree else _read(body.data, base_ccy)
    made = table.put(db, portfolio_id, positions, today, accounts)
    return show.document(show.show(db, portfolio_id, today)) | {"import": made.id if made else None}


def _read(data: bytes, base_ccy: str) -> tuple[list[Position], list[Account]]:
    given = json_object(data)
    rows, named = field(given, "positions", list), optional(given, "accounts", list, [])
    positions = [read_position(row, HERE.field("positions").item(n)) for n, row in enumerate(rows)]
    return positions, [read_account(row, HERE.field("accounts").item(n), base_ccy) for n, row in enumerate(named)]


def _read_file(data: bytes) -> tuple[list[Position], list[Account]]:
    """The positions of a CSV file; its accounts are new ones or stay as they are."""
    return list(parse_holdings(data, BODY)), []
