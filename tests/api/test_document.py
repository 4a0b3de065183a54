"""The OpenAPI document describes what is there, and what is there is as the document says."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_origin

import pytest
import schemathesis
from fastapi.testclient import TestClient
from limits import parse
from pydantic import BaseModel, TypeAdapter
from schemathesis import Case
from schemathesis.core.errors import UnsupportedSchema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished
from schemathesis.generation.meta import TestPhase

from keel.api.access import gate as access
from keel.api.app import create_api
from keel.api.beside import ADDRESS, Beside
from keel.api.document import SHAPES
from keel.api.guard import Guard
from keel.api.models.finding import Verdict
from keel.api.models.framework import Diff, Framework, FrameworkSummary, FrameworkVersion, SavedFramework
from keel.api.models.mapping import Matching
from keel.api.models.policy import Band, NamedPolicy
from keel.api.models.policy import Policy as PolicyModel
from keel.api.models.portfolio import Portfolio, PortfolioRow
from keel.api.models.problem import Problem, ServerHealth
from keel.api.models.shelf import Archived, PutAway, Run, RunRow
from keel.api.models.study.backtest import Backtest, Params
from keel.domain.policy.as_json import band_json
from keel.domain.policy.kinds import KINDS
from keel.domain.policy.records import Policy
from keel.domain.study.question import Question
from keel.services.access.rate import Rate
from keel.services.shared import jobs
from keel.sources.yahoo import gate
from keel.store.connection import Database

LOCAL = {"Host": "localhost:8501"}
EXAMPLES = int(os.environ.get("KEEL_REST_EXAMPLES", "3"))  # an operation; `make test` has some seconds for all
BOUNDARIES = 10  # of an operation that are all sent; a body of fifty fields has five hundred
SAMPLED = 1 if "KEEL_REST_EXAMPLES" in os.environ else 8  # of those after them one in so many


@pytest.fixture(scope="module")
def whole(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """REST as the server has it: behind the guard, under its address, on the sample, without a network."""
    path = tmp_path_factory.mktemp("rest") / "keel.duckdb"
    path.write_bytes(sample_file.read_bytes())
    db = Database.open(path)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTPS_PROXY", "https_proxy"):
            patch.setenv(name, "http://127.0.0.1:1")
        patch.setenv("no_proxy", "testserver")  # or each request looks for its proxy in all of the environment
        patch.setattr(gate, "FIRST_WAIT", 0.0)
        patch.setattr(access, "visiting", lambda: Rate(parse("1000000/minute")))  # thousands of links are made up
        yield Guard(Beside(nothing, create_api(db)))
        jobs.close(db)
    db.close()


def is_no_file(_context: object, case: Case) -> bool:
    """A file's rules are not a schema's; the tests of exchange have files."""
    return case.media_type != "text/csv" and not (case.query or {}).get("import")


class Boundaries:
    """Of the requests at the edges of a schema the first of each operation and a sample of the others.

    Operations share their bodies, and each begins its sample elsewhere: what one leaves out another sends.
    """

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def __call__(self, _context: object, case: Case) -> bool:
        if case.meta is None or case.meta.phase.name is not TestPhase.COVERAGE:
            return True
        name = case.operation.label
        self._seen[name] += 1
        begins = list(self._seen).index(name)
        return self._seen[name] <= BOUNDARIES or (self._seen[name] + begins) % SAMPLED == 0


async def nothing(*_: object) -> None:
    raise AssertionError("a request left the address of REST")


@pytest.fixture(scope="module")
def document(whole: Any) -> Any:
    config = schemathesis.Config.from_dict(
        {
            "headers": LOCAL,
            "generation": {"deterministic": True, "max-examples": EXAMPLES},
            # A schema says what can be read. That a tree adds up, or an id exists, is judged: 422, 404, 409, 412.
            "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", 404, 409, 412, 422]}},
            "operations": [
                # DELETE asks a job to end; what it came to can still be read.
                {"include-path": "/jobs/{job_id}", "checks": {"use_after_free": {"enabled": False}}},
                # It puts a profile away: what was made for it leads to it still.
                {"include-path": "/profiles/{profile_id}", "checks": {"use_after_free": {"enabled": False}}},
            ],
        }
    )
    document = schemathesis.openapi.from_asgi(ADDRESS + "/openapi.json", whole, config=config, headers=LOCAL)
    boundaries = Boundaries()
    document.hook("filter_case")(lambda context, case: is_no_file(context, case) and boundaries(context, case))
    own = ("/prices/imports", "/exposures/imports", "/universe/imports", "/portfolios/{portfolio_id}/imports")
    for address in (*own, "/portfolios/begin", "/bundles/replay"):  # these take nothing but a file
        document = document.exclude(path=address, method="POST")
    return document


def test_generated_requests_find_nothing(document: Any) -> None:
    wrong, sent, unspelled = {}, Counter[str](), set()
    for event in schemathesis.engine.from_schema(document).execute():
        # What none of five kinds of band is cannot be written as a schema: that one body is not drawn.
        if isinstance(event, NonFatalError) and isinstance(event.value, UnsupportedSchema):
            unspelled.add(event.label)
        elif isinstance(event, NonFatalError | FatalError):
            wrong[str(getattr(event, "label", ""))] = str(getattr(event, "info", event))
        for checks in event.recorder.checks.values() if isinstance(event, ScenarioFinished) else ():
            sent[str(event.label)] += 1
            for check in checks:
                if check.failure_info is not None:
                    wrong[f"{event.label} {check.name}"] = (
                        f"{check.failure_info.failure}\n{check.failure_info.code_sample}"
                    )
    assert not wrong, "\n\n".join(f"{place}\n{text}" for place, text in wrong.items())
    assert [label for label in unspelled if sent[label] < EXAMPLES] == []


def test_each_address_has_its_shape(whole: Any) -> None:
    paths = TestClient(whole, base_url="http://localhost").get(ADDRESS + "/openapi.json").json()["paths"]
    assert set(SHAPES) == {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    for path, methods in paths.items():
        for method, operation in methods.items():
            for status, answer in operation["responses"].items():
                kinds = set(answer.get("content", {}))
                sent = set(SHAPES[f"{method.upper()} {path}"].kinds) or {"application/json"}
                assert kinds <= (sent if status.startswith("2") else {"application/problem+json"})
            listed = get_origin(SHAPES[f"{method.upper()} {path}"].answer) is list
            assert listed == ("X-Total-Count" in operation["responses"].get("200", {}).get("headers", {})), path
            reads = method in ("get", "delete")
            assert {"403", "404", "405", "422"} <= set(operation["responses"]), path
            assert reads or {"400", "409", "412", "415"} <= set(operation["responses"]), path
            has_body = SHAPES[f"{method.upper()} {path}"].body is not None
            assert has_body == ("requestBody" in operation), path


def test_no_schema_is_a_bare_object(whole: Any) -> None:
    document = TestClient(whole, base_url="http://localhost").get(ADDRESS + "/openapi.json").json()
    bare = [place for place, schema in walk(document, "") if schema.get("type") == "object" and is_bare(schema)]
    assert not bare


def walk(value: Any, place: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, dict):
        yield place, value
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        yield from walk(part, f"{place}/{name}")


def is_bare(schema: dict[str, Any]) -> bool:
    return not schema.get("properties") and not isinstance(schema.get("additionalProperties"), dict)


@pytest.mark.parametrize(
    ("model", "record"),
    [(PolicyModel, Policy), (Params, Question)],
)
def test_a_model_has_the_fields_of_its_record(model: type[BaseModel], record: Any) -> None:
    beside = {"portfolio_id", "portfolio_version"}
    names = {field.name for field in fields(record)} - beside
    assert {"settings" if name == "run" else name for name in model.model_fields} == names


def test_each_kind_of_band_has_its_model() -> None:
    kinds = TypeAdapter(Band).json_schema()["discriminator"]["mapping"]
    assert set(kinds) == set(KINDS)
    for kind, entry in KINDS.items():
        sent = {"kind": kind}
        assert TypeAdapter(Band).validate_python(sent).model_dump() == band_json(entry.build())


def test_what_is_answered_has_no_field_that_is_not_described(whole: Any) -> None:
    """A document that grows says so: every answer fits its model, with nothing beside."""
    client = TestClient(whole, base_url="http://localhost" + ADDRESS)
    made = said(client.post("allocation-frameworks?template=balanced", json=None), SavedFramework)
    at = f"allocation-frameworks/{made['id']}"
    said(client.get("allocation-frameworks"), list[FrameworkSummary])
    said(client.get(at), Framework)
    said(client.put(at, json=made | {"constraints": [{"type": "max_sector", "value": 30}]}), SavedFramework)
    said(client.get(at + "/versions"), list[FrameworkVersion])
    said(client.get(at + "/diff?a=1&b=2"), Diff)
    said(client.post(at + "/map-products"), Matching)
    said(client.post("analytics/validate-framework", json=made), Verdict)
    portfolio = said(client.post("portfolios", json={"framework_id": made["id"]}), Portfolio)
    flows = {"run": {"contributions": {"amount": 100}}, "benchmark": "SPY"}
    for params in ({}, flows):
        said(client.post("backtest", json={"portfolio_id": portfolio["id"], "params": params}), Backtest)
    named = said(
        client.post("rebalancing-strategies", json={"name": "Ours", "policy": {"trigger": "never"}}), NamedPolicy
    )
    said(client.get("rebalancing-strategies"), list[NamedPolicy])
    assert client.delete(f"rebalancing-strategies/{named['id']}").content == b""
    said(client.get("portfolios"), list[PortfolioRow])
    (run, *_) = said(client.get("runs"), list[RunRow])
    said(client.get(f"runs/{run['id']}"), Run)
    said(client.get(f"runs/{run['id']}/result?risk=1"), Backtest)
    said(client.delete(f"runs/{run['id']}"), Archived)
    said(client.get("archived"), list[PutAway])
    said(client.get("health"), ServerHealth)
    said(client.get("portfolios/none"), Problem)
    said(client.delete(at), Archived)
    said(client.post(at + "/restore"), Framework)


def said(answer: Any, model: Any) -> Any:
    TypeAdapter(model).validate_json(answer.content, extra="forbid")
    return answer.json()
