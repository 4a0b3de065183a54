"""Nobody comes in without a token where it is required, a token shown is judged either way, each sees their own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from limits import parse

from keel.api.access import gate
from keel.api.app import create_api
from keel.domain.access.token import Scope
from keel.services.access import tokens
from keel.services.access.rate import Rate
from keel.store.connection import Database
from keel.store.values import now

ADDRESS = "/allocation-frameworks"
SHARED = "/shared/{secret}"


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def guarded(db: Database) -> Iterator[Any]:
    with TestClient(create_api(db, guarded=True)) as client:
        yield client


def routes(client: Any) -> list[tuple[str, str]]:
    """Every operation that the document knows, with ids that are nobody's; a link is for whoever has it."""
    paths = client.app.openapi()["paths"]
    return [
        (method, path.replace("{", "nobodys-").replace("}", ""))
        for path, known in paths.items()
        for method in known
        if path != SHARED
    ]


def test_nothing_is_answered_without_a_token_where_one_is_required(guarded: Any) -> None:
    gate_of = [*routes(guarded), ("get", "/openapi.json"), ("get", "/nothing-here")]
    assert len(gate_of) > 50
    for method, path in gate_of[:25]:
        answer = guarded.request(method, path)
        assert (answer.status_code, answer.json()["title"]) == (401, "Nobody is known to ask"), path
        assert answer.headers["www-authenticate"] == 'Bearer realm="keel"'


def test_a_token_lets_its_bearer_in_to_what_is_theirs(db: Database, guarded: Any) -> None:
    ann, bob = (tokens.create(db.of(who), "laptop", Scope.write).secret for who in ("ann", "bob"))
    made = guarded.post(ADDRESS, params={"template": "balanced", "name": "Ann's"}, headers=bearer(ann))
    assert made.status_code == 201
    mine = f"{ADDRESS}/{made.json()['id']}"
    assert guarded.get(mine, headers=bearer(ann)).status_code == 200
    unknown = guarded.get(f"{ADDRESS}/fw_nothing", headers=bearer(bob)).json()
    answer = guarded.get(mine, headers=bearer(bob))
    assert answer.status_code == 404
    assert answer.json() | {"detail": "", "subject": ""} == unknown | {"detail": "", "subject": ""}
    assert guarded.get(ADDRESS, headers=bearer(bob)).json() == []
    assert guarded.get("/me", headers=bearer(ann)).json()["user_id"] == "ann"
    assert guarded.get(ADDRESS, params={"user_id": "ann"}, headers=bearer(ann)).status_code == 200
    assert guarded.get(ADDRESS, params={"user_id": "ann"}, headers=bearer(bob)).status_code == 404


def test_a_token_that_is_over_or_too_small_is_refused(
    db: Database, guarded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, gone = tokens.create(db, "read", Scope.read, 1), tokens.create(db, "gone", Scope.write)
    tokens.revoke(db, gone.token.id)
    refused = guarded.post(ADDRESS, params={"template": "balanced"}, headers=bearer(read.secret))
    assert refused.status_code == 403
    assert "insufficient_scope" in refused.headers["www-authenticate"]
    for header in (bearer(gone.secret), bearer("keel_made_up"), {"Authorization": "Basic YTpi"}, {"Authorization": ""}):
        assert guarded.get(ADDRESS, headers=header).status_code == 401
    assert "invalid_token" in guarded.get(ADDRESS, headers=bearer(gone.secret)).headers["www-authenticate"]
    monkeypatch.setattr(tokens, "now", lambda: now() + timedelta(days=2))
    assert guarded.get(ADDRESS, headers=bearer(read.secret)).status_code == 401


def test_on_this_machine_nobody_needs_a_token_and_one_that_is_shown_is_judged(db: Database, client: Any) -> None:
    assert client.get("/me").json() == {"user_id": "local", "token": None}
    read = client.post("/tokens", json={"name": "reader"})
    assert read.status_code == 201
    secret = read.json()["token"]
    assert client.get("/me", headers=bearer(secret)).json()["token"]["name"] == "reader"
    assert client.post("/tokens", json={"name": "more"}, headers=bearer(secret)).status_code == 403
    assert client.get("/me", headers=bearer("wrong")).status_code == 401


def test_who_asks_too_often_is_told_when_to_come_again(
    db: Database, guarded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "usual", lambda: Rate(parse("2/minute")))
    monkeypatch.setattr(gate, "failing", lambda: Rate(parse("2/minute")))
    with TestClient(create_api(db, guarded=True)) as client:
        secrets = [tokens.create(db, name, Scope.read).secret for name in ("one", "two")]
        asked = [client.get("/me", headers=bearer(secrets[0])) for _ in range(3)]
        assert [answer.status_code for answer in asked] == [200, 200, 429]
        assert 1 <= int(asked[-1].headers["retry-after"]) <= 60
        assert client.get("/me", headers=bearer(secrets[1])).status_code == 200
        failed = [client.get("/me", headers=bearer("guess")).status_code for _ in range(3)]
        assert failed == [401, 401, 429]


def test_no_secret_is_logged_or_said_again(db: Database, guarded: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = tokens.create(db, "laptop", Scope.write).secret
    answers = [guarded.get(path, headers=bearer(secret)).text for path in ("/me", "/tokens", "/tokens/x", "/nothing")]
    answers.append(guarded.get("/me", headers=bearer(secret + "x")).text)
    assert secret not in caplog.text + "".join(answers)
