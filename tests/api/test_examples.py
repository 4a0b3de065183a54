"""The examples of the document about REST run, one after another, and answer what they show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from keel.api.app import create_api
from keel.api.beside import Beside
from keel.api.guard import Guard
from keel.store.connection import Database

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "rest.md"
EXAMPLE = re.compile(r"^```http\n(?P<asked>.*?)^```\n\n```http\n(?P<said>.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING = "…"


def examples() -> Iterator[tuple[str, str]]:
    """Each request and its answer as the document shows them."""
    for match in EXAMPLE.finditer(DOCUMENT.read_text(encoding="utf-8")):
        yield match["asked"], match["said"]


def test_the_examples_answer_what_they_show(alone: Database) -> None:
    client = TestClient(Guard(Beside(nothing, create_api(alone))), base_url="http://localhost:8501")
    seen: dict[str, str] = {}
    for asked, said in examples():
        answer = ask(client, named(asked, seen))
        status, _, body = said.partition("\n")
        assert f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}" == status, (asked, answer.text)
        if body.strip():
            compare(answer.json(), json.loads(body), asked, seen)


def test_every_part_of_the_document_has_an_example() -> None:
    asked = [request.split(maxsplit=2)[1] for request, _ in examples()]
    parts = ("allocation-frameworks", "analytics", "portfolios", "backtest", "rebalancing-strategies", "jobs", "prices")
    for part in parts:
        assert any(f"/{part}" in address for address in asked), part


async def nothing(*_: object) -> None:
    raise AssertionError("an example left the address of REST")


def named(text: str, seen: dict[str, str]) -> str:
    """The request with the ids of the answers before it."""
    return re.sub(r"<(\w+)>", lambda match: seen[match[1]], text)


def ask(client: TestClient, request: str) -> Any:
    """The answer to a request as it stands in the document: a line, headers, an empty line, a body."""
    head, _, body = request.partition("\n\n")
    line, *lines = head.strip().splitlines()
    method, address = line.split()
    headers = dict(header.split(": ", 1) for header in lines)
    return client.request(method, address, headers=headers, content=body.strip())


def compare(real: Any, shown: Any, place: str, seen: dict[str, str]) -> None:
    """Holds the answer against what is shown of it; ``<name>`` remembers an id, an ellipsis stands for anything."""
    if isinstance(shown, dict):
        assert set(shown) <= set(real), (place, sorted(real))
        for name, value in shown.items():
            compare(real[name], value, f"{place} {name}", seen)
    elif isinstance(shown, list):
        for item, value in zip(real, shown, strict=False):
            compare(item, value, place, seen)
        assert len(real) >= len(shown), place
    elif isinstance(shown, str) and re.fullmatch(r"<\w+>", shown):
        seen.setdefault(shown[1:-1], real)
        assert seen[shown[1:-1]] == real, place
    elif shown != ANYTHING:
        assert real == shown, place
