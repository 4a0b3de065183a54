"""Portfolios over REST."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.models.values import Version
from keel.api.pages import Paged
from keel.api.request import BODY, Db, Raw, field, given_weights, json_object, optional
from keel.domain.constraints.as_json import verdicts_json
from keel.domain.lookthrough.as_json import xray_json
from keel.domain.portfolio.position import Position
from keel.domain.portfolio.records import Pick, Portfolio, by_path, pick_json
from keel.domain.portfolio.score_weights import USUAL
from keel.domain.reading.day import read_day
from keel.domain.reading.place import Place
from keel.domain.reading.values import read_number, read_object, read_text
from keel.errors import InputError
from keel.services import design, mapping, report
from keel.services.lookthrough import xray
from keel.services.work import shelf
from keel.store.connection import Database

router = APIRouter(route_class=Route)


def _row(portfolio: Portfolio) -> dict[str, Any]:
    return {
        "id": portfolio.id,
        "version": portfolio.version,
        "name": portfolio.name,
        "framework_id": portfolio.framework_id,
        "framework_version": portfolio.framework_version,
        "created_at": portfolio.created_at.isoformat() if portfolio.created_at else None,
    }


def _document(db: Database, portfolio: Portfolio) -> dict[str, Any]:
    framework = design.get_framework(db, portfolio.framework_id, portfolio.framework_version)
    return _row(portfolio) | {
        "picks": [pick_json(pick) for pick in portfolio.picks],
        "score_weights": portfolio.weights.of_parts(),
        "constraints": verdicts_json(mapping.limits(db, framework, by_path(portfolio.picks))),
    }


@router.get("/portfolios")
def list_portfolios(db: Db, page: Paged, framework_id: str = "") -> list[dict[str, Any]]:
    """A page of the portfolios, of one framework where it is named, the last edited first."""
    return [_row(portfolio) for portfolio in page.of(shelf.list_portfolios(db, framework_id or None))]


@router.post("/portfolios", status_code=201)
def create_portfolio(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """A portfolio of the picks, or of the best usable product of each bucket.

    ``overrides`` set weights of the whole by instrument id or symbol, ``weights`` are those of the score.
    """
    given = json_object(body)
    weights = given_weights(given)
    framework = design.get_framework(db, field(given, "framework_id", str), _version(given))
    created = mapping.accept(
        db,
        framework.id,
        framework.version,
        mapping.best(db, framework, weights or USUAL) if given.get("picks") is None else given_picks(given),
        optional(given, "name", str, ""),
        overrides=_overrides(given),
        weights=weights,
    )
    response.headers["Location"] = f"/api/v1/portfolios/{created.id}"
    return _document(db, created)


def _version(given: Mapping[str, Any]) -> int | None:
    version: int | None = optional(given, "framework_version", int, None)
    return version


def given_picks(given: Mapping[str, Any]) -> dict[str, list[Pick]]:
    """The picks of a body by path, in their order; none where it has none."""
    picks: dict[str, list[Pick]] = {}
    for row in optional(given, "picks", list, []):
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
    return _document(db, mapping.get_portfolio(db, portfolio_id, version))


@router.patch("/portfolios/{portfolio_id}")
def rename_portfolio(db: Db, portfolio_id: str, body: Raw) -> dict[str, Any]:
    """The portfolio, all its versions, under the ``name`` of the body."""
    shelf.rename(db, "portfolio", portfolio_id, field(json_object(body), "name", str))
    return _document(db, mapping.get_portfolio(db, portfolio_id))


@router.post("/portfolios/{portfolio_id}/duplicate", status_code=201)
def duplicate_portfolio(db: Db, portfolio_id: str, response: Response) -> dict[str, Any]:
    """A copy of the newest version, under a name of its own; what is held is not copied."""
    copied = shelf.duplicate(db, "portfolio", portfolio_id)
    response.headers["Location"] = f"/api/v1/portfolios/{copied}"
    return _document(db, mapping.get_portfolio(db, copied))


@router.delete("/portfolios/{portfolio_id}")
def archive_portfolio(db: Db, portfolio_id: str) -> dict[str, Any]:
    """The portfolio leaves the lists and stays readable; the runs made with it are named."""
    return {"archived": True, "used_by": shelf.put_away(db, "portfolio", portfolio_id)}


@router.post("/portfolios/{portfolio_id}/restore")
def restore_portfolio(db: Db, portfolio_id: str) -> dict[str, Any]:
    """The portfolio back from the archive."""
    shelf.bring_back(db, "portfolio", portfolio_id)
    return _document(db, mapping.get_portfolio(db, portfolio_id))


@router.get("/portfolios/{portfolio_id}/xray")
def xray_portfolio(db: Db, portfolio_id: str, version: Version | None = None) -> dict[str, Any]:
    """A portfolio by asset class, region, sector, bucket and company, through its products."""
    found = xray.xray(db, portfolio_id, version)
    return {"dimensions": xray_json(found.xray), "constraints": verdicts_json(found.verdicts)}


@router.post("/portfolios/{portfolio_id}/verdicts")
def judge_positions(db: Db, portfolio_id: str, body: Raw) -> dict[str, Any]:
    """How positions meet the limits of the portfolio's framework; they bring their prices, else the stored ones count.

    Each has a ``quantity`` and may have a ``price``, or has a ``value``.
    """
    given = json_object(body)
    place = Place(BODY).field("positions")
    positions = [_position(row, place.item(n)) for n, row in enumerate(field(given, "positions", list))]
    as_of = read_day(given["as_of"], Place(BODY).field("as_of")) if given.get("as_of") is not None else None
    priced = as_of or (datetime.now(UTC).date() if all(p.price is not None for p in positions) else None)
    found = report.drift_of(db, portfolio_id, positions, as_of=priced)
    limits = report.limits(db, portfolio_id, found)
    return {"as_of": found.as_of.isoformat(), "value": found.value, "constraints": verdicts_json(limits)}


def _position(given: object, place: Place) -> Position:
    row = read_object(given, place)
    symbol = read_text(row.get("symbol"), place.field("symbol"))
    if (row.get("quantity") is None) == (row.get("value") is None):
        raise InputError(f"{place}: it needs a quantity or a value, and not both.", hint="Give one.", subject=symbol)
    if row.get("value") is not None:
        return Position(symbol, _amount(row, "value", place), 1.0)
    price = _amount(row, "price", place) if row.get("price") is not None else None
    return Position(symbol, _amount(row, "quantity", place), price)


def _amount(row: Mapping[str, object], name: str, place: Place) -> float:
    amount = read_number(row[name], place.field(name))
    if amount < 0:
        raise place.field(name).error("is below 0.")
    return amount


def named_portfolio(db: Database, given: Mapping[str, Any]) -> Portfolio:
    """The portfolio that a body names, or the newest of the framework it names. Raises InputError, NotFoundError."""
    portfolio_id, framework_id = (optional(given, name, str, "") for name in ("portfolio_id", "framework_id"))
    if bool(portfolio_id) == bool(framework_id):
        raise InputError("The body needs portfolio_id or framework_id, and not both.", hint="Give one.", subject="body")
    return mapping.get_portfolio(db, portfolio_id) if portfolio_id else mapping.portfolio_of(db, framework_id)
