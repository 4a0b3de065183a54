"""Prices over REST: files imported, looked at before, and taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response

from keel.api import jobs
from keel.api.answer import Route
from keel.api.jobs import BESIDE
from keel.api.pages import Paged
from keel.api.request import Db, File
from keel.domain.reading.day import DayForm
from keel.services.market import imports
from keel.services.market.imports import DATASET, Incoming

router = APIRouter(route_class=Route)


Name = Annotated[str, Query(max_length=200, description="What the file is called: one of a single symbol by it.")]


@router.post("/prices/imports", status_code=201, responses=BESIDE)
def import_prices(
    db: Db,
    body: File,
    response: Response,
    name: Name = "prices.csv",
    dataset: Annotated[str, Query(max_length=200)] = DATASET,
    currency: Annotated[str, Query(max_length=20)] = "USD",
    dates: Literal["day first", "month first"] | None = None,
    preview: bool = False,
) -> dict[str, Any]:
    """What a file of prices brought into a dataset; with ``preview`` what it would bring, and nothing is stored.

    A file of more than 4 MB is a job: ``Location`` is where it is watched and stopped, and its result has the imports.
    """
    incoming = Incoming(dataset, currency.upper(), dates=DayForm(dates) if dates else None)
    called = Path(name).name or name
    if preview:
        response.status_code = 200
        return imports.preview_document(imports.preview(db, body, called, incoming))
    if body.stat().st_size > imports.AT_ONCE:
        return jobs.begun(db, imports.ask_import(db, [(called, body)], incoming), response)
    made = imports.commit(db, body, called, incoming)
    response.headers["Location"] = f"/api/v1/prices/imports/{made.id}"
    return imports.document(made)


@router.get("/prices/imports")
def list_imports(db: Db, page: Paged) -> list[dict[str, Any]]:
    """The imports that hold, the newest first."""
    return [imports.document(made) for made in page.of(imports.history(db))]


@router.delete("/prices/imports/{import_id}")
def undo_import(db: Db, import_id: str) -> dict[str, Any]:
    """The import, undone: what it replaced stands again."""
    return imports.document(imports.undo(db, import_id))
