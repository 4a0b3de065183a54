"""Prices over REST: a file in the body, looked at, imported and undone."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pytest
from pydantic import TypeAdapter
from tests.api.conftest import at_its_end

from keel.api.models.job import Job
from keel.api.models.market.imports import PriceImport, PricePreview
from keel.services.market import imports

CSV = {"content-type": "text/csv"}
TEXT = "date,OWN\n2024-01-31,10\n2024-02-29,11\n"
ADDRESS = "/prices/imports"


def test_a_file_is_looked_at_imported_and_undone(client: Any) -> None:
    seen = client.post(ADDRESS, params={"preview": 1}, content=TEXT, headers=CSV)
    assert seen.status_code == 200
    TypeAdapter(PricePreview).validate_json(seen.content, extra="forbid")
    assert client.get(ADDRESS).json() == []
    made = client.post(ADDRESS, params={"dataset": "Own", "currency": "eur"}, content=TEXT, headers=CSV)
    assert made.status_code == 201
    TypeAdapter(PriceImport).validate_json(made.content, extra="forbid")
    id = made.json()["import"]
    assert made.headers["location"].endswith(id)
    assert "in EUR" in made.json()["notes"][-1]
    assert [one["import"] for one in client.get(ADDRESS).json()] == [id]
    assert client.delete(f"{ADDRESS}/{id}").json()["import"] == id
    assert client.get(ADDRESS).json() == []


def test_a_parquet_file_of_one_symbol_is_named(client: Any) -> None:
    out = io.BytesIO()
    pd.DataFrame({"date": ["2024-01-31"], "close": [1.5]}).to_parquet(out)
    kind = {"content-type": "application/vnd.apache.parquet"}
    made = client.post(ADDRESS, params={"name": "/tmp/own.parquet"}, content=out.getvalue(), headers=kind)
    assert made.json()["symbols"] == ["OWN"]


def test_dates_that_may_be_either_can_be_told(client: Any) -> None:
    text = "date,OWN\n03/04/2020,1\n03/05/2020,2\n"
    assert client.post(ADDRESS, content=text, headers=CSV).status_code == 400
    made = client.post(ADDRESS, params={"dates": "month first"}, content=text, headers=CSV)
    assert made.json()["last"] == "2020-03-05"


def test_a_large_file_is_a_job_whose_result_is_its_imports(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "AT_ONCE", 20)
    made = client.post(ADDRESS, params={"dataset": "Own"}, content=TEXT, headers=CSV)
    assert made.status_code == 202
    TypeAdapter(Job).validate_json(made.content, extra="forbid")
    ended = at_its_end(client, made)
    assert ended["status"] == "done"
    assert [one["symbols"] for one in ended["result"]["imports"]] == [["OWN"]]
    assert [one["import"] for one in client.get(ADDRESS).json()] == [ended["result"]["imports"][0]["import"]]
    failed = at_its_end(client, client.post(ADDRESS, content=TEXT.replace("11", "x"), headers=CSV))
    assert (failed["status"], "row 3, column OWN" in failed["message"]) == ("failed", True)


@pytest.mark.parametrize(
    ("text", "status", "words"),
    [(TEXT.replace("11", "x"), 400, "row 3, column OWN"), ("", 400, "is empty"), (TEXT, 422, "not hold imports")],
)
def test_what_is_refused_says_where(client: Any, text: str, status: int, words: str) -> None:
    dataset = "monthly" if status == 422 else "Own"
    answer = client.post(ADDRESS, params={"dataset": dataset}, content=text, headers=CSV)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert client.delete(f"{ADDRESS}/imp_none").status_code == 404
