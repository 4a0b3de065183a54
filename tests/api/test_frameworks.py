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


CSV = {"content-type": "text/csv"}
MIX = {"name": "Mix", "buckets": [{"path": "A/B", "target_weight": 0.6}, {"path": "A/C", "target_weight": 0.4}]}


def mix(*weights: tuple[str, float]) -> dict[str, Any]:
    return {"name": "Mix", "buckets": [{"path": path, "target_weight": weight} for path, weight in weights]}


def test_a_csv_file_is_imported(client: Any) -> None:
    made = client.post(FRAMEWORKS, content=b"path,target_weight\nAssetClass/A,60%\nAssetClass/B,40%\n", headers=CSV)
    assert (made.status_code, made.json()["name"], made.json()["method"]) == (201, "Imported", "imported")


def test_a_body_is_an_edit_and_judged_exactly(client: Any, balanced: dict[str, Any]) -> None:
    url, validate = f"{FRAMEWORKS}/{balanced['id']}", "/analytics/validate-framework"
    rounded = mix(("A/B", 0.6), ("A/C", 0.3995))
    orphan = mix(("A/B/C", 0.6), ("A/D", 0.4))
    for wrong, code in ((rounded, "sum"), (orphan, "missing_parent")):
        for answer in (client.post(FRAMEWORKS, json=wrong), client.put(url, json={**wrong, "version": 1})):
            assert (answer.status_code, code in {row["code"] for row in answer.json()["issues"]}) == (422, True)
        assert code in {row["code"] for row in client.post(validate, json=wrong).json()["errors"]}
    assert [row["id"] for row in client.get(FRAMEWORKS).json()] == [balanced["id"]]
    assert client.get(url).json()["version"] == 1


def test_an_edit_has_a_name_and_every_target(client: Any) -> None:
    for missing in ({"buckets": MIX["buckets"]}, {"name": "Mix", "buckets": [{"path": "A/B"}]}, {"name": "Mix"}):
        answer = client.post(FRAMEWORKS, json=missing)
        assert (answer.status_code, "missing" in answer.json()["detail"]) == (400, True)
    assert client.post(FRAMEWORKS, json=MIX).json()["method"] == "custom"


def test_a_policy_that_cannot_be_used_refuses_the_edit(client: Any, balanced: dict[str, Any]) -> None:
    answer = client.put(f"{FRAMEWORKS}/{balanced['id']}", json={**MIX, "version": 1, "rebalancing": {"trigger": "x"}})
    assert (answer.status_code, [row["code"] for row in answer.json()["issues"]]) == (422, ["invalid_policy"])


def test_a_file_is_completed_and_scaled(client: Any, balanced: dict[str, Any]) -> None:
    url, validate = f"{FRAMEWORKS}/{balanced['id']}", "/analytics/validate-framework"
    loose = mix(("A/B/C", 0.6), ("A/D", 0.3995))
    file = {"params": {"import": 1}}
    made = client.post(FRAMEWORKS, json=loose, **file).json()
    assert [row["code"] for row in made["warnings"]] == ["scaled"]
    assert math.fsum(b["target_weight"] for b in made["buckets"] if b["path"].count("/") == 1) == 1.0
    assert client.post(validate, json=loose, **file).json()["valid"] is True
    revised = client.put(url, json={**loose, "version": 1}, **file).json()
    assert (revised["version"], [row["code"] for row in revised["warnings"]]) == (2, ["scaled"])


def test_a_csv_file_replaces_the_tree_and_nothing_else(client: Any, balanced: dict[str, Any]) -> None:
    url = f"{FRAMEWORKS}/{balanced['id']}"
    tree = b"path,target_weight\nAssetClass/A,60%\nAssetClass/B,40%\n"
    assert client.put(url, content=tree, headers=CSV).status_code == 422
    revised = client.put(url, content=tree, headers=CSV, params={"expected_version": 1}).json()
    assert [b["path"] for b in revised["buckets"]] == ["AssetClass/A", "AssetClass/B"]
    same = ("name", "description", "method", "base_ccy", "risk_band", "rebalancing", "constraints")
    assert {name: revised[name] for name in same} == {name: balanced[name] for name in same}


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
    assert client.post(url, json={"no_such_rule": 1}).status_code == 422


def test_a_product_that_the_framework_names_is_judged_and_one_not_known_is_a_gap(
    client: Any, balanced: dict[str, Any]
) -> None:
    document = {key: value for key, value in balanced.items() if key not in ("id", "version", "warnings")}
    stocks, bonds, other = document["buckets"]
    named = [stocks | {"holdings": [{"symbol": "VWCE", "share": 1}]}, bonds, other]
    document |= {"buckets": named, "constraints": [{"type": "max_holdings", "value": 2, "unit": "count"}]}
    url = f"{FRAMEWORKS}/{balanced['id']}"
    assert client.put(url, params={"expected_version": 1}, json=document).status_code == 200
    mapped = client.post(f"{url}/map-products").json()
    assert "unknown_product" in [gap["code"] for gap in mapped["buckets"][0]["gaps"]]
    assert mapped["constraints"][0]["status"] == "pass"


def test_the_weights_of_the_score_are_asked_for_and_kept(client: Any, balanced: dict[str, Any]) -> None:
    oldest = {"cost": 0, "liquidity": 0, "history": 1, "fit": 0, "size": 0}
    url, asked = f"{FRAMEWORKS}/{balanced['id']}/map-products", {"weights": {"history": 1}}
    assert client.post(url, json=asked | {"min_history_years": 3}).json()["score_weights"] == oldest
    portfolio = client.post("/portfolios", json=asked | {"framework_id": balanced["id"]}).json()
    assert client.get(f"/portfolios/{portfolio['id']}").json()["score_weights"] == oldest
    assert client.post(url, json={"weights": {"price": 1}}).status_code == 400
    assert "no part of the score counts" in client.post(url, json={"weights": {"cost": 0}}).json()["detail"]


def test_a_revision_says_which_version_was_edited(client: Any, balanced: dict[str, Any]) -> None:
    document = {key: value for key, value in balanced.items() if key not in ("version", "warnings")}
    answer = client.put(f"{FRAMEWORKS}/{balanced['id']}", json=document)
    assert (answer.status_code, "version" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("method", "url", "content", "status"),
    [
        ("GET", FRAMEWORKS + "/none", b"", 404),
        ("POST", FRAMEWORKS, b"", 422),
        ("POST", FRAMEWORKS, b"{", 400),
        ("POST", FRAMEWORKS, b"\x00\x01\x02" * 100, 400),
        ("POST", FRAMEWORKS, b"[" * 100_000, 400),
        ("POST", FRAMEWORKS, b"path,target_weight\nA/B,99%\n", 400),
        ("POST", FRAMEWORKS + "?import=1", b"path,target_weight\nA/B,99%\n", 422),
        ("POST", FRAMEWORKS + "?import=perhaps", b"{}", 422),
        ("POST", FRAMEWORKS + "?template=none", b"", 404),
        ("POST", "/analytics/validate-framework", b"42", 400),
    ],
)
def test_what_cannot_be_used_is_a_problem(client: Any, method: str, url: str, content: bytes, status: int) -> None:
    answer = client.request(method, url, content=content)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    assert answer.json()["detail"]


def test_a_framework_is_archived_brought_back_and_an_old_version_saved_again(
    client: Any, balanced: dict[str, Any]
) -> None:
    url = f"{FRAMEWORKS}/{balanced['id']}"
    client.put(url, json={**balanced, "name": "Bolder", "description": "More", "base_ccy": "EUR", "version": 1})
    assert client.delete(url).json() == {"archived": True, "used_by": []}
    assert (client.get(FRAMEWORKS).json(), client.get(url).status_code) == ([], 200)
    assert client.post(f"{url}/restore").json()["version"] == 2
    assert [row["name"] for row in client.get(FRAMEWORKS).json()] == ["Bolder"]
    again = client.post(f"{url}/restore?version=1&expected_version=2").json()
    assert (again["version"], again["name"], again["base_ccy"]) == (3, "Mine", "USD")
    assert client.post(f"{url}/restore?version=1&expected_version=2").status_code == 409
    assert (
        client.delete(f"{FRAMEWORKS}/none").status_code == client.post(f"{FRAMEWORKS}/none/restore").status_code == 404
    )


def test_an_edit_may_name_its_version_by_if_match(client: Any, balanced: dict[str, Any]) -> None:
    url = f"{FRAMEWORKS}/{balanced['id']}"
    tag = client.get(url).headers["etag"]
    saved = client.put(url, json=MIX, headers={"If-Match": tag})
    assert (saved.status_code, saved.json()["version"], saved.headers["etag"]) == (200, 2, '"2"')
    stale = client.put(url, json=MIX, headers={"If-Match": tag})
    assert (stale.status_code, stale.headers["content-type"]) == (412, "application/problem+json")
    assert client.get(url).json()["version"] == 2


def test_a_framework_goes_out_as_a_workbook_and_comes_in_again(client: Any, balanced: dict[str, Any]) -> None:
    at = f"{FRAMEWORKS}/{balanced['id']}"
    book = client.get(f"{at}/file")
    assert (book.status_code, book.headers["content-disposition"]) == (200, 'attachment; filename="framework.xlsx"')
    again = client.post(FRAMEWORKS, content=book.content, headers={"Content-Type": book.headers["content-type"]})
    assert again.status_code == 201, again.text
    told = ("buckets", "rebalancing", "constraints", "description", "risk_band")
    assert {name: again.json()[name] for name in told} == {name: balanced[name] for name in told}
    assert client.get(f"{at}/file?format=csv").text.startswith("path,label,target_weight")
    assert client.get(f"{at}/file?format=json").json() == client.get(at).json()
    assert client.get(f"{at}/file?format=pdf").status_code == 422
