"""Portfolios over REST."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.models.values import Version
from keel.api.request import BODY, Db, Raw, field, json_object, optional
from keel.domain.portfolio.records import Pick, Portfolio
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_number
from keel.errors import InputError
from keel.services import design, mapping
from keel.store.connection import Database

router = APIRouter(route_class=Route)


def _document(portfolio: Portfolio) -> dict[str, Any]:
    return {
        "id": portfolio.id,
        "version": portfolio.version,
        "name": portfolio.name,
        "framework_id": portfolio.framework_id,
        "framework_version": portfolio.framework_version,
        "created_at": portfolio.created_at.isoformat() if portfolio.created_at else None,
        "picks": [
            {"path": p.path, "instrument_id": p.instrument_id, "symbol": p.symbol, "share": p.share, "locked": p.locked}
            for p in portfolio.picks
        ],
    }


@router.post("/portfolios", status_code=201)
def create_portfolio(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """A portfolio of the picks, or of the best usable product of each bucket.

    ``overrides`` set weights of the whole by instrument id or symbol.
    """
    given = json_object(body)
    framework = design.get_framework(db, field(given, "framework_id", str), _version(given))
    created = mapping.accept(
        db,
        framework.id,
        framework.version,
        mapping.best(db, framework) if given.get("picks") is None else _picks(given),
        optional(given, "name", str, ""),
        overrides=_overrides(given),
    )
    response.headers["Location"] = f"/api/v1/portfolios/{created.id}"
    return _document(created)


def _version(given: Mapping[str, Any]) -> int | None:
    version: int | None = optional(given, "framework_version", int, None)
    return version


def _picks(given: Mapping[str, Any]) -> dict[str, list[Pick]]:
    picks: dict[str, list[Pick]] = {}
    for row in field(given, "picks", list):
        pick = _pick(row)
        picks.setdefault(pick.path, []).append(pick)
    return picks


def _overrides(given: Mapping[str, Any]) -> dict[str, float]:
    weights = optional(given, "overrides", dict, {})
    return {key: read_number(weight, Place(BODY).field("overrides").field(key)) for key, weight in weights.items()}


def _pick(row: object) -> Pick:
    if not isinstance(row, dict):
        raise Place(BODY).field("picks").error("each of them must be an object.")
    share = float(field(row, "share", (int, float), 1.0))
    id, symbol = field(row, "instrument_id", str), field(row, "symbol", str)
    return Pick(field(row, "path", str), id, symbol, share, locked=optional(row, "locked", bool, False))


@router.get("/portfolios/{portfolio_id}")
def get_portfolio(db: Db, portfolio_id: str, version: Version | None = None) -> dict[str, Any]:
    """A portfolio, at its newest version without ``version``."""
    return _document(mapping.get_portfolio(db, portfolio_id, version))


def named_portfolio(db: Database, given: Mapping[str, Any]) -> Portfolio:
    """The portfolio that a body names, or the newest of the framework it names. Raises InputError, NotFoundError."""
    portfolio_id, framework_id = (optional(given, name, str, "") for name in ("portfolio_id", "framework_id"))
    if bool(portfolio_id) == bool(framework_id):
        raise InputError("The body needs portfolio_id or framework_id, and not both.", hint="Give one.", subject="body")
    return mapping.get_portfolio(db, portfolio_id) if portfolio_id else mapping.portfolio_of(db, framework_id)
