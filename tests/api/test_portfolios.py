"""Portfolios and backtests over REST, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import TypeAdapter
from tests.api.conftest import FRAMEWORKS

from keel.api.models.portfolio import Verdicts, XRay
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
    assert client.get(at, params={"version": 10**30}).status_code == 422
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


def test_a_portfolio_without_picks_holds_the_best_usable_product_of_each_bucket(
    client: Any, balanced: dict[str, Any]
) -> None:
    found = client.post(f"{FRAMEWORKS}/{balanced['id']}/map-products").json()["buckets"]
    best = [(b["path"], s["symbol"], 1.0) for b in found for s in b["suggestions"][:1] if s["usable"]]
    for asked in ({}, {"framework_version": 1}, {"framework_version": None, "picks": None, "name": None}):
        made = client.post("/portfolios", json={"framework_id": balanced["id"], **asked})
        assert (made.status_code, made.json()["framework_version"], made.json()["name"]) == (201, 1, "Mine")
        assert [(p["path"], p["symbol"], p["share"]) for p in made.json()["picks"]] == best
    answer = client.post("/portfolios", json={"framework_id": balanced["id"], "framework_version": 7})
    assert answer.status_code == 404


def test_a_bucket_keeps_the_products_it_names_and_the_picks_that_are_locked(client: Any) -> None:
    buckets = [
        {"path": "A/Equity", "target_weight": 0.6, "holdings": [{"symbol": "VTI", "share": 1.0}]},
        {"path": "A/Bonds", "target_weight": 0.4, "rules": {"include_tags": ["asset_class:bonds"]}},
    ]
    framework = client.post(FRAMEWORKS, json={"name": "Named", "buckets": buckets}).json()
    asked = {"framework_id": framework["id"]}
    first = client.post("/portfolios", json=asked).json()
    assert (first["picks"][0]["path"], first["picks"][0]["symbol"]) == ("A/Equity", "VTI")
    bonds = client.post(f"{FRAMEWORKS}/{framework['id']}/map-products").json()["buckets"][1]["suggestions"][1]
    locked = {"path": "A/Bonds", "instrument_id": bonds["id"], "symbol": bonds["symbol"], "locked": True}
    client.post("/portfolios", json={**asked, "picks": [locked]})
    again = client.post("/portfolios", json=asked).json()
    assert [p["symbol"] for p in again["picks"]] == ["VTI", bonds["symbol"]]


def test_overrides_set_weights_of_the_whole(client: Any, balanced: dict[str, Any]) -> None:
    asked = {"framework_id": balanced["id"]}
    symbol = client.post("/portfolios", json=asked).json()["picks"][0]["symbol"]
    assert client.post("/portfolios", json={**asked, "overrides": {symbol: 0.6}}).status_code == 201
    assert client.post("/portfolios", json={**asked, "overrides": {symbol: 0.7}}).status_code == 422
    assert client.post("/portfolios", json={**asked, "overrides": {symbol: None}}).status_code == 400


def test_limits_are_judged_on_products_and_on_any_positions(client: Any, balanced: dict[str, Any]) -> None:
    limits = [{"type": "max_single_product", "value": 50}, {"type": "max_expense_ratio", "value": 1}]
    limited = client.put(f"{FRAMEWORKS}/{balanced['id']}", json={**balanced, "constraints": limits})
    assert limited.status_code == 200, limited.text
    mapped = client.post(f"{FRAMEWORKS}/{balanced['id']}/map-products").json()
    assert [v["type"] for v in mapped["constraints"]] == [limit["type"] for limit in limits]
    made = client.post("/portfolios", json={"framework_id": balanced["id"]}).json()
    assert made["constraints"][0]["status"] in ("pass", "fail")
    at = f"/portfolios/{made['id']}"
    assert client.get(at).json()["constraints"] == made["constraints"]
    seen = client.get(f"{at}/xray").json()
    TypeAdapter(XRay).validate_python(seen, extra="forbid")
    assert seen["constraints"] == made["constraints"]
    positions = [{"symbol": "BND", "value": 600}, {"symbol": "GLD", "quantity": 2, "price": 200}]
    judged = client.post(f"{at}/verdicts", json={"positions": positions, "as_of": "2026-01-02"})
    TypeAdapter(Verdicts).validate_json(judged.content, extra="forbid")
    product = judged.json()["constraints"][0]
    assert (judged.json()["value"], product["observed"], product["offenders"]) == (1000, 0.6, ["BND"])


@pytest.mark.parametrize(
    ("position", "status"),
    [
        ({"symbol": "A"}, 422),
        ({"symbol": "A", "value": -1}, 400),
        ({"symbol": "A", "value": 1, "quantity": 1}, 422),
        (7, 400),
    ],
)
def test_a_position_that_is_none_is_named(client: Any, balanced: dict[str, Any], position: object, status: int) -> None:
    made = client.post("/portfolios", json={"framework_id": balanced["id"]}).json()
    answer = client.post(f"/portfolios/{made['id']}/verdicts", json={"positions": [position]})
    assert answer.status_code == status, answer.text
    assert "positions[0]" in answer.json()["detail"]


def test_a_portfolio_is_listed_renamed_copied_archived_and_brought_back(client: Any, balanced: dict[str, Any]) -> None:
    made = client.post("/portfolios", json={"framework_id": balanced["id"], "name": "Ours"}).json()
    at, of_it = f"/portfolios/{made['id']}", {"framework_id": balanced["id"]}
    (row,) = client.get("/portfolios", params=of_it).json()
    assert row.items() <= made.items()
    assert client.get("/portfolios", params={"framework_id": "fw_none"}).json() == []
    assert client.patch(at, json={"name": "Theirs"}).json() == made | {"name": "Theirs"}
    copied = client.post(f"{at}/duplicate")
    assert (copied.status_code, copied.json()["name"]) == (201, "Theirs copy")
    assert client.delete(at).json() == {"archived": True, "used_by": []}
    assert [row["name"] for row in client.get("/portfolios", params=of_it).json()] == ["Theirs copy"]
    assert client.post(f"{at}/restore").json()["name"] == "Theirs"
    assert len(client.get("/portfolios").json()) == 2
