"""A portfolio going to another version of its framework, over REST."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.conftest import FRAMEWORKS


@pytest.fixture
def held(client: Any, balanced: dict[str, Any]) -> dict[str, Any]:
    """The best products of the first version, and a second version with other targets."""
    made = client.post("/portfolios", json={"framework_id": balanced["id"]}).json()
    targets = [
        {"path": b["path"], "target_weight": w} for b, w in zip(balanced["buckets"], (0.5, 0.45, 0.05), strict=True)
    ]
    client.post("/asset-class-targets", json={"framework_id": balanced["id"], "targets": targets})
    return dict(made)


def test_a_preview_then_the_move(client: Any, held: dict[str, Any]) -> None:
    address = f"/portfolios/{held['id']}/move"
    seen = client.post(address).json()
    assert (seen["from"], seen["to"], seen["accepted"], seen["portfolio_version"]) == (1, 2, False, 1)
    assert [change["after"] for change in seen["changes"]] == ["50.0%", "45.0%"]
    assert [pick["symbol"] for pick in seen["kept"]] == [pick["symbol"] for pick in held["picks"]]
    assert client.get(f"/portfolios/{held['id']}").json()["version"] == 1
    done = client.post(address, json={"accept": True, "expected_version": 1}).json()
    assert (done["accepted"], done["portfolio_version"]) == (True, 2)
    after = client.get(f"/portfolios/{held['id']}").json()
    assert (after["version"], after["framework_version"]) == (2, 2)


def test_a_stale_move_and_a_version_that_is_none_are_refused(client: Any, held: dict[str, Any]) -> None:
    address = f"/portfolios/{held['id']}/move"
    assert client.post(address, json={"framework_version": 9}).status_code == 404
    client.post(address, json={"accept": True})
    stale = client.post(address, json={"accept": True, "framework_version": 1, "expected_version": 1})
    assert stale.status_code == 409


def test_picks_come_along(client: Any, held: dict[str, Any]) -> None:
    bonds = next(pick for pick in held["picks"] if "Bonds" in pick["path"])
    given = {"accept": True, "picks": [bonds | {"path": "AssetClass/Alternatives"}]}
    assert client.post(f"/portfolios/{held['id']}/move", json=given).status_code == 200
    picks = client.get(f"/portfolios/{held['id']}").json()["picks"]
    assert next(p for p in picks if "Alternatives" in p["path"])["symbol"] == bonds["symbol"]
    assert client.get(FRAMEWORKS).json()[0]["version"] == 2
