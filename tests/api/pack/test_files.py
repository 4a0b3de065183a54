"""Client packs over REST."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def run(client: Any, balanced: dict[str, Any]) -> str:
    asked = {"framework_id": balanced["id"], "params": {"policies": {"a": "annual"}}}
    return str(client.post("/backtest", json=asked).json()["run_id"])


def test_a_run_is_a_paper_a_workbook_or_a_bundle_that_computes_again(client: Any, run: str) -> None:
    paper = client.get(f"/runs/{run}/pack", params={"date": "2026-11-21", "client": "The Okafors"})
    assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf")
    assert paper.headers["content-disposition"] == 'attachment; filename="keel-pack.pdf"'
    assert b"D:20261121" in paper.content
    assert client.get(f"/runs/{run}/pack", params={"format": "xlsx"}).content.startswith(b"PK")
    bundle = client.get(f"/runs/{run}/pack", params={"format": "bundle"})
    done = client.post("/bundles/replay", content=bundle.content, headers={"content-type": "application/zip"})
    assert (done.json()["same"], done.json()["policies"]) == (True, ["a"])


def test_a_portfolio_is_packed_by_its_newest_run(client: Any, balanced: dict[str, Any], run: str) -> None:
    made = client.post("/portfolios", json={"framework_id": balanced["id"]}).json()
    first = client.get(f"/portfolios/{made['id']}/pack", params={"format": "xlsx"})
    assert (first.status_code, first.content[:2]) == (200, b"PK")
    assert client.get("/portfolios/none/pack").status_code == 404


def test_what_cannot_be_packed_or_replayed_is_a_problem(client: Any, run: str) -> None:
    assert client.get("/runs/none/pack").status_code == 404
    assert client.get(f"/runs/{run}/pack", params={"format": "doc"}).status_code == 422
    assert client.get(f"/runs/{run}/pack", params={"client": "a\x00"}).status_code == 422
    answer = client.post("/bundles/replay", content=b"%PDF", headers={"content-type": "application/zip"})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:keel:problem:ImportFormat")
