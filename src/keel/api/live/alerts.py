"""Alerts of watched portfolios over REST, and a calendar of the next looks."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Response

from keel.api.answer import Route
from keel.api.pages import Paged
from keel.api.request import Db
from keel.domain.watch.alert import alert_json
from keel.services.live import watch
from keel.settings import notify

router = APIRouter(route_class=Route)
files = APIRouter()


@router.get("/alerts")
def list_alerts(db: Db, page: Paged, portfolio_id: str = "", holding: bool = False) -> list[dict[str, object]]:
    """A page of the alerts, newest first: of one portfolio, or those that hold now."""
    return [alert_json(alert) for alert in page.of(watch.listed(db, portfolio_id, holding=holding))]


@router.post("/alerts/look")
def look(db: Db) -> dict[str, object]:
    """A look at every portfolio that holds something, as ``keel watch --once --json`` prints it."""
    return watch.document(watch.look(db, datetime.now(UTC), notify()))


@router.post("/alerts/{alert_id}/read")
def read_alert(db: Db, alert_id: str) -> dict[str, object]:
    """The alert, known to a person from now on."""
    return alert_json(watch.read(db, alert_id, datetime.now(UTC)))


@files.get("/looks.ics")
def next_looks(db: Db) -> Response:
    """The next looks of all policies as a calendar that other programs subscribe to."""
    return Response(watch.calendar_of_looks(db, datetime.now(UTC)), media_type="text/calendar")
