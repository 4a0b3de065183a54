"""Frameworks over REST: adopt, import, revise, compare, map, validate; and what is refused."""

from __future__ import annotations

import math
from typing import Any

import pytest
from tests.api.conftest import FRAMEWORKS


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


def test_filters_narrow_the_mapping(client: Any, balanced: dict[str, Any]) -> None:
    url = f"{FRAMEWORKS}/{balanced['id']}/map-products"
    assert client.post(url, json={"min_history_years": 200}).json()["buckets"][0]["suggestions"] == []
    assert client.post(url, json={"no_such_rule": 1}).status_code == 400


def test_a_revision_says_which_version_was_edited(client: Any, balanced: dict[str, Any]) -> None:
    document = {key: value for key, value in balanced.items() if key not in ("version", "warnings")}
    answer = client.put(f"{FRAMEWORKS}/{balanced['id']}", json=document)
    assert (answer.status_code, "version" in answer.json()["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("method", "url", "content", "status"),
    [
        ("GET", FRAMEWORKS + "/none", b"", 404),
        ("POST", FRAMEWORKS, b"", 400),
        ("POST", FRAMEWORKS, b"{", 400),
        ("POST", FRAMEWORKS, b"\x00\x01\x02" * 100, 400),
        ("POST", FRAMEWORKS, b"[" * 100_000, 400),
        ("POST", FRAMEWORKS, b"path,target_weight\nA/B,99%\n", 422),
        ("POST", FRAMEWORKS + "?template=none", b"", 404),
        ("POST", "/analytics/validate-framework", b"42", 400),
    ],
)
def test_what_cannot_be_used_is_a_problem(client: Any, method: str, url: str, content: bytes, status: int) -> None:
    answer = client.request(method, url, content=content)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["detail"]
