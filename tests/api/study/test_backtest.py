"""Backtests over REST."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_backtest_of_a_framework_is_one_of_its_portfolio(client: Any, balanced: dict[str, Any]) -> None:
    params = {"policies": {"a": "annual"}, "run": {"cost_bps": 10}, "start": "2005-01-01", "end": None}
    first = client.post("/backtest", json={"framework_id": balanced["id"], "params": params})
    assert first.status_code == 200, first.text
    portfolio = first.json()["portfolio_id"]
    assert client.get(f"/portfolios/{portfolio}").json()["framework_id"] == balanced["id"]
    for asked in ({"portfolio_id": portfolio, "params": params}, {"portfolio_id": portfolio, **params}):
        assert client.post("/backtest", json=asked).json() == first.json()
    again = client.post("/backtest", json={"framework_id": balanced["id"]}).json()
    assert (again["portfolio_id"], again["portfolio_version"]) == (portfolio, 1)
    assert [run["policy"] for run in again["runs"]] == ["annual"]  # its own


@pytest.mark.parametrize("asked", [{}, {"portfolio_id": "a", "framework_id": "b"}])
def test_a_backtest_is_of_one_thing(client: Any, asked: dict[str, str]) -> None:
    answer = client.post("/backtest", json=asked)
    assert (answer.status_code, "portfolio_id or framework_id" in answer.json()["detail"]) == (422, True)


def test_risk_is_added_when_asked_for(client: Any, balanced: dict[str, Any]) -> None:
    asked = {"framework_id": balanced["id"], "params": {"policies": {"a": "annual"}}}
    assert client.post("/backtest", json=asked).json()["risk"] is None
    found = client.post("/backtest", params={"risk": True}, json=asked).json()["risk"]
    assert len(found["buckets"]) == len(found["covariance"]["matrix"]) == 3
    assert sum(row["share"] for row in found["products"]) == pytest.approx(1.0)
