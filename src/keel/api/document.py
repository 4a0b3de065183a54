"""The OpenAPI document: what each address is sent and what it answers, and that every failure is a problem document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_origin

from fastapi import FastAPI
from pydantic import TypeAdapter

from keel.api.models.access import IssuedToken, Me, Token, TokenBody
from keel.api.models.benchmark import Blend, NamedBlend
from keel.api.models.finding import Verdict
from keel.api.models.framework import (
    ClassTargets,
    ClassTargetsBody,
    Diff,
    Framework,
    FrameworkBody,
    FrameworkSummary,
    FrameworkVersion,
    HoldingTargets,
    HoldingTargetsBody,
    JudgedBody,
    SavedFramework,
)
from keel.api.models.guided.profile import Profile, ProfileBody
from keel.api.models.guided.proposal import GeneratorSchema, Proposal, ProposalBody
from keel.api.models.guided.workflow import (
    PutBody,
    PutQuestions,
    RepeatBody,
    ResumeBody,
    RunBody,
    Workflow,
    WorkflowRun,
)
from keel.api.models.job import Job
from keel.api.models.links import IssuedLink, LinkBody, SharedLink, SharedPortfolio
from keel.api.models.live.alerts import Alert, Looked
from keel.api.models.live.drift import Drift
from keel.api.models.live.holdings import (
    BegunPortfolio,
    Holdings,
    HoldingsBody,
    HoldingsImport,
    ImportPreview,
    SetHoldings,
    TakenImport,
)
from keel.api.models.live.morning import Morning
from keel.api.models.live.plan import Curves, EditsBody, Plan, PlanBody, RulesBeside, ScheduleBody, ScheduleProspect
from keel.api.models.mapping import MappingBody, Matching
from keel.api.models.market.imports import ExposureImport, PriceImport, PricePreview
from keel.api.models.market.prices import DataHealth, PriceStatus, RefreshBody
from keel.api.models.market.universe import Instruments, Universe, UniverseImport, UniversePreview
from keel.api.models.pack import Brand, BrandBody, Replay
from keel.api.models.policy import AssignBody, AssignedPolicy, NamedPolicy, NamedPolicyBody
from keel.api.models.portfolio import (
    Made,
    Move,
    MoveBody,
    Overlap,
    Portfolio,
    PortfolioBody,
    PortfolioRow,
    PositionsBody,
    Verdicts,
    XRay,
)
from keel.api.models.problem import Problem, ServerHealth
from keel.api.models.shelf import Archived, LuckBody, NameBody, PutAway, Run, RunRow
from keel.api.models.study.backtest import Backtest, BacktestBody
from keel.api.models.study.fill import FillBody
from keel.api.models.study.sweep import SweepBody
from keel.api.once import HEADER, KEY
from keel.api.pages import TOTAL

FAILURES = {
    400: "The body cannot be read; the place of what is wrong is named.",
    401: "No token, or one that is unknown, expired or revoked.",
    403: "A token that may read only, another name than this machine's, or a page of another origin.",
    404: "There is none.",
    405: "The address does not know the method; `Allow` names those it knows.",
    409: "An edit of a stale version, a change to something locked, or a request whose end is not known.",
    412: "`If-Match` names another version than the newest.",
    413: "More than can be sent here.",
    415: "The body is neither `application/json` nor `text/csv`.",
    422: "It can be read but not used.",
    429: "Too many questions at once; `Retry-After` says how many seconds to wait.",
    500: "A mistake of ours.",
    503: "The database is in use, or a source does not answer.",
}
READ_FAILURES = (401, 403, 404, 405, 422, 429, 500, 503)
PROBLEM = "application/problem+json"
BINARY = {"type": "string", "format": "binary"}
KEYED = {
    "name": HEADER,
    "in": "header",
    "description": "Sent again with the same key within a day, a request is answered as it was, and done once.",
    "schema": {"type": "string", "pattern": f"^{KEY.pattern}$"},
}
PAGED = {
    TOTAL: {"required": True, "schema": {"type": "integer"}, "description": "How many rows there are."},
    "Link": {"schema": {"type": "string"}, "description": "Where the next page is, where there is one."},
}


TABLE = str
BUNDLE = bytes
FILES = ("application/pdf", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/zip")


@dataclass(frozen=True, slots=True)
class Shape:
    """What an address is sent and answers; ``files``: a body may be a CSV file, ``optional``: it may have none.

    The bodies ``TABLE`` and ``BUNDLE`` are a file and nothing else; ``kinds`` are those of a file that is answered.
    """

    answer: Any = None
    body: Any = None
    files: bool = False
    optional: bool = False
    kinds: tuple[str, ...] = ()


SHAPES = {
    "GET /health": Shape(ServerHealth),
    "GET /me": Shape(Me),
    "GET /tokens": Shape(list[Token]),
    "POST /tokens": Shape(IssuedToken, TokenBody),
    "DELETE /tokens/{token_id}": Shape(Token),
    "GET /portfolios/{portfolio_id}/shares": Shape(list[SharedLink]),
    "POST /portfolios/{portfolio_id}/shares": Shape(IssuedLink, LinkBody, optional=True),
    "DELETE /shares/{link_id}": Shape(SharedLink),
    "GET /shared/{secret}": Shape(SharedPortfolio),
    "GET /allocation-frameworks": Shape(list[FrameworkSummary]),
    "POST /allocation-frameworks": Shape(SavedFramework, FrameworkBody, files=True, optional=True),
    "GET /allocation-frameworks/{framework_id}": Shape(Framework),
    "DELETE /allocation-frameworks/{framework_id}": Shape(Archived),
    "POST /allocation-frameworks/{framework_id}/restore": Shape(Framework),
    "GET /allocation-frameworks/{framework_id}/file": Shape(kinds=("application/json", "text/csv", FILES[1])),
    "PUT /allocation-frameworks/{framework_id}": Shape(SavedFramework, FrameworkBody, files=True),
    "GET /allocation-frameworks/{framework_id}/versions": Shape(list[FrameworkVersion]),
    "GET /allocation-frameworks/{framework_id}/diff": Shape(Diff),
    "POST /allocation-frameworks/{framework_id}/map-products": Shape(Matching, MappingBody, optional=True),
    "POST /allocation-frameworks/{framework_id}/fill": Shape(Job, FillBody),
    "GET /asset-class-targets": Shape(ClassTargets),
    "POST /asset-class-targets": Shape(ClassTargets, ClassTargetsBody),
    "DELETE /asset-class-targets": Shape(ClassTargets),
    "GET /holding-targets": Shape(HoldingTargets),
    "POST /holding-targets": Shape(HoldingTargets, HoldingTargetsBody),
    "DELETE /holding-targets": Shape(HoldingTargets),
    "POST /analytics/validate-framework": Shape(Verdict, JudgedBody, files=True),
    "GET /profiles": Shape(list[Profile]),
    "POST /profiles": Shape(Profile, ProfileBody),
    "GET /profiles/{profile_id}": Shape(Profile),
    "PUT /profiles/{profile_id}": Shape(Profile, ProfileBody),
    "PATCH /profiles/{profile_id}": Shape(Profile, NameBody),
    "POST /profiles/{profile_id}/duplicate": Shape(Profile),
    "DELETE /profiles/{profile_id}": Shape(Archived),
    "POST /profiles/{profile_id}/restore": Shape(Profile),
    "PATCH /allocation-frameworks/{framework_id}": Shape(Framework, NameBody),
    "POST /allocation-frameworks/{framework_id}/duplicate": Shape(Framework),
    "GET /portfolios": Shape(list[PortfolioRow]),
    "GET /workflows": Shape(list[Workflow]),
    "GET /workflows/{workflow_id}": Shape(Workflow),
    "POST /workflows/{workflow_id}/runs": Shape(WorkflowRun, RunBody, optional=True),
    "GET /workflow-runs": Shape(list[WorkflowRun]),
    "GET /workflow-runs/{run_id}": Shape(WorkflowRun),
    "POST /workflow-runs/{run_id}/resume": Shape(WorkflowRun, ResumeBody, optional=True),
    "POST /workflow-runs/{run_id}/repeat": Shape(WorkflowRun, RepeatBody),
    "POST /workflow-runs/{run_id}/questions": Shape(PutQuestions | Job, PutBody, optional=True),
    "DELETE /workflow-runs/{run_id}": Shape(WorkflowRun),
    "POST /portfolios": Shape(Portfolio, PortfolioBody),
    "PATCH /portfolios/{portfolio_id}": Shape(Portfolio, NameBody),
    "POST /portfolios/{portfolio_id}/duplicate": Shape(Portfolio),
    "DELETE /portfolios/{portfolio_id}": Shape(Archived),
    "POST /portfolios/{portfolio_id}/restore": Shape(Portfolio),
    "GET /runs": Shape(list[RunRow]),
    "GET /runs/{run_id}": Shape(Run),
    "GET /runs/{run_id}/result": Shape(Backtest),
    "PATCH /runs/{run_id}": Shape(Run, NameBody),
    "POST /runs/{run_id}/duplicate": Shape(Run),
    "DELETE /runs/{run_id}": Shape(Archived),
    "POST /runs/{run_id}/restore": Shape(Run),
    "POST /runs/{run_id}/luck": Shape(Job, LuckBody, optional=True),
    "POST /runs/{run_id}/verify": Shape(Job, optional=True),
    "GET /archived": Shape(list[PutAway]),
    "GET /portfolios/{portfolio_id}": Shape(Portfolio),
    "POST /portfolios/{portfolio_id}/move": Shape(Move, MoveBody, optional=True),
    "GET /portfolios/{portfolio_id}/xray": Shape(XRay),
    "GET /portfolios/{portfolio_id}/positions": Shape(Holdings),
    "PUT /portfolios/{portfolio_id}/positions": Shape(SetHoldings, HoldingsBody, files=True),
    "POST /portfolios/begin": Shape(BegunPortfolio, TABLE),
    "GET /portfolios/{portfolio_id}/imports": Shape(list[HoldingsImport]),
    "POST /portfolios/{portfolio_id}/imports": Shape(TakenImport | ImportPreview, TABLE),
    "DELETE /portfolios/{portfolio_id}/imports/{import_id}": Shape(HoldingsImport),
    "GET /portfolios/{portfolio_id}/drift": Shape(Drift),
    "GET /drift": Shape(Morning),
    "GET /alerts": Shape(list[Alert]),
    "POST /alerts/look": Shape(Looked),
    "POST /alerts/{alert_id}/read": Shape(Alert),
    "GET /looks.ics": Shape(kinds=("text/calendar",)),
    "POST /portfolios/{portfolio_id}/plan": Shape(Plan, PlanBody, optional=True),
    "POST /portfolios/{portfolio_id}/plan/rules": Shape(RulesBeside, PlanBody),
    "POST /portfolios/{portfolio_id}/plan/curves": Shape(Curves, PlanBody, optional=True),
    "POST /portfolios/{portfolio_id}/plan/schedule": Shape(ScheduleProspect, ScheduleBody),
    "GET /portfolios/{portfolio_id}/plans": Shape(list[Plan]),
    "GET /plans/{plan_id}": Shape(Plan),
    "GET /plans/{plan_id}/orders": Shape(kinds=("text/csv",)),
    "POST /plans/{plan_id}/recalculate": Shape(Plan, EditsBody, optional=True),
    "POST /plans/{plan_id}/accept": Shape(Plan, optional=True),
    "POST /plans/{plan_id}/execute": Shape(Plan, optional=True),
    "POST /portfolios/{portfolio_id}/verdicts": Shape(Verdicts, PositionsBody),
    "GET /exposures/imports": Shape(list[ExposureImport]),
    "POST /exposures/imports": Shape(ExposureImport, TABLE),
    "DELETE /exposures/imports/{import_id}": Shape(ExposureImport),
    "GET /exposures": Shape(Made),
    "GET /exposures/overlap": Shape(Overlap),
    "POST /backtest": Shape(Backtest, BacktestBody),
    "POST /sweep": Shape(Job, SweepBody),
    "GET /data-health": Shape(DataHealth),
    "GET /prices": Shape(PriceStatus),
    "POST /prices/refresh": Shape(Job, RefreshBody, optional=True),
    "GET /rebalancing-strategies": Shape(list[NamedPolicy]),
    "POST /rebalancing-strategies": Shape(NamedPolicy, NamedPolicyBody),
    "GET /rebalancing-strategies/{policy_id}": Shape(NamedPolicy),
    "PUT /rebalancing-strategies/{policy_id}": Shape(NamedPolicy, NamedPolicyBody),
    "POST /rebalancing-strategies/{policy_id}/assign": Shape(AssignedPolicy, AssignBody),
    "DELETE /rebalancing-strategies/{policy_id}": Shape(),
    "GET /benchmarks": Shape(list[NamedBlend]),
    "POST /benchmarks": Shape(NamedBlend, Blend),
    "GET /benchmarks/{benchmark_id}": Shape(NamedBlend),
    "PUT /benchmarks/{benchmark_id}": Shape(NamedBlend, Blend),
    "DELETE /benchmarks/{benchmark_id}": Shape(),
    "GET /prices/imports": Shape(list[PriceImport]),
    "POST /prices/imports": Shape(PriceImport | PricePreview | Job, TABLE),
    "DELETE /prices/imports/{import_id}": Shape(PriceImport),
    "GET /instruments": Shape(Instruments),
    "GET /universe": Shape(Universe),
    "POST /universe/fetch": Shape(Job),
    "GET /universe/imports": Shape(list[UniverseImport]),
    "POST /universe/imports": Shape(UniverseImport | UniversePreview | Job, TABLE),
    "DELETE /universe/imports/{import_id}": Shape(UniverseImport),
    "GET /runs/{run_id}/pack": Shape(kinds=FILES),
    "GET /portfolios/{portfolio_id}/pack": Shape(kinds=FILES),
    "POST /bundles/replay": Shape(Replay, BUNDLE),
    "GET /brand": Shape(Brand),
    "PUT /brand": Shape(Brand, BrandBody, optional=True),
    "POST /proposals": Shape(Proposal | Job, ProposalBody),
    "GET /proposals/schema": Shape(GeneratorSchema),
    "GET /jobs/{job_id}": Shape(Job),
    "DELETE /jobs/{job_id}": Shape(Job),
}


class Described(FastAPI):
    """An app whose document describes every body, answer and failure by its model."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _with_shapes(super().openapi())
        return self.openapi_schema


def _with_shapes(document: dict[str, Any]) -> dict[str, Any]:
    """The document of the routes, with the models of the table in it."""
    wanted = [model for shape in SHAPES.values() for model in (shape.answer, shape.body) if model is not None]
    schemas, definitions = TypeAdapter.json_schemas(
        [(n, "validation", TypeAdapter(model)) for n, model in enumerate([*wanted, Problem])],
        ref_template="#/components/schemas/{model}",
    )
    by_model = {str(model): schemas[n, "validation"] for n, model in enumerate(wanted)}
    document["components"] = {
        "schemas": definitions.get("$defs", {}),
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
    }
    for address, methods in document["paths"].items():
        for method, operation in methods.items():
            operation["responses"] |= _failures(method)
            if method == "post":
                operation["parameters"] = [*operation.get("parameters", ()), KEYED]
            _describe(operation, SHAPES.get(f"{method.upper()} {address}", Shape()), by_model)
    return document


def _describe(operation: dict[str, Any], shape: Shape, schemas: dict[str, Any]) -> None:
    """Writes the body and the answer of one operation into it."""
    answers = operation["responses"]
    paged = any(parameter["name"] == "offset" for parameter in operation.get("parameters", ()))
    for good in [status for status in answers if status.startswith("2") and shape.answer is not None]:
        answers[good]["content"] = {"application/json": {"schema": schemas[str(shape.answer)]}}
        if paged and get_origin(shape.answer) is list:
            answers[good]["headers"] = PAGED
    if shape.kinds:
        answers["200"]["content"] = {kind: {"schema": BINARY} for kind in shape.kinds}
    if shape.body is not None:
        is_file = shape.body in (TABLE, BUNDLE)
        content = {} if is_file else {"application/json": {"schema": schemas[str(shape.body)]}}
        if shape.files or shape.body is TABLE:
            content["text/csv"] = {"schema": {"type": "string"}}
        if shape.body is BUNDLE:
            content["application/zip"] = {"schema": BINARY}
        operation["requestBody"] = {"required": not shape.optional, "content": content}


def _failures(method: str) -> dict[str, Any]:
    """The failures of a method, by status."""
    statuses = FAILURES if method in ("post", "put", "patch") else READ_FAILURES
    return {str(status): _failure(status) for status in statuses}


def _failure(status: int) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": FAILURES[status],
        "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status == 405:
        answer["headers"] = {"Allow": {"required": True, "schema": {"type": "string"}}}
    return answer
