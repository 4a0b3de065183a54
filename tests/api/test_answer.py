"""No answer holds a number that is not finite."""

from __future__ import annotations

import math
from typing import Any

import pytest
from fastapi.testclient import TestClient

from keel.api.app import create_api
from keel.store.connection import Database


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_our_mistake_and_not_null(
    number: float, caplog: pytest.LogCaptureFixture
) -> None:
    api = create_api(Database(":memory:"))

    @api.get("/figures")
    def figures() -> dict[str, Any]:
        return {"metrics": [{"cagr": number}]}

    @api.get("/typed")
    def typed() -> dict[str, float]:
        return {"cagr": number}

    client = TestClient(api)
    for address in ("/figures", "/typed"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["content-type"]) == (500, "application/problem+json")
        assert answer.json()["type"] == "urn:keel:problem:NotFinite"
        assert "not finite" in answer.json()["detail"]
    assert "an answer was not sent" in caplog.text
