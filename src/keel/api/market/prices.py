"""Prices over REST: what is stored, and public prices brought up to date as background work."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Response

from keel.api import jobs
from keel.api.answer import Route
from keel.api.request import Db, Raw, json_object, optional
from keel.domain.reading.place import Place
from keel.services.market import catalogue
from keel.services.market.refresh import ask_refresh, symbols_of

router = APIRouter(route_class=Route)


@router.get("/prices")
def price_status(db: Db) -> dict[str, Any]:
    """Every stored series by dataset: its dates, where it came from and what is wrong with it."""
    return catalogue.status(db)


@router.get("/data-health")
def data_health(db: Db) -> dict[str, Any]:
    """What is wrong with the series of every dataset, the grave ones first."""
    return catalogue.data_health(db)


@router.post("/prices/refresh", status_code=202)
def begin_refresh(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """Public prices of the symbols of the body, without any of those that portfolios hold, as a job.

    ``Location`` is where the job is watched and stopped; its result is what ``keel prices refresh --json`` prints.
    """
    given = optional(json_object(body), "symbols", list, [])
    if not all(isinstance(symbol, str) for symbol in given):
        raise Place("the body").field("symbols").error("is no list of texts.")
    return jobs.begun(db, ask_refresh(db, symbols_of(given) if given else ()), response)
