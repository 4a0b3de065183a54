"""What is too large is refused as soon as it is known to be, and the most there may be is said by address."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.types import Message

from keel.api.access import gate, sizes
from keel.api.app import create_api
from keel.domain.access.token import Scope
from keel.errors import TooLargeError
from keel.services.access import tokens
from keel.services.access.rate import Rate
from keel.sources.files.disk import PRICES_LIMIT
from keel.store.connection import Database

VALIDATE, PART = "/analytics/validate-framework", b" " * 1_000_000


def is_too_large(answer: Any, megabytes: int) -> bool:
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    said = f"The body is larger than the {megabytes} MB that can be sent here."
    return (answer.status_code, answer.json()["detail"]) == (413, said)


def test_a_body_that_says_that_it_is_too_large_is_refused_unread(client: Any) -> None:
    answer = client.post(VALIDATE, content=b"{}", headers={"content-length": "20000001"})
    assert is_too_large(answer, 20)
    assert client.post(VALIDATE, content=b"{}", headers={"content-length": "9" * 40}).status_code == 413


def test_of_a_body_that_does_not_say_how_large_it_is_no_more_is_read_than_may_be() -> None:
    sent, counted = list[int](), list[int]()

    async def receive() -> Message:
        sent.append(len(PART))
        return {"type": "http.request", "body": PART, "more_body": True}

    async def read() -> None:
        received = sizes.bounded(receive, 3_500_000, counted.append)
        for _ in range(9):
            await received()

    with pytest.raises(TooLargeError):
        asyncio.run(read())
    assert (len(sent), sum(counted)) == (4, 3_000_000)


@pytest.mark.parametrize("headers", [{}, {"Idempotency-Key": "large"}])
def test_a_body_in_parts_is_refused_when_it_has_become_too_large(
    client: Any, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    monkeypatch.setattr(sizes, "USUAL", 2_000_000)

    def parts() -> Iterator[bytes]:
        yield from (PART for _ in range(4))

    for _ in range(2):
        sent = {"content-type": "application/json"} | headers
        assert is_too_large(client.post("/allocation-frameworks", content=parts(), headers=sent), 2)


def test_files_have_limits_by_what_they_are() -> None:
    assert sizes.limit_of("/prices/imports") == PRICES_LIMIT > sizes.limit_of("/portfolios/pf_1/imports")
    assert sizes.limit_of("/exposures/imports") < sizes.limit_of("/allocation-frameworks/fw_1") == sizes.USUAL
    assert sizes.limit_of("/tokens/imports") == sizes.limit_of("/") == sizes.USUAL


def test_every_address_that_takes_a_file_alone_has_its_limit(client: Any) -> None:
    bodies = {
        path: set(operation["requestBody"]["content"])
        for path, methods in client.app.openapi()["paths"].items()
        for operation in methods.values()
        if "requestBody" in operation
    }
    files = {path for path, kinds in bodies.items() if "application/json" not in kinds}
    assert {(path.split("/")[1], path.split("/")[-1]) for path in files} == set(sizes.FILES)


def test_a_page_takes_what_the_largest_file_may_have() -> None:
    config = tomllib.loads((Path(__file__).parents[3] / ".streamlit" / "config.toml").read_text())
    assert config["server"]["maxUploadSize"] * 1_000_000 == PRICES_LIMIT


def test_one_sends_so_much_a_minute_with_all_tokens_together(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    few = Rate(parse("2500000/minute"), FixedWindowRateLimiter(MemoryStorage()), "Too much.")
    monkeypatch.setattr(gate, "sending", lambda: few)
    secrets = [tokens.create(db.of(who), "laptop", Scope.write).secret for who in ("ann", "ann", "bob")]
    with TestClient(create_api(db, guarded=True)) as client:
        heads = [{"Authorization": f"Bearer {secret}", "content-type": "application/json"} for secret in secrets]
        answers = [client.post(VALIDATE, content=PART, headers=head) for head in [*heads[:2], heads[0], heads[2]]]
        assert [answer.status_code for answer in answers] == [400, 400, 429, 400]
        assert answers[2].json()["detail"] == "Too much."
        assert client.get("/me", headers=heads[0]).status_code == 200
