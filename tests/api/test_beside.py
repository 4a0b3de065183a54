"""What lies under the address of REST goes there, whatever it is made of."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.responses import PlainTextResponse

from keel.api.app import create_api
from keel.api.beside import Beside
from keel.store.connection import Database

pages = PlainTextResponse("a page")


@pytest.fixture
def beside(db: Database) -> Any:
    return TestClient(Beside(pages, create_api(db)))


@pytest.mark.parametrize(
    "id", ["a%0Ab", "%0A", "..%2f..%2fetc", "%2e%2e", "a%00b", "%E2%80%A8", "%5C%5Cserver", "C:%5C"]
)
def test_an_id_of_odd_characters_is_answered_with_a_problem(beside: Any, id: str) -> None:
    for address in ("allocation-frameworks", "portfolios", "jobs"):
        answer = beside.get(f"/api/v1/{address}/{id}")
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json"), id
        assert answer.json()["detail"]


def test_the_rest_is_the_pages(beside: Any) -> None:
    assert beside.get("/api/v1/health").json()["status"] == "ok"
    for address in ("/", "/backtest", "/api/v10/health", "/api"):
        assert beside.get(address).text == "a page"
    assert beside.get("/api/v1/nothing").headers["content-type"] == "application/problem+json"
    assert beside.get("/api/v1/openapi.json").json()["servers"] == [{"url": "/api/v1"}]
