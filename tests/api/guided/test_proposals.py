"""Proposals over REST."""

from __future__ import annotations

from typing import Any

from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair

ANN = {"answers": answered(2)}


def test_a_proposal_is_accepted_by_saving_its_framework(client: Any) -> None:
    proposed = client.post("/proposals", json={"profile": ANN, "products": True})
    assert proposed.status_code == 200, proposed.text
    assert proposed.json()["valid"] is True
    assert client.get("/allocation-frameworks").json() == []
    saved = client.post("/allocation-frameworks", json=proposed.json()["framework"])
    assert (saved.status_code, saved.json()["method"], saved.json()["warnings"]) == (201, "generated", [])


def test_a_stored_profile_proposes_an_edit_of_a_framework(client: Any, balanced: dict[str, Any]) -> None:
    profile = client.post("/profiles", json={"name": "Ann", **ANN}).json()["id"]
    proposed = client.post("/proposals", json={"profile_id": profile, "framework_id": balanced["id"]}).json()
    assert (proposed["framework"]["id"], proposed["framework"]["version"]) == (balanced["id"], 1)
    answer = client.put(f"/allocation-frameworks/{balanced['id']}", json=proposed["framework"])
    assert (answer.status_code, answer.json()["version"]) == (200, 2)


def test_what_another_said_is_judged_by_the_schema_that_is_given(client: Any) -> None:
    schema = client.get("/proposals/schema").json()
    assert set(schema["required"]) <= set(pair())
    said = client.post("/proposals", json={"profile": ANN, "said": pair(0.65)}).json()
    assert [error["code"] for error in said["errors"]] == ["more_equity_than_borne"]


def test_what_cannot_be_used_is_a_problem(client: Any) -> None:
    for body, status in (
        ({}, 422),
        ({"profile_id": "profile_nothing"}, 404),
        ({"profile": {"answers": {}}}, 400),
        ({"profile": ANN, "framework_id": "fw_nothing"}, 404),
        ({"profile": ANN, "said": {}}, 400),
        ({"profile": ANN, "products": 1}, 400),
    ):
        assert client.post("/proposals", json=body).status_code == status, body
