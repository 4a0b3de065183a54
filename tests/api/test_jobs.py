"""Background work over REST: how far it is, and a way to stop it."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.patience import PATIENCE

from keel.api.app import create_api
from keel.services.shared import jobs
from keel.services.shared.job import Job, Kind
from keel.store.connection import Database


@pytest.fixture
def client(db: Database) -> Iterator[TestClient]:
    with TestClient(create_api(db)) as client:
        yield client


def test_a_job_is_watched_and_stopped(db: Database, client: TestClient) -> None:
    halfway = threading.Event()

    def work(_db: Database, request: Mapping[str, Any], job: Job[int]) -> int:
        job.report(request["half"], 2 * request["half"])
        halfway.set()
        while not job.stopped():
            threading.Event().wait(0.01)
        return job.done

    job = jobs.begin(db, Kind("sweep", "policies", work, lambda done: {"policies": done}), {"half": 500})
    assert halfway.wait(PATIENCE)
    seen = client.get(f"/jobs/{job.row.id}").json()
    assert {name: seen[name] for name in ("id", "kind", "request", "status", "progress", "message", "result")} == {
        "id": job.row.id,
        "kind": "sweep",
        "request": {"half": 500},
        "status": "running",
        "progress": {"done": 500, "total": 1000},
        "message": "500 of 1,000",
        "result": None,
    }
    assert seen["created_at"] <= seen["started_at"]
    assert seen["ended_at"] is None
    assert client.delete(f"/jobs/{job.row.id}").status_code == 200
    assert job.finished(PATIENCE)
    ended = client.get(f"/jobs/{job.row.id}").json()
    assert (ended["status"], ended["result"], ended["message"]) == ("cancelled", {"policies": 500}, "")
    assert client.delete(f"/jobs/{job.row.id}").json() == ended


@pytest.mark.parametrize("verb", ["get", "delete"])
def test_an_unknown_job_is_a_problem(client: TestClient, verb: str) -> None:
    answer = getattr(client, verb)("/jobs/job_none")
    assert answer.status_code == 404
    assert answer.json()["type"] == "urn:keel:problem:JobNotFound"
