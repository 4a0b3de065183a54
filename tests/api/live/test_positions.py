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


def test_holdings_are_set_from_a_csv_file(client: Any, at: str) -> None:
    headers = {"Content-Type": "text/csv"}
    rows = b"symbol,quantity,account,price,cost\nSPY,6,IRA,200,90\nSPY,4,IRA,200,100\nCASH,500,IRA,,\n"
    told = said(client.put(f"{at}/positions", content=rows, headers=headers), SetHoldings)
    assert told["value"] == 2_500
    (account,) = told["accounts"]
    assert [lot["cost"] for lot in account["positions"][0]["lots"]] == [90, 100]
    wrong = client.put(f"{at}/positions", content=b"symbol,quantity\nSPY,many\n", headers=headers)
    assert (wrong.status_code, "row 2" in wrong.json()["detail"]) == (400, True)


def test_holdings_that_cannot_be_used_are_a_problem(client: Any, at: str) -> None:
    assert client.put(f"{at}/positions", json={"positions": [{"symbol": "A"}]}).status_code == 400
    assert client.get("/portfolios/none/positions").status_code == 404
    assert client.get(f"{at}/positions", params={"as_of": "soon"}).status_code == 422
