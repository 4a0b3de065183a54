"""All live portfolios in short, over REST."""

from __future__ import annotations

from datetime import date
from typing import Any

from keel.domain.portfolio.position import Position
from keel.services.holdings import table
from keel.store.connection import Database


def test_what_holds_something_is_listed(client: Any, db: Database, balanced: dict[str, Any]) -> None:
    assert client.get("/drift").json() == {"portfolios": []}
    made = client.post("/portfolios", json={"framework_id": balanced["id"], "name": "Ours"}).json()
    table.put(db, made["id"], [Position("SPY", 10, 100.0)], date(2016, 1, 4))
    (row,) = client.get("/drift").json()["portfolios"]
    assert (row["id"], row["name"], row["value"], row["rebalance_needed"]) == (made["id"], "Ours", 1_000, True)
