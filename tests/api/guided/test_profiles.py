"""Profiles over REST."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError
from tests.domain.profile.answered import answered

from keel.api.models.guided.profile import Profile

ADDRESS = "/profiles"
ANN = {"name": "Ann", "answers": answered(2), "wishes": {"prefer": ["region:us"]}}


def test_a_profile_is_made_read_and_answered_again(client: Any) -> None:
    made = client.post(ADDRESS, json=ANN)
    assert made.status_code == 201
    first = made.json()
    at = f"{ADDRESS}/{first['id']}"
    assert made.headers["location"] == f"/api/v1{at}"
    assert client.get(at).json() == first
    Profile.model_validate(first)
    again = client.put(at, json={**ANN, "answers": answered(0)}, params={"expected_version": 1})
    assert (again.json()["version"], again.json()["risk_band"]) == (2, "low")
    assert client.put(at, json=ANN, params={"expected_version": 1}).status_code == 409
    assert client.get(ADDRESS).json() == [again.json()]
    assert client.get(at, params={"version": 1}).json() == first


def test_a_profile_is_archived_and_restored(client: Any) -> None:
    made = client.post(ADDRESS, json=ANN).json()
    at = f"{ADDRESS}/{made['id']}"
    assert client.delete(at).json() == {"archived": True, "used_by": []}
    assert client.get(ADDRESS).json() == []
    assert [(one["noun"], one["name"]) for one in client.get("/archived").json()] == [("profile", "Ann")]
    assert client.post(f"{at}/restore").json() == made
    assert client.get(ADDRESS).json() == [made]
    assert client.delete(f"{ADDRESS}/profile_nothing").status_code == 404


def test_a_profile_is_renamed_and_copied(client: Any) -> None:
    made = client.post(ADDRESS, json=ANN).json()
    at = f"{ADDRESS}/{made['id']}"
    renamed = client.patch(at, json={"name": " Anna "})
    assert (renamed.json()["name"], renamed.json()["version"]) == ("Anna", 2)
    copied = client.post(f"{at}/duplicate")
    copy = copied.json()
    assert (copied.status_code, copied.headers["location"]) == (201, f"/api/v1{ADDRESS}/{copy['id']}")
    assert (copy["name"], copy["version"], copy["answers"]) == ("Anna copy", 1, made["answers"])
    assert client.get(at).json() == renamed.json()
    assert client.patch(at, json={"name": " "}).status_code == 422
    assert client.patch(f"{ADDRESS}/profile_nothing", json={"name": "X"}).status_code == 404
    assert client.post(f"{ADDRESS}/profile_nothing/duplicate").status_code == 404


def test_what_is_no_profile_is_a_problem(client: Any) -> None:
    assert client.post(ADDRESS, json={"name": "Ann"}).status_code == 400
    assert client.post(ADDRESS, json={**ANN, "wishes": {"goal": "yachts"}}).status_code == 400
    assert client.get(f"{ADDRESS}/profile_nothing").status_code == 404
    assert client.put(f"{ADDRESS}/profile_nothing", json=ANN).status_code == 404
    with pytest.raises(ValidationError):
        Profile.model_validate({**ANN})
