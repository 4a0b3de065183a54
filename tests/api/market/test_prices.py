"""Prices over REST: what is stored, and a refresh as a job."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.api.conftest import at_its_end
from tests.sources.yahoo.stand_in import Listing, Yahoo, weekdays


def test_a_refresh_is_a_job_that_its_location_tells_of(client: Any, yahoo: Yahoo) -> None:
    days = weekdays(dt.date(2024, 1, 2), 6)
    yahoo.listings["SPY"] = Listing(days, [100.0 + n for n in range(6)])
    answer = client.post("/prices/refresh", json={"symbols": ["spy", "GONE"]})
    assert answer.status_code == 202, answer.text
    ended = at_its_end(client, answer)
    assert (ended["status"], ended["request"]) == ("done", {"symbols": ["SPY", "GONE"]})
    assert ended["result"]["fetched"] == ["SPY"]
    assert [(f["symbol"], f["class"]) for f in ended["result"]["failed"]] == [("GONE", "delisted")]
    (public,) = [d for d in client.get("/prices").json()["datasets"] if d["id"] == "public"]
    assert [(s["symbol"], s["rows"], s["last"]) for s in public["symbols"]] == [("SPY", 6, "2024-01-09")]


@pytest.mark.parametrize(("symbols", "status"), [(["<b>"], 422), ([3], 400), ("SPY", 400), ([""], 422)])
def test_what_is_no_symbol_is_a_problem_and_no_job(client: Any, yahoo: Yahoo, symbols: object, status: int) -> None:
    answer = client.post("/prices/refresh", json={"symbols": symbols})
    assert answer.status_code == status, answer.text
    assert yahoo.asked == []


def test_data_health_has_every_finding_of_every_dataset(client: Any) -> None:
    health = client.get("/data-health").json()["datasets"]
    status = client.get("/prices").json()["datasets"]
    assert [dataset["id"] for dataset in health] == [dataset["id"] for dataset in status]
    for one, other in zip(health, status, strict=True):
        assert sorted(f["message"] for f in one["findings"]) == sorted(
            finding["message"] for series in other["symbols"] for finding in series["findings"]
        )
    assert {"severity", "code", "subject", "message", "fix"} == set(health[0]["findings"][0])
