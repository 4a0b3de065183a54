"""The REST walk: adopt, revise, compare, map, accept, backtest; and what each refuses."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from fastapi.testclient import TestClient

from keel.api.app import create_api
from keel.store.connection import Database

FRAMEWORKS = "/allocation-frameworks"


@pytest.fixture
def client(db: Database) -> Any:
    with TestClient(create_api(db)) as client:
        yield client


@pytest.fixture
def balanced(client: Any) -> dict[str, Any]:
    answer = client.post(FRAMEWORKS, params={"template": "balanced", "name": "Mine"})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(answer.json()["id"])
    return dict(answer.json())


def test_a_framework_is_adopted_listed_and_read(client: Any, balanced: dict[str, Any]) -> None:
    assert [row["id"] for row in client.get(FRAMEWORKS).json()] == [balanced["id"]]
    read = client.get(f"{FRAMEWORKS}/{balanced['id']}").json()
    assert (read["name"], read["version"]) == ("Mine", 1)
    assert math.isclose(sum(b["target_weight"] for b in read["buckets"]), 1)


def test_a_framework_file_is_imported(client: Any) -> None:
    made = client.post(FRAMEWORKS, content=b"path,target_weight\nAssetClass/A,60%\nAssetClass/B,40%\n")
    assert made.status_code == 201
    assert made.json()["method"] == "imported"


def test_a_revision_is_a_new_version_and_a_stale_one_conflicts(client: Any, balanced: dict[str, Any]) -> None:
    url = f"{FRAMEWORKS}/{balanced['id']}"
    document = client.get(url).json()
    document["buckets"][0]["target_weight"] -= 0.05
    document["buckets"][1]["target_weight"] += 0.05
    assert client.put(url, json=document).json()["version"] == 2
    stale = client.put(url, json=document)
    assert (stale.status_code, stale.json()["current"]) == (409, 2)
    assert client.put(url, json=document, params={"expected_version": 2}).status_code == 200
    assert [row["version"] for row in client.get(f"{url}/versions").json()] == [1, 2, 3]
    changes = client.get(f"{url}/diff", params={"a": 1, "b": 2}).json()["changes"]
    assert {change["field"] for change in changes} == {"target"}
    assert client.get(url, params={"version": 1}).json()["buckets"] == balanced["buckets"]


def test_validation_lists_every_issue(client: Any, balanced: dict[str, Any]) -> None:
    assert client.post("/analytics/validate-framework", json=balanced).json()["valid"] is True
    balanced["buckets"][0]["target_weight"] = 0.3
    answer = client.post("/analytics/validate-framework", json=balanced)
    assert (answer.status_code, answer.json()["valid"]) == (200, False)
    assert answer.json()["errors"][0]["code"]


def test_the_walk_to_a_backtest(client: Any, balanced: dict[str, Any]) -> None:
    suggestions = client.post(f"{FRAMEWORKS}/{balanced['id']}/map-products").json()["buckets"]
    picks = [
        {"path": b["path"], "instrument_id": s["id"], "symbol": s["symbol"], "share": 1.0}
        for b in suggestions
        for s in b["suggestions"][:1]
    ]
    asked = {"framework_id": balanced["id"], "framework_version": 1, "picks": picks, "name": "P"}
    made = client.post("/portfolios", json=asked)
    assert made.status_code == 201, made.text
    assert client.get(f"/portfolios/{made.json()['id']}").json()["picks"] == made.json()["picks"]
    question = {"portfolio_id": made.json()["id"], "policies": {"a": "annual", "b": {"trigger": "never"}}}
    done = client.post("/backtest", json={**question, "run": {"cost_bps": 10}, "start": "2005-01-01"})
    assert done.status_code == 200, done.text
    assert [run["policy"] for run in done.json()["runs"]] == ["a", "b"]
    assert done.json()["runs"][0]["wealth"][0]["wealth"] == 1.0
    assert done.json()["run_id"]


def test_filters_narrow_the_mapping(client: Any, balanced: dict[str, Any]) -> None:
    url = f"{FRAMEWORKS}/{balanced['id']}/map-products"
    assert client.post(url, json={"min_history_years": 200}).json()["buckets"][0]["suggestions"] == []
    assert client.post(url, json={"no_such_rule": 1}).status_code == 400


@pytest.mark.parametrize(
    ("method", "url", "content", "status"),
    [
        ("GET", FRAMEWORKS + "/none", b"", 404),
        ("GET", "/portfolios/none", b"", 404),
        ("POST", FRAMEWORKS, b"", 400),
        ("POST", FRAMEWORKS, b"{", 400),
        ("POST", FRAMEWORKS, b"\x00\x01\x02" * 100, 400),
        ("POST", FRAMEWORKS, b"[" * 100_000, 400),
        ("POST", FRAMEWORKS, b"path,target_weight\nA/B,99%\n", 422),
        ("POST", FRAMEWORKS + "?template=none", b"", 404),
        ("POST", "/analytics/validate-framework", b"42", 400),
        ("POST", "/portfolios", b"{}", 400),
        ("POST", "/portfolios", b"{" * 100_000, 400),
        ("POST", "/portfolios", b'{"framework_id": "\\ud800", "framework_version": 1, "picks": []}', 400),
        ("POST", "/portfolios", b'{"framework_id": "x", "framework_version": 9' + b"9" * 300 + b', "picks": []}', 400),
        ("POST", "/portfolios", b'{"framework_id": "x", "framework_version": NaN, "picks": []}', 400),
        ("POST", "/backtest", b'{"portfolio_id": "x", "policies": {"a": "anual"}}', 422),
        ("POST", "/backtest", b'{"portfolio_id": "x", "policies": {"a": "annual"}}', 404),
        ("POST", "/backtest", b'{"portfolio_id": "x", "policies": {"a": "annual"}, "start": "soon"}', 400),
        ("POST", "/backtest", json.dumps({"portfolio_id": "x", "policies": {}, "run": {"lag": -1}}).encode(), 422),
    ],
)
def test_what_cannot_be_used_is_a_problem(client: Any, method: str, url: str, content: bytes, status: int) -> None:
    answer = client.request(method, url, content=content)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["detail"]


def test_a_body_that_is_too_large_is_refused(client: Any) -> None:
    answer = client.post("/analytics/validate-framework", content=b" " * 20_000_001)
    assert (answer.status_code, "MB" in answer.json()["detail"]) == (400, True)
