"""A portfolio going to another version of its framework, over REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter

from keel.api.answer import Route
from keel.api.portfolios import given_picks
from keel.api.request import Db, Raw, json_object, optional
from keel.services.live import move

router = APIRouter(route_class=Route)


@router.post("/portfolios/{portfolio_id}/move")
def move_portfolio(db: Db, portfolio_id: str, body: Raw) -> dict[str, Any]:
    """What going to a version of the framework changes, the newest without one; with ``accept`` it is done."""
    given = json_object(body)
    version, expected = (optional(given, name, int, None) for name in ("framework_version", "expected_version"))
    seen = move.preview(db, portfolio_id, version, today=datetime.now(UTC).date())
    if not optional(given, "accept", bool, False):
        return {**move.document(seen), "accepted": False}
    picks = {path: tuple(chosen) for path, chosen in given_picks(given).items()}
    after = move.accept(db, portfolio_id, seen.framework.version, expected_version=expected, picks=picks)
    return {**move.document(seen), "portfolio_version": after.version, "accepted": True}
