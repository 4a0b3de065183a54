"""The drift of what a portfolio holds, over REST."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from keel.api.answer import Route
from keel.api.live.positions import AsOf
from keel.api.request import Db
from keel.domain.policy.presets import PRESETS
from keel.errors import InputError
from keel.services import report

router = APIRouter(route_class=Route)


@router.get("/portfolios/{portfolio_id}/drift")
def show_drift(
    db: Db,
    portfolio_id: str,
    as_of: AsOf | None = None,
    policy: Annotated[str, Query(max_length=100, description="A preset; else the framework's own policy.")] = "",
) -> dict[str, Any]:
    """Where what is held stands against its targets, as ``keel drift --json`` prints it."""
    if policy and policy not in PRESETS:
        raise InputError(f"{policy!r} is no preset.", hint=f"The presets are {', '.join(PRESETS)}.", subject="policy")
    asked = report.Asked(datetime.now(UTC).date(), PRESETS.get(policy), as_of)
    return report.document(report.judged(db, portfolio_id, asked))
