"""Sweeps over REST are jobs."""

from __future__ import annotations

from typing import Any

import pytest
from tests.api.conftest import at_its_end

from keel.store.connection import Database
from keel.store.work import jobs as stored
from keel.store.work.jobs import JobRow, Status

GRID = {"base": {"trigger": "band", "band": {"kind": "absolute"}}, "axes": {"band.width_bps": [300, 500]}}


def test_a_sweep_is_a_job_that_its_location_tells_of(client: Any, balanced: dict[str, Any]) -> None:
    body = {"framework_id": balanced["id"], "grid": GRID, "start": "2024-01-01"}
    answer = client.post("/sweep", json=body)
    assert answer.status_code == 202, answer.text
    job = answer.json()
    assert answer.headers["location"] == f"/api/v1/jobs/{job['id']}"
    assert (job["kind"], job["request"]["start"]) == ("sweep", "2024-01-01")
    ended = at_its_end(client, answer)
    assert (ended["status"], ended["result"]) == ("done", {"rows": 2})
    assert client.post("/sweep", json=body).json()["id"] == job["id"]


def test_one_that_a_restart_ended_is_begun_again(client: Any, balanced: dict[str, Any], db: Database) -> None:
    body = {"framework_id": balanced["id"], "grid": GRID, "start": "2024-01-01"}
    done = at_its_end(client, client.post("/sweep", json=body))
    ended = JobRow("sweep", done["request"] | {"start": "2023-01-01"}, Status.interrupted)
    stored.add(db, ended)
    again = client.post("/sweep", json=body | {"start": "2023-01-01"})
    assert again.json()["id"] != ended.id
    assert at_its_end(client, again)["status"] == "done"


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"grid": None}, 400, "grid"),
        ({"grid": {"axes": {}}}, 422, "no axes"),
        ({"grid": {"axes": {"cost_bps": {"from": 0, "to": 9, "count": 250_001}}}}, 422, "250,000"),
        ({"start": "soon"}, 400, "start"),
        ({"framework_id": None}, 422, "portfolio_id or framework_id"),
        ({"portfolio_id": "pf_none", "framework_id": None}, 404, "pf_none"),
    ],
)
def test_what_cannot_be_swept_is_a_problem_and_no_job(
    client: Any, balanced: dict[str, Any], change: dict[str, Any], status: int, words: str
) -> None:
    answer = client.post("/sweep", json={"framework_id": balanced["id"], "grid": GRID} | change)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True), answer.text
