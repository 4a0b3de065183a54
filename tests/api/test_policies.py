"""Named policies over REST: made, read, changed and deleted."""

from __future__ import annotations

from typing import Any

ADDRESS = "/rebalancing-strategies"
BAND = {"trigger": "band", "look": "monthly", "band": {"kind": "absolute", "width_bps": 300}}


def test_a_policy_is_made_read_changed_and_deleted(client: Any) -> None:
    made = client.post(ADDRESS, json={"name": "Ours", "policy": BAND})
    assert made.status_code == 201
    at = f"{ADDRESS}/{made.json()['id']}"
    assert made.headers["location"] == f"/api/v1{at}"
    assert made.json()["policy"]["band"] == {"kind": "absolute", "width_bps": 300.0}
    assert client.get(at).json() == made.json()
    changed = client.put(at, json={"name": "Never", "policy": {"trigger": "never"}})
    assert client.get(ADDRESS).json() == [changed.json()]
    assert client.delete(at).status_code == 204
    assert client.get(at).status_code == 404
    assert client.get(ADDRESS).json() == []


def test_a_policy_is_assigned_to_a_framework(client: Any, balanced: dict[str, Any]) -> None:
    made = client.post(ADDRESS, json={"name": "Ours", "policy": BAND}).json()
    at, asked = f"{ADDRESS}/{made['id']}/assign", {"framework_id": balanced["id"]}
    done = client.post(at, json=asked).json()
    assert done == {"framework_id": balanced["id"], "framework_version": 2, "policy": made["policy"]}
    assert client.post(at, json=asked | {"expected_version": 1}).status_code == 409
    assert client.post(f"{ADDRESS}/rs_nothing/assign", json=asked).status_code == 404


def test_what_is_not_a_policy_is_a_problem(client: Any) -> None:
    assert client.post(ADDRESS, json={"name": "No policy"}).status_code == 400
    assert client.post(ADDRESS, json={"name": "", "policy": BAND}).status_code == 422
    wrong = {"trigger": "band", "look": "monthly"}
    assert client.post(ADDRESS, json={"name": "Wrong", "policy": wrong}).status_code == 422
    assert client.put(f"{ADDRESS}/rs_nothing", json={"name": "X", "policy": BAND}).status_code == 404
