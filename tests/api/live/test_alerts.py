"""Alerts over REST, and the calendar."""

from __future__ import annotations

from typing import Any

from keel.services import example
from keel.store.connection import Database


def test_a_look_is_listed_and_an_alert_is_known(client: Any, db: Database) -> None:
    portfolio = example.open_client(db).id
    looked = client.post("/alerts/look").json()
    assert looked["portfolios"] == 1
    listed = client.get("/alerts", params={"portfolio_id": portfolio, "holding": True}).json()
    assert listed == looked["holding"]
    known = client.post(f"/alerts/{listed[0]['id']}/read").json()
    assert known["read_at"] is not None
    assert client.post("/alerts/alr_nothing/read").status_code == 404
    calendar = client.get("/looks.ics")
    assert (calendar.status_code, calendar.headers["content-type"].partition(";")[0]) == (200, "text/calendar")
