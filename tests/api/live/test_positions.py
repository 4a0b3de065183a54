"""What a portfolio holds over REST: set as a whole, and shown."""

from __future__ import annotations

from typing import Any

from tests.api.test_document import said

from keel.api.models.live.holdings import Holdings, SetHoldings


def test_holdings_are_set_shown_and_judged(client: Any, at: str) -> None:
    rows = [
        {"symbol": "SPY", "quantity": 10, "price": 200, "account": "IRA", "lots": [{"quantity": 4, "cost": 90}]},
        {"symbol": "CASH", "quantity": 500},
    ]
    body = {"positions": rows, "accounts": [{"name": "IRA", "kind": "deferred"}]}
    told = said(client.put(f"{at}/positions", json=body), SetHoldings)
    assert (told["value"], told["import"][:4]) == (2_500, "imp_")
    assert [(a["name"], a["kind"]) for a in told["accounts"]] == [("IRA", "deferred"), ("Main", "taxable")]
    again = said(client.put(f"{at}/positions", json=body), SetHoldings)
    assert again["import"] is None
    shown = said(client.get(f"{at}/positions"), Holdings)
    assert shown["accounts"] == told["accounts"]


def test_holdings_that_cannot_be_used_are_a_problem(client: Any, at: str) -> None:
    assert client.put(f"{at}/positions", json={"positions": [{"symbol": "A"}]}).status_code == 400
    assert client.get("/portfolios/none/positions").status_code == 404
    assert client.get(f"{at}/positions", params={"as_of": "soon"}).status_code == 422
