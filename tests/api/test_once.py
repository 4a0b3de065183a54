"""A request that names a key is done once."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from keel.api import policies
from keel.api.app import create_api
from keel.store.connection import Database
from keel.store.work import request_keys

ADDRESS = "/rebalancing-strategies"
OURS = {"name": "Ours", "policy": {"trigger": "never"}}
KEY = {"Idempotency-Key": "a-1"}


def test_sent_again_it_is_answered_as_it_was(client: Any) -> None:
    first = client.post(ADDRESS, json=OURS, headers=KEY)
    again = client.post(ADDRESS, json=OURS, headers=KEY)
    assert (again.status_code, again.json(), again.headers["location"]) == (
        201,
        first.json(),
        first.headers["location"],
    )
    assert (again.headers["content-type"], again.headers["idempotent-replayed"]) == ("application/json", "true")
    assert "idempotent-replayed" not in first.headers
    assert len(client.get(ADDRESS).json()) == 1
    other = client.post(ADDRESS, json=OURS | {"name": "Another"}, headers={"Idempotency-Key": "a-2"})
    assert (other.status_code, len(client.get(ADDRESS).json())) == (201, 2)


@pytest.mark.parametrize("key", ["", "two words", "é", "x" * 201])
def test_what_is_no_key_is_a_problem(client: Any, key: str) -> None:
    refused = client.post(ADDRESS, json=OURS, headers={"Idempotency-Key": key.encode()})
    assert (refused.status_code, client.get(ADDRESS).json()) == (422, [])


def test_a_key_belongs_to_one_request(client: Any) -> None:
    client.post(ADDRESS, json=OURS, headers=KEY)
    for address, body in ((ADDRESS, OURS | {"name": "Theirs"}), (f"{ADDRESS}?x=1", OURS), ("/benchmarks", OURS)):
        refused = client.post(address, json=body, headers=KEY)
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:keel:problem:Input")
    assert len(client.get(ADDRESS).json()) == 1


def test_a_key_is_an_owners(client: Any, db: Database) -> None:
    client.post(ADDRESS, json=OURS, headers=KEY)
    with TestClient(create_api(db.of("usr_other"))) as other:
        answer = other.post(ADDRESS, json=OURS, headers=KEY)
    assert (answer.status_code, "idempotent-replayed" in answer.headers) == (201, False)


def test_what_is_refused_takes_no_key(client: Any) -> None:
    assert client.post(ADDRESS, json={"name": "Ours"}, headers=KEY).status_code == 400
    assert client.post(ADDRESS, json=OURS, headers=KEY).status_code == 201


def test_a_mistake_of_ours_takes_no_key(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    client = TestClient(create_api(db), raise_server_exceptions=False)
    with monkeypatch.context() as patch:
        patch.setattr(policies, "_save", lambda *_: 1 / 0)
        assert client.post(ADDRESS, json=OURS, headers=KEY).status_code == 500
    assert client.post(ADDRESS, json=OURS, headers=KEY).status_code == 201


def test_one_that_began_and_whose_end_is_not_known_is_not_done_again(client: Any, db: Database) -> None:
    request_keys.begin(db, "a-1", f"POST {ADDRESS}?")
    refused = client.post(ADDRESS, json=OURS, headers=KEY)
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:keel:problem:UnderWay")
    assert client.get(ADDRESS).json() == []
