"""The drift of what a portfolio holds, over REST."""

from __future__ import annotations

from typing import Any

from tests.api.test_document import said

from keel.api.models.live.drift import Drift


def test_what_is_held_is_judged_against_its_targets(client: Any, at: str) -> None:
    assert client.get(f"{at}/drift").status_code == 422
    rows = [{"symbol": "SPY", "quantity": 10, "price": 200, "account": "IRA"}, {"symbol": "CASH", "quantity": 500}]
    client.put(f"{at}/positions", json={"positions": rows})
    drift = said(client.get(f"{at}/drift", params={"policy": "abs_5pp"}), Drift)
    assert (drift["value"], [a["weight"] for a in drift["accounts"]]) == (2_500, [0.8, 0.2])
    assert client.get(f"{at}/drift", params={"policy": "ours"}).status_code == 422
