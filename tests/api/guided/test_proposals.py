"""Proposals over REST."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from tests.api.conftest import at_its_end
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair

from keel.api.models.guided.proposal import Proposal
from keel.api.models.job import Job
from keel.services.shared.asking import model as asking
from keel.sources.llm.model import Tick

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


def test_a_model_is_asked_by_a_job(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = threading.Event()

    def asks(_model: object, _asked: object, tick: Tick) -> object:
        while not wanted.wait(0.01):
            tick()
        return pair(0.4)

    monkeypatch.setattr(asking, "ask", asks)
    assert client.post("/proposals", json={"profile": ANN, "by": "model"}).status_code == 422
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    begun = client.post("/proposals", json={"profile": ANN, "by": "model"})
    assert (begun.status_code, begun.json()["kind"]) == (202, "proposal")
    at = begun.headers["location"].removeprefix("/api/v1")
    assert client.delete(at).status_code == 200
    assert at_its_end(client, begun)["status"] == "cancelled"
    wanted.set()
    done = at_its_end(client, client.post("/proposals", json={"profile": ANN, "by": "model"}))
    assert (done["status"], done["result"]["source"]) == ("done", "llama")
    assert done["progress"] == {"done": 1, "total": 1}
    Proposal.model_validate(done["result"])
    Job.model_validate(done)


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
