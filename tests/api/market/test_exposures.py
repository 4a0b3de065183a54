"""What products hold, over REST."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from keel.api.models.market.imports import ExposureImport
from keel.api.models.portfolio import Made, Overlap

CSV = {"content-type": "text/csv"}
ADDRESS = "/exposures/imports"
TEXT = "symbol,holding,weight\nSPY,AAPL,100%\nQQQ,AAPL,25%\n"


def test_a_file_is_imported_used_and_undone(client: Any) -> None:
    made = client.post(ADDRESS, content=TEXT, headers=CSV)
    assert made.status_code == 201, made.text
    TypeAdapter(ExposureImport).validate_json(made.content, extra="forbid")
    id = made.json()["import"]
    assert [one["import"] for one in client.get(ADDRESS).json()] == [id]
    found = client.get("/exposures/overlap", params={"first": "SPY", "second": "QQQ"})
    TypeAdapter(Overlap).validate_json(found.content, extra="forbid")
    assert (found.json()["overlap"], found.json()["at_most"]) == (0.25, 1.0)
    made_of = client.get("/exposures", params={"symbol": "QQQ"})
    TypeAdapter(Made).validate_json(made_of.content, extra="forbid")
    assert [s["source"] for s in made_of.json()["sources"]] == ["exposures.csv"]
    assert client.delete(f"{ADDRESS}/{id}").json()["import"] == id
    assert client.get(ADDRESS).json() == []
    assert client.post(ADDRESS, content="symbol,holding,weight\n", headers=CSV).status_code == 400
    assert client.get("/exposures/overlap", params={"first": "SPY", "second": "NONE"}).status_code == 404
