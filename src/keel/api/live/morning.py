"""All live portfolios in short, over REST."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter

from keel.api.answer import Route
from keel.api.request import Db
from keel.services.live import morning

router = APIRouter(route_class=Route)


@router.get("/drift")
def show_morning(db: Db) -> dict[str, object]:
    """Every portfolio that holds something, those that would trade first, then the furthest off its targets."""
    return morning.document(morning.morning(db, datetime.now(UTC).date()))
