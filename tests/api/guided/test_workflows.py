"""Workflows over REST."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.conftest import at_its_end, ended
from tests.domain.profile.answered import answered
from tests.domain.proposal.said import pair

from keel.api.models.guided.workflow import PutQuestions, Workflow, WorkflowRun
from keel.services.shared.asking import model as asking

BALANCED = {"framework": {"template": "balanced"}}


def test_a_run_is_begun_read_gone_on_with_and_ends(client: Any) -> None:
    for one in client.get("/workflows").json():
        Workflow.model_validate(one)
        assert client.get(f"/workflows/{one['id']}").json() == one
    begun = client.post("/workflows/portfolio_creation/runs", json={"given": BALANCED, "skip": ["profile"]})
    assert begun.status_code == 201
    at = begun.headers["location"].removeprefix("/api/v1")
    assert client.get(at).json() == begun.json()
    WorkflowRun.model_validate(begun.json())
    done = client.post(f"{at}/resume", json={"given": {"portfolio": {"name": "Mine"}}}).json()
    assert (done["status"], done["steps"][1]["begun"]) == ("done", 1)
    assert client.get(f"/portfolios/{done['steps'][4]['outputs']['portfolio_id']}").json()["name"] == "Mine"
    assert client.get("/workflow-runs").json() == [done]
    assert client.delete(at).status_code == 422
    again = client.post(f"{at}/repeat", json={"step": "portfolio"}).json()
    assert (again["next"], again["steps"][4]["earlier"]) == ("portfolio", [done["steps"][4]["outputs"]])
    WorkflowRun.model_validate(again)
    assert client.post(f"{at}/repeat", json={"step": "portfolio"}).status_code == 422
    assert client.post(f"{at}/repeat", json={}).status_code == 400


def test_a_run_that_waits_can_be_given_up(client: Any) -> None:
    begun = client.post("/workflows/yearly_review/runs").json()
    assert (begun["status"], begun["next"]) == ("open", "holdings")
    assert client.delete(f"/workflow-runs/{begun['id']}").json()["status"] == "cancelled"


def test_the_questions_are_put_and_what_is_suggested_is_taken(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"profile": {"name": "Ann", "answers": answered(2)}}
    begun = client.post("/workflows/portfolio_creation/runs", json={"given": given}).json()
    at = f"/workflow-runs/{begun['id']}"
    asked = client.post(f"{at}/questions").json()
    PutQuestions.model_validate(asked)
    assert asked == {"questions": begun["questions"], "fallback": ""}
    assert begun["questions"][0]["answer"] == "balanced"
    assert client.post(f"{at}/questions", json={"by": "model"}).status_code == 422
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    monkeypatch.setattr(asking, "ask", lambda *_: {"questions": [{"id": "template", "words": "Which one?"}]})
    job = client.post(f"{at}/questions", json={"by": "model"})
    assert (job.status_code, job.json()["kind"]) == (202, "questions")
    assert at_its_end(client, job)["status"] == "done"
    run = client.get(at).json()
    WorkflowRun.model_validate(run)
    assert (run["questions"][0]["words"], run["questions"][0]["by"]) == ("Which one?", "llama")
    done = client.post(f"{at}/resume", json={"take": True}).json()
    assert (done["status"], done["steps"][1]["by"]) == ("done", {"template": "llama"})


def test_a_step_that_asks_a_model_is_a_job(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEEL_MODEL", "openai:llama")
    monkeypatch.setattr(asking, "ask", lambda *_: pair(0.4))
    given = {"profile": {"name": "Ann", "answers": answered(2)}, "framework": {"proposal": "model"}}
    begun = client.post("/workflows/portfolio_creation/runs", json={"given": given}).json()
    job = begun["steps"][1]["job"]
    assert ended(client, f"/jobs/{job}")["result"] == {"run_id": begun["id"], "status": "open"}
    run = client.get(f"/workflow-runs/{begun['id']}").json()
    assert (run["next"], run["steps"][1]["outputs"]["proposed_by"]) == ("portfolio", "llama")


def test_what_cannot_be_read_is_a_problem(client: Any) -> None:
    assert client.post("/workflows/yoga/runs").status_code == 404
    assert client.get("/workflow-runs/wr_nothing").status_code == 404
    address = "/workflows/portfolio_creation/runs"
    assert client.post(address, json={"entry": "portfolio"}).status_code == 422
    assert client.post(address, json={"given": {"framework": 1}}).status_code == 400
    assert client.post(address, json={"skip": [1]}).status_code == 400
    assert client.get("/workflow-runs").json() == []
