"""REST under hostile input: an answer or a problem document, never a 5xx, never a warning."""

from __future__ import annotations

import random
import time
import warnings
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.attack import inputs
from tests.attack.test_commands import ROUNDS

from keel.api.app import create_api
from keel.store.connection import Database

REQUESTS = 300 * ROUNDS
MOST_SECONDS = 5  # of the processor: others use the machine too
Random = random.Random


def stored(client: Any) -> dict[str, str]:
    """The ids of a framework and of a portfolio that are there."""
    made = client.post("/allocation-frameworks", params={"template": "balanced", "name": "Mine"}).json()
    suggested = client.post(f"/allocation-frameworks/{made['id']}/map-products").json()
    picks = [
        {"path": b["path"], "instrument_id": b["suggestions"][0]["id"], "symbol": b["suggestions"][0]["symbol"]}
        for b in suggested["buckets"]
        if b["suggestions"]
    ]
    body = {"framework_id": made["id"], "framework_version": made["version"], "name": "P", "picks": picks}
    portfolio = client.post("/portfolios", json=body)
    assert portfolio.status_code == 201, portfolio.text
    return {"framework": made["id"], "portfolio": portfolio.json()["id"]}


def request(rng: Random, ids: dict[str, str]) -> tuple[str, str, dict[str, Any], str]:
    """Method, path, parameters and body of a request."""
    framework = ids["framework"] if rng.random() < 0.8 else rng.choice(["x", "%00", "é", "a" * 3_000, "fw_0"])
    one = f"/allocation-frameworks/{framework}"
    version = {"version": rng.choice([1, 0, -1, 2**40, 2**70, "x"])} if rng.random() < 0.3 else {}
    edit = inputs.framework(rng) | {"version": rng.choice([1, 2, 0])}
    study = {
        "portfolio_id": ids["portfolio"],
        "policies": {rng.choice(["A", "", "![i](x)", "a\nb"]): inputs.policy(rng)},
        "run": inputs.settings(rng),
        "start": rng.choice([None, *inputs.DAYS]),
    }
    match rng.randrange(9):
        case 0:
            return "POST", "/analytics/validate-framework", {}, inputs.spoiled_json(rng, inputs.framework(rng))
        case 1:
            return "POST", "/allocation-frameworks", {}, inputs.spoiled_json(rng, inputs.framework(rng))
        case 2:
            return "PUT", one, version, inputs.spoiled_json(rng, edit)
        case 3:
            asked = inputs.filters(rng) | ({"weights": inputs.weights(rng)} if rng.random() < 0.5 else {})
            return "POST", one + "/map-products", version, inputs.spoiled_json(rng, asked)
        case 4:
            return "GET", one, version, ""
        case 5:
            return "GET", one + "/diff", {"a": rng.choice([1, 0, 2**70]), "b": rng.choice([1, "x"])}, ""
        case 6:
            picks = [{"path": "A", "instrument_id": "x", "symbol": "VTI", "share": rng.choice(inputs.NUMBERS)}]
            body = {"framework_id": ids["framework"], "framework_version": 1, "name": "P", "picks": picks}
            return "POST", "/portfolios", {}, inputs.spoiled_json(rng, body)
        case 7:
            return "GET", f"/portfolios/{rng.choice([ids['portfolio'], 'x'])}", {}, ""
        case _:
            return "POST", "/backtest", {}, inputs.spoiled_json(rng, study) if rng.random() < 0.7 else "{}"


def complaint(answer: Any) -> str:
    """What is wrong with an answer, empty when nothing is."""
    if answer.status_code >= 500:
        return f"{answer.status_code} {answer.text[:200]}"
    if answer.status_code >= 400 and answer.headers["content-type"] != "application/problem+json":
        return f"{answer.status_code} {answer.headers['content-type']}"
    return "" if answer.status_code < 400 or answer.json()["detail"] else "no detail"


@pytest.mark.slow
def test_hostile_requests_get_an_answer_or_a_problem_document(db: Database) -> None:
    wrong = []
    with TestClient(create_api(db), raise_server_exceptions=False) as client, warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", ResourceWarning)
        ids = stored(client)
        for n in range(REQUESTS):
            method, path, params, body = request(random.Random(f"rest {n}"), ids)
            content = body.encode("utf-8", errors="replace")
            begun = time.process_time()
            answer = client.request(method, path, params=params, content=content)
            taken = time.process_time() - begun
            said = complaint(answer) or (f"took {taken:.1f} s" if taken > MOST_SECONDS else "")
            if said:
                wrong.append(f"{n}: {said} {method} {path[:80]} {params} {body[:300]}")
    assert not wrong, f"{len(wrong)} of {REQUESTS}\n" + "\n".join(wrong[:6])
