"""Backtests over REST."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query

from keel.api.answer import Route
from keel.api.portfolios import named_portfolio
from keel.api.request import Db, Raw, json_object, optional
from keel.backtest.benchmark import benchmark_json
from keel.backtest.metrics.risk import risk_json
from keel.backtest.result import to_json
from keel.domain.policy.records import Policy
from keel.domain.policy.words import preset_name
from keel.domain.portfolio.records import Portfolio
from keel.domain.study.question import Question, parse_question
from keel.services import design, history, study
from keel.services.study import Study
from keel.store.connection import Database

router = APIRouter(route_class=Route)
WithRisk = Annotated[bool, Query(description="Add what each bucket and product contributes to the risk.")]


@router.post("/backtest")
def backtest(db: Db, body: Raw, risk: WithRisk = False) -> dict[str, Any]:
    """Policies side by side on a portfolio, or on the newest portfolio of a framework, stored as a run.

    What is asked stands in ``params`` or beside the id; without policies it is the framework's own.
    """
    given = json_object(body)
    question = _question(optional(given, "params", dict, None) or given)
    return study_json(study.run_backtest(db, _asked_of(db, given, question)), risk=risk)


def study_json(done: Study, *, risk: bool = False) -> dict[str, Any]:
    """A study as a backtest is answered."""
    runs = [{"policy": result.name, **to_json(result)} for result in done.results]
    beside = None if done.benchmark is None else benchmark_json(done.question.benchmark, done.benchmark)
    return {
        "run_id": done.run_id,
        "portfolio_id": done.question.portfolio_id,
        "portfolio_version": done.question.portfolio_version,
        "runs": runs,
        "benchmark": beside,
        "dataset": done.dataset,
        "notes": done.notes,
        "risk": risk_json(history.risk(done)) if risk else None,
    }


def _question(params: Mapping[str, Any]) -> Question:
    """What is asked, of nothing yet; a field that is null has its default."""
    asked = {name: value for name, value in params.items() if value is not None}
    return parse_question("", {**asked, "settings": optional(asked, "run", dict, {})})


def _asked_of(db: Database, given: Mapping[str, Any], question: Question) -> Question:
    """The question, asked of what the body names; without policies it is the framework's own."""
    portfolio = named_portfolio(db, given)
    policies = question.policies or _own_policy(db, portfolio)
    return replace(question, portfolio_id=portfolio.id, policies=policies)


def _own_policy(db: Database, portfolio: Portfolio) -> Mapping[str, Policy]:
    policy = design.get_framework(db, portfolio.framework_id, portfolio.framework_version).rebalancing
    return {preset_name(policy) or "framework": policy}
