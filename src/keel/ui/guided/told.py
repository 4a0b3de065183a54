"""What the link and the run tell a step, and where the run leads next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from keel.domain.workflow.graph import ordered
from keel.domain.workflow.run import StepStatus, next_step
from keel.services.live import plan
from keel.ui.frame.session import Ids

if TYPE_CHECKING:
    from keel.domain.workflow.definition import Step
    from keel.domain.workflow.run import WorkflowRun
    from keel.store.connection import Database


def given(db: Database, run: WorkflowRun, ids: Ids) -> dict[str, Mapping[str, Any]]:
    """What each step that is not settled is told: the ids in the link that it asks for, and a name of its own."""
    made = outputs(run)
    there = {
        "profile_id": ids.profile,
        "framework_id": ids.framework,
        "framework_version": ids.version,
        "portfolio_id": ids.portfolio,
        "plan_id": _plan(db, run, ids.portfolio),
        "name": made.get("framework_name"),
    }
    return {
        step.id: {question.id: there[question.id] for question in step.questions if there.get(question.id)}
        for step in run.workflow.steps
        if not run.steps[step.id].status.settled
    }


def _plan(db: Database, run: WorkflowRun, portfolio_id: str) -> str:
    """The newest plan of the portfolio that was made since the run began; empty for none."""
    asks = any(question.id == "plan_id" for step in run.workflow.steps for question in step.questions)
    plans = plan.listed(db, portfolio_id) if asks and portfolio_id else ()
    return next((p.id for p in plans if p.created_at and run.created_at and p.created_at > run.created_at), "")


def later(run: WorkflowRun, step: Step) -> tuple[str, ...]:
    """The steps that are done on another page than this one: they are not begun before a person is there."""
    return tuple(other.id for other in run.workflow.steps if other.page != step.page)


def outputs(run: WorkflowRun) -> dict[str, Any]:
    """Everything that has come of the run so far."""
    made: dict[str, Any] = {}
    for step in ordered(run.workflow):
        made |= run.steps[step.id].outputs
    return made


def onward(run: WorkflowRun, ids: Ids) -> Ids:
    """The link with what the run has made."""
    made = outputs(run)
    return replace(
        ids,
        profile=made.get("profile_id", ids.profile),
        framework=made.get("framework_id", ids.framework),
        version=made.get("framework_version", ids.version),
        portfolio=made.get("portfolio_id", ids.portfolio),
        run=made.get("run_id", ids.run),
        risk=made.get("risk_band", ids.risk),
        guide=run.id,
    )


def back(now: WorkflowRun, ids: Ids, step: Step) -> Ids:
    """The link without what was made on top of a step that is done again."""
    gone = {
        value
        for other in now.workflow.steps
        if other.id != step.id and now.steps[other.id].earlier and not now.steps[other.id].status.settled
        for value in now.steps[other.id].earlier[-1].values()
        if isinstance(value, str)
    }
    framework, portfolio, run = ("" if id in gone else id for id in (ids.framework, ids.portfolio, ids.run))
    return replace(
        onward(now, ids), framework=framework, version=ids.version if framework else None, portfolio=portfolio, run=run
    )


def made_before(run: WorkflowRun) -> tuple[str, ...]:
    """The names of what steps made before they were done again, each once."""
    steps = (run.steps[step.id] for step in ordered(run.workflow))
    earlier = (outputs for progress in steps for outputs in progress.earlier)
    names = (value for outputs in earlier for name, value in outputs.items() if name.endswith("_name"))
    now = {value for name, value in outputs(run).items() if name.endswith("_name")}
    return tuple(dict.fromkeys(name for name in names if name not in now))


def page_of(run: WorkflowRun) -> str:
    """The page of the step under way or next, or of the last one when there is none."""
    under_way = (step for step in run.workflow.steps if run.steps[step.id].status is StepStatus.running)
    here = next(under_way, None) or next_step(run)
    return here.page if here else ordered(run.workflow)[-1].page
