"""Products over REST: searched, looked at, imported and undone."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter
from tests.api.conftest import at_its_end
from tests.sources.catalogue.test_finance_database import stand_in

from keel.api.models.market.universe import Instruments, Universe, UniverseImport, UniversePreview
from keel.services.market import products

CSV = {"content-type": "text/csv"}
TEXT = "symbol,name,region\nNEWF,New fund,US\n"
ADDRESS = "/universe/imports"


def test_a_file_is_looked_at_imported_and_undone(client: Any) -> None:
    seen = client.post(ADDRESS, params={"preview": 1}, content=TEXT, headers=CSV)
    assert seen.status_code == 200
    TypeAdapter(UniversePreview).validate_json(seen.content, extra="forbid")
    made = client.post(ADDRESS, content=TEXT, headers=CSV)
    assert made.status_code == 201
    TypeAdapter(UniverseImport).validate_json(made.content, extra="forbid")
    id = made.json()["import"]
    assert made.headers["location"].endswith(id)
    assert [one["import"] for one in client.get(ADDRESS).json()] == [id]
    TypeAdapter(Universe).validate_json(client.get("/universe").content, extra="forbid")
    page = client.get("/instruments", params={"q": "fund new"})
    TypeAdapter(Instruments).validate_json(page.content, extra="forbid")
    assert [one["symbol"] for one in page.json()["instruments"]] == ["NEWF"]
    assert client.delete(f"{ADDRESS}/{id}").json()["import"] == id
    assert client.get("/instruments", params={"q": "fund new"}).json() == {"total": 0, "instruments": []}


def test_a_large_file_and_a_fetch_are_jobs(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "AT_ONCE", 20)
    made = client.post(ADDRESS, content=TEXT, headers=CSV)
    assert made.status_code == 202
    assert at_its_end(client, made)["result"]["new"] == 1
    stand_in(monkeypatch, None)
    fetched = at_its_end(client, client.post("/universe/fetch"))
    assert (fetched["status"], fetched["message"]) == ("failed", "FinanceDatabase is not installed.")


def test_what_is_refused_says_where(client: Any) -> None:
    answer = client.post(ADDRESS, content="symbol,type\nA,Boat\n", headers=CSV)
    assert (answer.status_code, "row 2, column type" in answer.json()["detail"]) == (400, True)
    assert client.delete(f"{ADDRESS}/imp_none").status_code == 404
    assert client.get("/instruments", params={"limit": 0}).status_code == 422
