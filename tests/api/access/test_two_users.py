"""Two users: whatever address one asks with an id of the other's, the answer is that of an id that there is not."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.belongings import BLEND, MARK, POLICY, User, belongings
from tests.domain.profile.answered import answered

from keel.api.app import create_api
from keel.domain.access.token import Scope
from keel.services.access import tokens
from keel.store.connection import Database
from keel.store.integrity import integrity

CSV = "symbol,quantity\nVTI,10\nBND,5\n"
# Operation → a body that can be used, where that is judged before the id is looked up.
OF_ALL = re.compile(r"{workflow_id}|{secret}")  # definitions that ship; a link is for whoever has it
NAMED = {"name": "X"}
QUERY = {"a": 1, "b": 1, "account": "Main"}
BODIES: dict[str, Any] = {
    "POST /portfolios/{portfolio_id}/plan/schedule": {"amount": 500, "cadence": "monthly"},
    "POST /portfolios/{portfolio_id}/verdicts": {"positions": []},
    "PATCH /portfolios/{portfolio_id}": NAMED,
    "PATCH /runs/{run_id}": NAMED,
    "POST /workflow-runs/{run_id}/repeat": {"step": "profile"},
    "PATCH /profiles/{profile_id}": NAMED,
    "PUT /profiles/{profile_id}": {"name": "X", "answers": answered(2)},
    "PUT /allocation-frameworks/{framework_id}": {
        "name": "X",
        "version": 1,
        "buckets": [{"path": "A/b", "target_weight": 1}],
    },
    "PATCH /allocation-frameworks/{framework_id}": NAMED,
    "PUT /rebalancing-strategies/{policy_id}": POLICY,
    "PUT /benchmarks/{benchmark_id}": BLEND,
}


@pytest.fixture(scope="module")
def db(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all tests here, which ask and change nothing."""
    path = tmp_path_factory.mktemp("two") / "keel.duckdb"
    shutil.copy(sample_file, path)
    database = Database.open(path)
    yield database
    database.close()


@pytest.fixture(scope="module")
def ann_and_bob(db: Database) -> Iterator[tuple[User, User]]:
    secrets = [tokens.create(db.of(who), "laptop", Scope.write).secret for who in ("ann", "bob")]
    with TestClient(create_api(db, guarded=True)) as client:
        yield User(client, secrets[0]), User(client, secrets[1])


@pytest.fixture(scope="module")
def ids(ann_and_bob: tuple[User, User], db: Database) -> dict[str, str]:
    """One of everything that is Ann's."""
    return belongings(ann_and_bob[0], db.of("ann"))


def operations(client: Any) -> list[str]:
    """Every operation on an id that the document knows, one that is added tomorrow included."""
    paths = client.app.openapi()["paths"]
    return [
        f"{method.upper()} {path}" for path, known in paths.items() if "{" in OF_ALL.sub("", path) for method in known
    ]


def filled(path: str, ids: dict[str, str]) -> str:
    """The address with ids in it."""
    begins = f"/{path.split('/')[1]}"
    return re.sub(r"{(\w+)}", lambda match: ids.get(f"{begins} {match[1]}") or ids[match[1]], path)


def told(answer: Any, ids: dict[str, str]) -> tuple[int, str]:
    """The status and the words of an answer without the ids in it."""
    text: str = answer.text
    for id in ids.values():
        text = text.replace(id, "ID")
    return answer.status_code, text


def test_an_id_of_the_other_is_an_id_that_there_is_not(ann_and_bob: tuple[User, User], ids: dict[str, str]) -> None:
    ann, bob = ann_and_bob
    nobodys = {name: f"{id.partition('_')[0]}_{'0' * 16}" for name, id in ids.items()}
    wrong = []
    for operation in operations(ann.client):
        method, path = operation.split(" ", 1)
        sent = {"json": BODIES.get(operation, {})} if method in ("POST", "PUT", "PATCH") else {"params": QUERY}
        if path.endswith("/imports") and method == "POST":
            sent = {"content": CSV, "headers": {"content-type": "text/csv"}}
        theirs, nothing = (told(bob.ask(method, filled(path, known), **sent), known) for known in (ids, nobodys))
        if theirs[0] != 404 or theirs != nothing:
            wrong.append(f"{operation}: {theirs} where nothing is: {nothing}")
    assert not wrong, "\n".join(wrong)


def test_an_id_of_the_other_in_a_body_or_question_is_one_that_there_is_not(
    ann_and_bob: tuple[User, User], ids: dict[str, str]
) -> None:
    bob = ann_and_bob[1]
    framework, portfolio = ids["framework_id"], ids["portfolio_id"]
    asked = [
        bob.ask("POST", "/portfolios", json={"framework_id": framework}),
        bob.ask("POST", "/backtest", json={"framework_id": framework}),
        bob.ask("POST", "/backtest", json={"portfolio_id": portfolio}),
        bob.ask("POST", "/sweep", json={"portfolio_id": portfolio, "grid": {"axes": {"look": ["daily"]}}}),
        bob.ask("GET", "/asset-class-targets", params={"framework_id": framework}),
        bob.ask("GET", "/holding-targets", params={"framework_id": framework}),
        bob.ask("GET", "/allocation-frameworks", params={"user_id": "ann"}),
    ]
    assert [answer.status_code for answer in asked] == [404] * len(asked), [answer.text for answer in asked]


def test_lists_are_each_ones_own(ann_and_bob: tuple[User, User], ids: dict[str, str]) -> None:
    ann, bob = ann_and_bob
    paths = [path for path, known in ann.client.app.openapi()["paths"].items() if "get" in known and "{" not in path]
    seen = {path: bob.ask("GET", path).text for path in paths}
    seen["/instruments"] = bob.ask("GET", "/instruments", params={"q": MARK}).text
    shown = [f"{path}: {id}" for path, text in seen.items() for id in (*ids.values(), MARK) if id in text]
    assert not shown
    assert {MARK in ann.ask("GET", path).text for path in ("/prices", "/portfolios", "/benchmarks")} == {True}


def test_what_one_has_stays_as_it_was_whatever_the_other_asks(
    ann_and_bob: tuple[User, User], ids: dict[str, str], db: Database
) -> None:
    ann, bob = ann_and_bob
    at = f"/portfolios/{ids['portfolio_id']}"
    before = [ann.ask("GET", path).json() for path in (at, f"{at}/positions", f"/plans/{ids['plan_id']}")]
    for path in (at, f"/plans/{ids['plan_id']}/accept", f"/tokens/{ids['token_id']}"):
        for method in ("DELETE", "POST"):
            bob.ask(method, path, json={})
    assert [ann.ask("GET", path).json() for path in (at, f"{at}/positions", f"/plans/{ids['plan_id']}")] == before
    assert integrity(db) == ()
