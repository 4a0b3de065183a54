"""Files of holdings over REST: looked at, taken in once, taken back."""

from __future__ import annotations

from typing import Any

from tests.api.test_document import said

from keel.api.models.live.holdings import BegunPortfolio, HoldingsImport, ImportPreview, TakenImport


def test_a_file_is_looked_at_taken_in_once_and_taken_back(client: Any, at: str) -> None:
    file = {"content": b"symbol,quantity\nSPY,3\nODD,1\n", "headers": {"Content-Type": "text/csv"}}
    looked = client.post(f"{at}/imports", params={"preview": True, "choose": "ODD=BND", "name": "h.csv"}, **file)
    assert [c["symbol"] for c in said(looked, ImportPreview)["changes"]] == ["BND", "SPY"]
    first = client.post(f"{at}/imports", **file)
    made = said(first, TakenImport)
    assert (first.status_code, made["changed"], made["unknown"][0]["symbol"]) == (201, 2, "ODD")
    again = client.post(f"{at}/imports", **file)
    assert (again.status_code, again.json()["import"], again.json()["changed"]) == (200, made["import"], 0)
    assert [one["import"] for one in said(client.get(f"{at}/imports"), list[HoldingsImport])] == [made["import"]]
    undone = said(client.delete(f"{at}/imports/{made['import']}"), HoldingsImport)
    assert (undone["undone"], client.get(f"{at}/positions").json()["accounts"]) == (True, [])


def test_an_import_that_is_not_there_is_a_problem(client: Any, at: str) -> None:
    assert client.get("/portfolios/none/imports").status_code == 404
    assert client.delete(f"{at}/imports/imp_0").status_code == 404


def test_columns_are_said_and_a_portfolio_begins_with_a_file(client: Any, at: str) -> None:
    table = {"content": b"Code,Pieces,Note\nSPY,3,1\nBND,4,2\n", "headers": {"Content-Type": "text/csv"}}
    said_columns = {"columns": '{"symbol": "Code", "quantity": "Pieces"}'}
    looked = client.post(f"{at}/imports", params={"preview": True} | said_columns, **table)
    assert said(looked, ImportPreview)["matched"] == 2
    assert client.post(f"{at}/imports", params={"columns": "{"}, **table).status_code == 400
    asked = {"portfolio": "Hers", "currency": "usd"} | said_columns
    begun = client.post("/portfolios/begin", params=asked, **table)
    told = said(begun, BegunPortfolio)
    assert (begun.status_code, {pick["symbol"] for pick in told["picks"]}) == (201, {"SPY", "BND"})
    assert client.get(f"/portfolios/{told['portfolio']}").json()["name"] == "Hers"
    assert begun.headers["Location"] == f"/api/v1/portfolios/{told['portfolio']}"
    assert client.post("/portfolios/begin", params={"currency": "dollar"}, **table).status_code == 422
