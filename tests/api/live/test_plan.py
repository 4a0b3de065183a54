"""Plans over REST, from the draft to what is held afterwards."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.test_document import said

from keel.api.models.live.plan import Curves, Plan, RulesBeside, ScheduleProspect


@pytest.fixture
def held(client: Any, at: str) -> str:
    """The portfolio with shares alone."""
    picks = client.get(at).json()["picks"]
    rows = [{"symbol": picks[0]["symbol"], "quantity": 10, "price": 100}]
    assert client.put(f"{at}/positions", json={"positions": rows}).status_code == 200
    return at


def test_a_plan_is_made_edited_accepted_and_executed(client: Any, held: str) -> None:
    asked = {"deposit": 500, "rule": "target_proportional", "policy": "annual"}
    answer = client.post(f"{held}/plan", json=asked)
    assert answer.status_code == 201, answer.text
    draft = said(answer, Plan)
    at = answer.headers["location"].removeprefix("/api/v1")
    assert (draft["status"], draft["total_after"]) == ("draft", 1500)
    assert said(client.get(at), Plan) == draft
    assert [one["id"] for one in client.get(f"{held}/plans").json()] == [draft["id"]]
    assert said(client.post(f"{at}/recalculate"), Plan)["trades"] == draft["trades"]
    assert client.post(f"{at}/execute").status_code == 422
    assert said(client.post(f"{at}/accept"), Plan)["status"] == "accepted"
    assert said(client.post(f"{at}/execute"), Plan)["executed_at"]
    orders = client.get(f"{at}/orders", params={"account": "Main"})
    assert (orders.headers["content-type"], orders.text.splitlines()[0]) == (
        "text/csv; charset=utf-8",
        "symbol,side,quantity,price,value",
    )
    assert client.get(f"{held}/positions").json()["value"] == pytest.approx(1500)


def test_rules_and_curves(client: Any, held: str) -> None:
    beside = said(client.post(f"{held}/plan/rules", json={"deposit": 100}), RulesBeside)
    assert len(beside["rules"]) == 4
    assert said(client.post(f"{held}/plan/curves", json={"policy": "annual"}), Curves)["orders"][0]["orders"] == 0


def test_deposits_that_come_again(client: Any, held: str) -> None:
    asked = {"amount": 500, "cadence": "quarterly", "policy": "abs_5pp"}
    found = said(client.post(f"{held}/plan/schedule", json=asked), ScheduleProspect)
    assert (found["schedule"]["cadence"], found["in_band"]) == ("quarterly", False)
    assert client.get(f"{held}/plans").json() == []
    for body, status in (({"amount": 0}, 422), ({"amount": 5, "cadence": "daily"}, 400), ({"deposit": 5}, 400)):
        assert client.post(f"{held}/plan/schedule", json=body).status_code == status, body


def test_what_cannot_be_planned_is_a_problem(client: Any, at: str, held: str) -> None:
    for body, status in (({"deposit": 1, "withdraw": 1}, 422), ({"sell": 1}, 400), ({"withdraw": 1e6}, 422)):
        assert client.post(f"{held}/plan", json=body).status_code == status, body
    assert client.get("/plans/pln_none").status_code == 404
