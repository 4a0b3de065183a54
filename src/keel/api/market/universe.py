"""Products over REST: the search, what is known of them, and files imported, looked at before, and taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from keel.api import jobs
from keel.api.answer import Route
from keel.api.jobs import BESIDE
from keel.api.pages import Paged
from keel.api.request import Db, File
from keel.services.market import products
from keel.services.market.search import LONGEST, document, search

router = APIRouter(route_class=Route)


@router.get("/instruments")
def search_instruments(
    db: Db,
    q: Annotated[str, Query(max_length=LONGEST, description="A symbol, an ISIN or words of a name.")] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> dict[str, Any]:
    """One page of the products that hold every word, the best first; every product for none."""
    return document(search(db, q, limit, offset))


@router.get("/universe")
def universe_status(db: Db) -> dict[str, Any]:
    """How many products and facts are known, and the imports that hold."""
    return products.status(db)


@router.post("/universe/imports", status_code=201, responses=BESIDE)
def import_universe(
    db: Db,
    body: File,
    response: Response,
    name: Annotated[str, Query(max_length=200, description="What the file is called.")] = "universe.csv",
    preview: bool = False,
) -> dict[str, Any]:
    """What a file of products brought; with ``preview`` what it would bring, and nothing is stored.

    A file of more than 1 MB is a job: ``Location`` is where it is watched and stopped, and its result is the import.
    """
    called = Path(name).name or name
    if preview:
        response.status_code = 200
        return products.preview_document(products.preview(db, body, called))
    if body.stat().st_size > products.AT_ONCE:
        return jobs.begun(db, products.ask_import(db, called, body), response)
    made = products.commit(db, body, called)
    response.headers["Location"] = f"/api/v1/universe/imports/{made.id}"
    return products.document(made)


@router.post("/universe/fetch", status_code=202)
def fetch_universe(db: Db, response: Response) -> dict[str, Any]:
    """The ETFs that FinanceDatabase lists, as a job; its result is what ``keel universe fetch --json`` prints."""
    return jobs.begun(db, products.ask_fetch(db), response)


@router.get("/universe/imports")
def list_universe_imports(db: Db, page: Paged) -> list[dict[str, Any]]:
    """The imports that hold, the newest first."""
    return [products.document(made) for made in page.of(products.history(db))]


@router.delete("/universe/imports/{import_id}")
def undo_universe_import(db: Db, import_id: str) -> dict[str, Any]:
    """The import, undone: what it replaced stands again."""
    return products.document(products.undo(db, import_id))
