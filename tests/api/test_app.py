"""The app as a whole."""

from __future__ import annotations

from typing import Any

from fastapi.testclient import TestClient

import keel
from keel.api.app import create_api
from keel.store.connection import Database


def test_health_says_ok_while_the_database_is_open() -> None:
    db = Database(":memory:")
    client = TestClient(create_api(db))
    assert client.get("/health").json()["status"] == "ok"
    db.close()
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:keel:problem:Store")


def test_it_describes_itself_and_shows_no_pages_of_its_own(client: Any) -> None:
    described = client.get("/openapi.json").json()
    assert described["info"] == {"title": "Keel", "version": keel.__version__}
    assert {"/health", "/backtest", "/allocation-frameworks"} <= set(described["paths"])
    assert client.get("/docs").status_code == client.get("/redoc").status_code == 404
