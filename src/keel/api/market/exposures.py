"""What products hold, over REST: files imported and taken out again, and what two products have in common."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import Db, File
from keel.domain.lookthrough.as_json import made_json, overlap_json
from keel.services import design
from keel.services.lookthrough import imports
from keel.services.lookthrough import xray as service

router = APIRouter(route_class=Route)

Symbol = Annotated[str, Query(min_length=1, max_length=200)]


@router.post("/exposures/imports", status_code=201)
def import_exposures(
    db: Db, body: File, response: Response, name: Annotated[str, Query(max_length=200)] = "exposures.csv"
) -> dict[str, Any]:
    """What a file said of products: ``symbol,dimension,member,weight`` or ``symbol,holding,weight``."""
    made = imports.commit(db, body, Path(name).name or name, datetime.now(UTC).date())
    response.headers["Location"] = f"/api/v1/exposures/imports/{made.id}"
    return imports.document(made)


@router.get("/exposures/imports")
def list_imports(db: Db, page: Paged) -> list[dict[str, Any]]:
    """The imports that hold, the newest first."""
    return [imports.document(made) for made in page.of(imports.history(db))]


@router.delete("/exposures/imports/{import_id}")
def undo_import(db: Db, import_id: str) -> dict[str, Any]:
    """The import, undone: what was said before counts again."""
    return imports.document(imports.undo(db, import_id))


@router.get("/exposures")
def show_exposures(db: Db, symbol: Symbol, framework_id: Annotated[str, Query(max_length=200)] = "") -> dict[str, Any]:
    """What a product is made of, and by the buckets of a framework, as far as it is known, and who says so."""
    framework = design.get_framework(db, framework_id) if framework_id else None
    made = service.made_of(db, symbol, framework)
    return made_json(symbol, made.xray, made.sources)


@router.get("/exposures/overlap")
def show_overlap(db: Db, first: Symbol, second: Symbol) -> dict[str, Any]:
    """How much two products have in common, as far as their holdings are known."""
    return overlap_json((first, second), service.overlap(db, first, second))
