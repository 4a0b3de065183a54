"""Two-level targets over REST: views onto the framework, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.conftest import FRAMEWORKS

CLASSES, HOLDINGS = "/asset-class-targets", "/holding-targets"
MIX = {
    "name": "Mix",
    "buckets": [
        {"path": "A/Stocks", "target_weight": 0.6, "holdings": [{"symbol": "SPY", "share": 1.0}]},
        {"path": "A/Bonds", "target_weight": 0.4},
    ],
}


@pytest.fixture
def mix(client: Any) -> str:
    return str(client.post(FRAMEWORKS, json=MIX).json()["id"])


def weights(answer: Any) -> dict[str, float]:
    return {row["path"]: row["target_weight"] for row in answer.json()["targets"]}


def test_a_class_target_is_the_bucket_and_saving_writes_the_next_version(client: Any, mix: str) -> None:
    assert weights(client.get(CLASSES, params={"framework_id": mix})) == {"A/Stocks": 0.6, "A/Bonds": 0.4}
    wanted = [{"path": "A/Stocks", "target_weight": 0.7}, {"path": "A/Bonds", "target_weight": 0.3}]
    saved = client.post(CLASSES, json={"framework_id": mix, "expected_version": 1, "targets": wanted})
    assert (saved.status_code, saved.json()["framework_version"]) == (200, 2)
    assert [b["target_weight"] for b in client.get(f"{FRAMEWORKS}/{mix}").json()["buckets"]] == [0.7, 0.3]


def test_targets_are_judged_exactly_and_a_stale_edit_is_refused(client: Any, mix: str) -> None:
    half = {"framework_id": mix, "targets": [{"path": "A/Stocks", "target_weight": 0.7}]}
    assert client.post(CLASSES, json=half).status_code == 422
    shares = {"framework_id": mix, "targets": [{"path": "A/Bonds", "symbol": "BND", "share": 0.9}]}
    assert client.post(HOLDINGS, json=shares).status_code == 422
    whole = {"framework_id": mix, "targets": [{"path": "A/Bonds", "symbol": "BND", "share": 1.0}]}
    assert client.post(HOLDINGS, json=whole).json()["framework_version"] == 2
    stale = whole | {"expected_version": 1, "targets": [{"path": "A/Bonds", "symbol": "AGG", "share": 1.0}]}
    assert client.post(HOLDINGS, json=stale).status_code == 409


def test_a_holding_target_is_a_product_and_its_share(client: Any, mix: str) -> None:
    wanted = [{"path": "A/Stocks", "symbol": s, "share": w} for s, w in (("SPY", 0.75), ("EFA", 0.25))]
    saved = client.post(HOLDINGS, json={"framework_id": mix, "targets": wanted}).json()
    assert [(r["symbol"], r["share"], round(r["target_weight"], 12)) for r in saved["targets"]] == [
        ("SPY", 0.75, 0.45),
        ("EFA", 0.25, 0.15),
    ]
    gone = client.delete(HOLDINGS, params={"framework_id": mix, "path": "A/Stocks", "symbol": "SPY"}).json()
    assert [(r["symbol"], r["share"]) for r in gone["targets"]] == [("EFA", 1.0)]


def test_deleting_a_class_deletes_its_products_in_the_same_version(client: Any, mix: str) -> None:
    gone = client.delete(CLASSES, params={"framework_id": mix, "path": "A/Stocks", "expected_version": 1})
    assert (weights(gone), gone.json()["framework_version"]) == ({"A/Bonds": 1.0}, 2)
    assert client.get(HOLDINGS, params={"framework_id": mix}).json()["targets"] == []
    assert len(client.get(HOLDINGS, params={"framework_id": mix, "version": 1}).json()["targets"]) == 1


@pytest.mark.parametrize(
    ("address", "row"),
    [
        (CLASSES, {"path": "A/Nothing", "target_weight": 0.1}),
        (CLASSES, {"path": "A/Stocks"}),
        (HOLDINGS, {"path": "A/Stocks", "symbol": "", "share": 1.0}),
        (HOLDINGS, {"path": "A/Stocks", "share": 1.0}),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(
    client: Any, mix: str, address: str, row: dict[str, Any]
) -> None:
    answer = client.post(address, json={"framework_id": mix, "targets": [row]})
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]


def test_a_product_twice_in_a_bucket_is_refused(client: Any, mix: str) -> None:
    twice = [{"path": "A/Stocks", "symbol": "SPY", "share": 0.5}] * 2
    assert "twice" in client.post(HOLDINGS, json={"framework_id": mix, "targets": twice}).json()["detail"]
    rows = [{"path": "A/Stocks", "target_weight": weight} for weight in (0.5, 0.6)]
    assert "twice" in client.post(CLASSES, json={"framework_id": mix, "targets": rows}).json()["detail"]
