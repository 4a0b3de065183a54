"""Filling a bucket over REST: a job whose result is the draft."""

from __future__ import annotations

from typing import Any

import pytest
from tests.patience import PATIENCE

from keel.services.fill import FILL
from keel.services.shared import jobs
from keel.store.connection import Database


@pytest.fixture
def address(balanced: dict[str, Any]) -> str:
    return f"/allocation-frameworks/{balanced['id']}/fill"


def test_a_fill_is_a_job_that_ends_with_the_split(client: Any, db: Database, address: str) -> None:
    asked = {"path": "AssetClass/Equity", "method": "equal", "products": ["SPY", "EFA"], "bounds": {"SPY": [0, "40%"]}}
    begun = client.post(address, json=asked)
    assert begun.status_code == 202, begun.text
    at = begun.headers["location"].removeprefix("/api/v1")
    assert at == f"/jobs/{begun.json()['id']}"
    job = jobs.find(db, FILL, begun.json()["request"])
    assert job is not None
    assert job.finished(PATIENCE)
    ended = client.get(at).json()
    assert ended["status"] == "done"
    assert [part["share"] for part in ended["result"]["parts"]] == pytest.approx([0.4, 0.6])


def test_what_cannot_be_filled_is_a_problem(client: Any, address: str) -> None:
    good = {"path": "AssetClass/Equity", "method": "equal", "products": ["SPY", "EFA"]}
    for wrong, status in (
        ({"method": "best"}, 400),
        ({"path": "AssetClass/Nothing"}, 422),
        ({"products": ["NOBODY"]}, 404),
        ({"products": []}, 422),
        ({"bounds": {"SPY": [0.5]}}, 422),
        ({"products": [1]}, 400),
        ({"start": "soon"}, 400),
    ):
        assert client.post(address, json={**good, **wrong}).status_code == status, wrong
    assert client.post("/allocation-frameworks/fw_nothing/fill", json=good).status_code == 404
