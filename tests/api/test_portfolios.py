"""Portfolios and backtests over REST, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.api.conftest import FRAMEWORKS

from keel.vocabulary import HYPOTHETICAL


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
    at = f"/portfolios/{made.json()['id']}"
    assert made.json()["version"] == client.get(at, params={"version": 1}).json()["version"] == 1
    assert client.get(at, params={"version": 2}).status_code == 404
    assert client.get(at, params={"version": 10**30}).status_code == 404
    question = {"portfolio_id": made.json()["id"], "policies": {"a": "annual", "b": {"trigger": "never"}}}
    done = client.post("/backtest", json={**question, "run": {"cost_bps": 10}, "start": "2005-01-01"})
    assert done.status_code == 200, done.text
    assert [run["policy"] for run in done.json()["runs"]] == ["a", "b"]
    assert done.json()["runs"][0]["wealth"][0]["wealth"] == 1.0
    assert done.json()["run_id"]
    for run in done.json()["runs"]:
        assert run["meta"]["notice"] == HYPOTHETICAL
        assert run["meta"]["settings"]["cost_bps"] == 10
        assert {"keel", "price_kind", "proxies", "survivors", "lag", "prices_fingerprint"} <= run["meta"].keys()


@pytest.mark.parametrize("pick", [7, {}, {"path": "A", "instrument_id": "x"}, {"path": 1}])
def test_a_pick_that_is_none_is_named(client: Any, balanced: dict[str, Any], pick: object) -> None:
    asked = {"framework_id": balanced["id"], "framework_version": 1, "picks": [pick]}
    answer = client.post("/portfolios", json=asked)
    assert answer.status_code == 400
    assert any(word in answer.json()["detail"] for word in ("picks", "path", "symbol", "instrument_id"))


@pytest.mark.parametrize(
    ("method", "url", "content", "status"),
    [
        ("GET", "/portfolios/none", b"", 404),
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
