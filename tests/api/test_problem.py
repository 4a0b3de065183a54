"""Every failure of REST is an RFC 9457 problem document."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from fastapi.testclient import TestClient

from keel import errors
from keel.api.app import create_api
from keel.api.problem import STATUS
from keel.domain.issue import Finding, Severity
from keel.store.connection import Database

CLASSES = sorted(STATUS, key=lambda c: c.__name__)


@pytest.fixture
def client() -> Any:
    api = create_api(Database(":memory:"))
    failure: dict[str, Exception] = {}

    @api.get("/fail")
    def fail() -> None:
        raise failure["error"]

    @api.get("/number")
    def number(n: int) -> int:
        return n

    with TestClient(api, raise_server_exceptions=False) as client:
        client.failure = failure  # type: ignore[attr-defined]
        yield client


def made(cls: type[errors.KeelError]) -> errors.KeelError:
    known = inspect.signature(cls.__init__).parameters
    extra = {name: 3 for name in ("current", "wait") if name in known}
    return cls("It went wrong.", hint="Do this.", subject="x", **extra)


@pytest.mark.parametrize("cls", CLASSES, ids=lambda c: c.__name__)
def test_each_error_becomes_a_problem(client: Any, cls: type[errors.KeelError]) -> None:
    client.failure["error"] = made(cls)
    answer = client.get("/fail")
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.status_code == body["status"] == STATUS[cls]
    assert (body["detail"], body["hint"], body["subject"]) == ("It went wrong.", "Do this.", "x")
    assert body["type"] == "urn:keel:problem:" + cls.__name__.removesuffix("Error")
    assert body["title"]
    assert "\n" not in body["title"]


def test_the_extras_of_an_error_are_members(client: Any) -> None:
    client.failure["error"] = errors.EditConflictError("Newer.", current=4)
    assert client.get("/fail").json()["current"] == 4
    issue = Finding("sum", Severity.error, "A", "A makes 99%.", "Add 1%.")
    client.failure["error"] = errors.InvalidFrameworkError("Wrong.", issues=[issue])
    assert client.get("/fail").json()["issues"] == [
        {"code": "sum", "severity": "error", "subject": "A", "message": "A makes 99%.", "fix": "Add 1%."}
    ]


def test_a_bug_tells_nothing_of_the_inside(client: Any) -> None:
    client.failure["error"] = RuntimeError("secret path /root")
    answer = client.get("/fail")
    assert (answer.status_code, answer.json()["status"]) == (500, 500)
    assert "secret" not in answer.text


def test_wrong_addresses_and_parameters_are_problems_too(client: Any) -> None:
    assert client.get("/nothing").headers["content-type"] == "application/problem+json"
    assert client.get("/nothing").status_code == 404
    assert client.delete("/portfolios/").status_code == 404  # without an id it is not the list
    assert client.post("/health").status_code == 405
    assert client.post("/health").headers["allow"] == "GET"
    assert client.patch("/allocation-frameworks").headers["allow"] == "GET, POST"
    assert client.post("/allocation-frameworks/x").headers["allow"] == "DELETE, GET, PATCH, PUT"
    answer = client.get("/number?n=x")
    assert (answer.status_code, "query.n" in answer.json()["detail"]) == (422, True)
