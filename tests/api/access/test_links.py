"""Links over REST: made and shown once, listed without the secret, followed without a token, revoked."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from limits import parse
from pydantic import TypeAdapter

from keel.api.access import gate
from keel.api.app import create_api
from keel.api.models.links import IssuedLink, SharedPortfolio
from keel.domain.access.token import Scope
from keel.services.access import links, tokens
from keel.services.access.rate import Rate
from keel.services.example import open_client
from keel.services.live import plan
from keel.store.connection import Database

BODIES: list[dict[str, Any]] = [{"days": 0}, {"days": 367}, {"days": "7"}, {"name": "x" * 61}, {"name": 1}]


@pytest.fixture
def portfolio(db: Database) -> str:
    """A client with two accounts, Ann's."""
    return open_client(db.of("ann")).id


@pytest.fixture
def guarded(db: Database) -> Iterator[Any]:
    with TestClient(create_api(db, guarded=True)) as client:
        secret = tokens.create(db.of("ann"), "laptop", Scope.write).secret
        client.headers["Authorization"] = f"Bearer {secret}"
        yield client


def visited(db: Database, secret: str) -> Any:
    """What one is answered who has nothing but the link."""
    return TestClient(create_api(db, guarded=True)).get(f"/shared/{secret}")


def test_a_link_is_made_listed_followed_and_revoked(db: Database, guarded: Any, portfolio: str) -> None:
    at = f"/portfolios/{portfolio}/shares"
    made = guarded.post(at, json={"name": "The Okafors", "days": 7})
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    TypeAdapter(IssuedLink).validate_json(made.content, extra="forbid")
    seen = visited(db, made.json()["secret"])
    assert (seen.status_code, seen.headers["cache-control"]) == (200, "no-store")
    listed = guarded.get(at).json()
    assert listed[0].pop("last_opened_at")
    assert listed == [{k: v for k, v in made.json().items() if k not in ("secret", "address", "last_opened_at")}]
    revoked = guarded.delete(made.headers["location"].removeprefix("/api/v1"))
    assert revoked.json()["state"] == "revoked"
    over, never = visited(db, made.json()["secret"]), visited(db, "nothing")
    assert over.status_code == never.status_code == 404
    assert over.json() == never.json()


def test_what_a_link_shows_is_the_newest_state_without_an_id(db: Database, guarded: Any, portfolio: str) -> None:
    secret = guarded.post(f"/portfolios/{portfolio}/shares").json()["secret"]
    before = visited(db, secret)
    TypeAdapter(SharedPortfolio).validate_json(before.content, extra="forbid")
    assert before.json()["drift"] == guarded.get(f"/portfolios/{portfolio}/drift").json()
    assert before.json()["plan"] is None
    made = guarded.post(f"/portfolios/{portfolio}/plan").json()
    assert visited(db, secret).json()["plan"] is None  # a draft is its owner's
    plan.accept(db.of("ann"), made["id"])
    after = visited(db, secret)
    TypeAdapter(SharedPortfolio).validate_json(after.content, extra="forbid")
    assert after.json()["plan"]["trades"] == made["trades"]
    row = guarded.get(f"/portfolios/{portfolio}").json()
    ids = [row["id"], row["framework_id"], made["id"], "ann", *(pick["instrument_id"] for pick in row["picks"])]
    assert not [id for id in ids if f'"{id}"' in after.text]


def test_a_portfolio_that_holds_nothing_is_shown_as_that(client: Any, balanced: dict[str, Any]) -> None:
    made = client.post("/portfolios", json={"framework_id": balanced["id"]}).json()
    secret = client.post(f"/portfolios/{made['id']}/shares").json()["secret"]
    seen = client.get(f"/shared/{secret}")
    TypeAdapter(SharedPortfolio).validate_json(seen.content, extra="forbid")
    assert (seen.json()["drift"], seen.json()["plan"]) == (None, None)
    assert seen.json()["trouble"]


def test_a_link_opens_nothing_else(db: Database, portfolio: str) -> None:
    secret = links.create(db.of("ann"), portfolio).secret
    visitor = TestClient(create_api(db, guarded=True))
    at = f"/shared/{secret}"
    for path in (f"/portfolios/{portfolio}", f"{at}/../../portfolios", f"{at}/", f"/portfolios?share={secret}", "/me"):
        assert visitor.get(path).status_code == 401, path
    assert visitor.delete(at).status_code == 401
    assert visitor.get("/portfolios", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


@pytest.mark.parametrize("body", BODIES)
def test_a_body_that_cannot_be_used_is_refused(client: Any, body: dict[str, Any], db: Database) -> None:
    portfolio = open_client(db).id
    assert client.post(f"/portfolios/{portfolio}/shares", json=body).status_code in (400, 422)


def test_links_are_followed_only_so_often(db: Database, portfolio: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "visiting", lambda: Rate(parse("2/minute")))
    client = TestClient(create_api(db, guarded=True))
    asked = [client.get("/shared/guess") for _ in range(3)]
    assert [answer.status_code for answer in asked] == [404, 404, 429]
    assert 1 <= int(asked[-1].headers["retry-after"]) <= 60


def test_no_secret_is_logged_or_kept(
    db: Database, guarded: Any, portfolio: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx")  # the client of the test
    at = f"/portfolios/{portfolio}/shares"
    secret = guarded.post(at, headers={"Idempotency-Key": "k"}).json()["secret"]
    answers = [visited(db, secret).text, visited(db, secret + "x").text, guarded.get(at).text]
    with db.cursor() as cursor:
        tables = [name for (name,) in cursor.execute("select table_name from duckdb_tables()").fetchall()]
        kept = [str(cursor.execute(f"select * from {name}").fetchall()) for name in tables if "price" not in name]
    assert secret not in caplog.text + "".join(answers + kept)
