"""What the tests of the REST interface share: a client of an app over a database, and a framework in it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.patience import PATIENCE

from keel.api.app import create_api
from keel.store.connection import Database

FRAMEWORKS = "/allocation-frameworks"


def at_its_end(client: Any, accepted: Any) -> dict[str, Any]:
    """The job that an answer tells of, when it has ended."""
    return ended(client, accepted.headers["location"].removeprefix("/api/v1"))


def ended(client: Any, at: str) -> dict[str, Any]:
    """The job at an address, when it has ended."""
    for thread in threading.enumerate():
        if thread.name.startswith("job "):
            thread.join(PATIENCE)
    return dict(client.get(at).json())


@pytest.fixture
def db(somebody: Database) -> Database:
    """The database of one who is another in each test."""
    return somebody


@pytest.fixture
def client(db: Database) -> Any:
    with TestClient(create_api(db)) as client:
        yield client


@pytest.fixture
def balanced(client: Any) -> dict[str, Any]:
    answer = client.post(FRAMEWORKS, params={"template": "balanced", "name": "Mine"})
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"].endswith(answer.json()["id"])
    return dict(answer.json())
