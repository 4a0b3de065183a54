"""Files of holdings and of records over REST: taken in, looked at before, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Response

from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import Db, File
from keel.domain.reading.load_json import load_json
from keel.domain.reading.place import Place
from keel.services.holdings import begin, intake
from keel.services.shared.held.columns import read_columns
from keel.services.shared.held.reading import File as HeldFile

router = APIRouter(route_class=Route)


def _given(
    body: File,
    name: Annotated[str, Query(max_length=200, description="What the file is called.")] = "holdings.csv",
    choose: Annotated[str, Query(max_length=10_000, description="What names mean: NAME=SYMBOL;NAME=SYMBOL.")] = "",
    columns: Annotated[
        str, Query(max_length=10_000, description='Which column is what, as JSON: {"symbol": "Ticker"}.')
    ] = "",
    again: Annotated[bool, Query(description="Trades that an executed plan counts already count too.")] = False,
) -> HeldFile:
    """The file of the body with what is said beside it."""
    choices = dict(map(intake.read_choice, filter(None, choose.split(";"))))
    place = Place("columns")
    said = read_columns(load_json(columns, place), place) if columns else None
    return HeldFile(body.read_bytes(), Path(name).name or name, datetime.now(UTC).date(), choices, said, again)


Given = Annotated[HeldFile, Depends(_given)]


@router.post("/portfolios/begin", status_code=201)
def begin_portfolio(
    db: Db,
    file: Given,
    response: Response,
    portfolio: Annotated[str, Query(max_length=60, description="What the new portfolio is called.")] = "My portfolio",
    currency: Annotated[str, Query(pattern="^[A-Za-z]{3}$", description="Its currency.")] = "USD",
) -> dict[str, Any]:
    """A new portfolio that holds what a file says; its framework has the asset classes and regions of that."""
    begun = begin.begin(db, file, portfolio, currency.upper())
    response.headers["Location"] = f"/api/v1/portfolios/{begun.portfolio.id}"
    return begin.document(begun)


@router.post("/portfolios/{portfolio_id}/imports", status_code=201)
def import_holdings(
    db: Db, portfolio_id: str, file: Given, response: Response, preview: bool = False
) -> dict[str, Any]:
    """What a file came to; with ``preview`` what it would come to, and nothing is stored.

    The same content a second time changes nothing and answers the import that brought it.
    """
    if preview:
        response.status_code = 200
        return intake.preview_json(intake.read(db, portfolio_id, file))
    taken = intake.record(db, portfolio_id, file)
    response.status_code = 200 if taken.preview.same else 201
    response.headers["Location"] = f"/api/v1/portfolios/{portfolio_id}/imports/{taken.made.id}"
    return intake.document(taken)


@router.get("/portfolios/{portfolio_id}/imports")
def list_imports(db: Db, portfolio_id: str, page: Paged) -> list[dict[str, Any]]:
    """The imports and typed changes that hold, the newest first."""
    return [intake.import_json(made) for made in page.of(intake.history(db, portfolio_id))]


@router.delete("/portfolios/{portfolio_id}/imports/{import_id}")
def undo_import(db: Db, portfolio_id: str, import_id: str) -> dict[str, Any]:
    """The import, undone: the portfolio holds what it would without it."""
    return intake.import_json(intake.undo(db, import_id, portfolio_id))
