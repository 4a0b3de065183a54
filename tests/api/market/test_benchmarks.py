"""Named benchmarks over REST, and a backtest beside one."""

from __future__ import annotations

from typing import Any

ADDRESS = "/benchmarks"
SIXTY = {"name": "60/40", "parts": {"MSCI US": 0.6, "Global Bonds": 0.4}, "look": "annual"}


def test_a_blend_is_made_read_changed_and_deleted(client: Any) -> None:
    made = client.post(ADDRESS, json=SIXTY)
    assert made.status_code == 201
    at = f"{ADDRESS}/{made.json()['id']}"
    assert made.headers["location"] == f"/api/v1{at}"
    assert client.get(at).json() == made.json() == {"id": made.json()["id"], **SIXTY}
    changed = client.put(at, json={**SIXTY, "look": "never"})
    assert client.get(ADDRESS).json() == [changed.json()]
    assert client.delete(at).status_code == 204
    assert client.get(at).status_code == 404
    assert client.get(ADDRESS).json() == []


def test_what_is_no_blend_is_a_problem(client: Any) -> None:
    assert client.post(ADDRESS, json={**SIXTY, "parts": {"MSCI US": 0.6}}).status_code == 422
    assert client.post(ADDRESS, json={**SIXTY, "parts": ["MSCI US"]}).status_code == 400
    assert client.post(ADDRESS, json={**SIXTY, "parts": {"NOBODY": 1}}).status_code == 422
    assert client.put(f"{ADDRESS}/bm_nothing", json=SIXTY).status_code == 404


def test_a_backtest_stands_beside_a_blend_given_or_named_and_keeps_it(client: Any, balanced: dict[str, Any]) -> None:
    at = client.post(ADDRESS, json=SIXTY).json()["id"]
    asked = {"framework_id": balanced["id"], "params": {"policies": {"a": "annual"}, "benchmark": "60/40"}}
    named = client.post("/backtest", json=asked).json()
    given = client.post("/backtest", json={**asked, "params": {**asked["params"], "benchmark": SIXTY}}).json()
    assert named["benchmark"] == given["benchmark"]
    assert (named["benchmark"]["symbol"], named["benchmark"]["blend"]) == ("60/40", SIXTY)
    assert named["run_id"] == given["run_id"]
    client.delete(f"{ADDRESS}/{at}")
    without = client.post("/backtest", json=asked).json()
    assert without["benchmark"] is None
    assert any("60/40" in note for note in without["notes"])
