"""A long list a page at a time, with where the next page is."""

from __future__ import annotations

from typing import Any

import pytest


def test_the_pages_of_a_list_follow_each_other_to_its_end(client: Any) -> None:
    for name in ("A", "B", "C"):
        client.post("/rebalancing-strategies", json={"name": name, "policy": {"trigger": "never"}})
    first = client.get("/rebalancing-strategies", params={"limit": 2})
    assert ([row["name"] for row in first.json()], first.headers["x-total-count"]) == (["A", "B"], "3")
    assert first.headers["link"] == '</rebalancing-strategies?limit=2&offset=2>; rel="next"'
    last = client.get(first.links["next"]["url"])
    assert ([row["name"] for row in last.json()], "link" in last.headers) == (["C"], False)
    assert client.get("/rebalancing-strategies", params={"offset": 9}).json() == []


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 1_001}, {"offset": -1}, {"limit": "many"}])
def test_a_page_that_cannot_be_is_a_problem(client: Any, asked: dict[str, object]) -> None:
    assert client.get("/rebalancing-strategies", params=asked).status_code == 422
