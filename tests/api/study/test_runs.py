"""Stored runs over REST: listed, read, computed again, renamed, copied, put away and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.api.conftest import FRAMEWORKS, at_its_end

from keel.audit import auditor

LEDGER = Path(__file__).parents[2] / "audit" / "ledger.py"  # in the place of vectorbt


def test_a_run_is_listed_read_and_computed_again(client: Any, balanced: dict[str, Any]) -> None:
    done = client.post("/backtest", json={"framework_id": balanced["id"]}).json()
    of_it = {"portfolio_id": done["portfolio_id"]}
    (row,) = client.get("/runs", params=of_it).json()
    assert (row["id"], row["framework_id"], row["portfolio_version"]) == (done["run_id"], balanced["id"], 1)
    assert client.get("/runs", params={"portfolio_id": "pf_none"}).json() == []
    assert row in client.get("/runs").json()
    run = client.get(f"/runs/{row['id']}").json()
    (policy,) = run["metrics"]
    assert run["metrics"][policy]["cagr"] == done["runs"][0]["metrics"]["cagr"]
    assert run["asked"]["policies"].keys() == {policy}
    assert client.get(f"/runs/{row['id']}/result").json() == done
    asked = client.post(f"/runs/{row['id']}/luck", json={"histories": 10})
    assert asked.status_code == 202
    ended = at_its_end(client, asked)
    assert (ended["status"], ended["message"]) == ("done", "")
    assert [day["policy"] for day in ended["result"]["days"]] == [policy]
    assert client.post(f"/runs/{row['id']}/luck", json={"histories": 10**6}).status_code == 422
    for of_none in ("luck", "verify"):
        assert client.post(f"/runs/none/{of_none}").status_code == 404


def test_a_run_is_replayed_by_another_engine(
    client: Any, balanced: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditor, "SCRIPT", LEDGER)
    done = client.post("/backtest", json={"framework_id": balanced["id"]}).json()
    ended = at_its_end(client, client.post(f"/runs/{done['run_id']}/verify"))
    assert [(one["policy"], one["ok"]) for one in ended["result"]["runs"]] == [(done["runs"][0]["policy"], True)]


def test_a_run_is_renamed_copied_archived_and_brought_back(client: Any, balanced: dict[str, Any]) -> None:
    done = client.post("/backtest", json={"framework_id": balanced["id"]}).json()
    at, of_it = f"/runs/{done['run_id']}", {"portfolio_id": done["portfolio_id"]}
    assert client.patch(at, json={"name": "Since 2000"}).json()["name"] == "Since 2000"
    copied = client.post(f"{at}/duplicate")
    assert copied.status_code == 201
    assert client.get(copied.headers["location"].removeprefix("/api/v1")).json()["name"] == "Since 2000 copy"
    assert client.delete(at).json() == {"archived": True, "used_by": []}
    assert [row["id"] for row in client.get("/runs", params=of_it).json()] == [copied.json()["id"]]
    assert {"noun": "run", "id": done["run_id"], "name": "Since 2000"}.items() <= client.get("/archived").json()[
        0
    ].items()
    assert client.post(f"{at}/restore").json()["id"] == done["run_id"]
    assert len(client.get("/runs", params=of_it).json()) == 2
    for answer in (
        client.get("/runs/none"),
        client.patch("/runs/none", json={"name": "X"}),
        client.delete("/runs/none"),
    ):
        assert answer.status_code == 404
    assert client.patch(at, json={"name": " "}).status_code == 422


def test_a_framework_is_renamed_and_copied(client: Any, balanced: dict[str, Any]) -> None:
    at = f"{FRAMEWORKS}/{balanced['id']}"
    assert client.patch(at, json={"name": "Ours"}).json() | {"version": 2} == client.get(at).json()
    copied = client.post(f"{at}/duplicate")
    assert (copied.status_code, copied.json()["name"], copied.json()["version"]) == (201, "Ours copy", 1)
