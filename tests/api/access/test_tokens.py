"""Tokens over REST: made and shown once, listed without the secret, revoked."""

from __future__ import annotations

from typing import Any

import pytest

from keel.store.connection import Database


def test_a_token_is_made_listed_and_revoked(client: Any) -> None:
    made = client.post("/tokens", json={"name": "laptop", "scope": "write", "days": 7})
    assert made.status_code == 201
    assert made.json()["token"].startswith("keel_")
    without = {key: value for key, value in made.json().items() if key != "token"}
    assert client.get("/tokens").json() == [without]
    revoked = client.delete(made.headers["location"].removeprefix("/api/v1"))
    assert revoked.json()["state"] == "revoked"
    assert client.delete("/tokens/tok_none").status_code == 404


@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "x", "scope": "admin"}, {"name": "x", "days": 0}, {"name": "x", "days": 1e9}]
)
def test_a_body_that_cannot_be_used_is_refused(client: Any, body: dict[str, Any]) -> None:
    assert client.post("/tokens", json=body).status_code in (400, 422)


def test_a_secret_is_kept_nowhere_even_where_the_request_has_a_key(client: Any, db: Database) -> None:
    made = client.post("/tokens", json={"name": "laptop"}, headers={"Idempotency-Key": "k"})
    assert made.headers["cache-control"] == "no-store"
    with db.cursor() as cursor:
        tables = [name for (name,) in cursor.execute("select table_name from duckdb_tables()").fetchall()]
        kept = [str(cursor.execute(f"select * from {name}").fetchall()) for name in tables if "price" not in name]
    assert made.json()["token"] not in "".join(kept)
