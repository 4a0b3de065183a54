"""How far a framework has come: its newest portfolio and that portfolio's newest run."""

from __future__ import annotations

from dataclasses import dataclass

from keel.store import frameworks, portfolios, runs
from keel.store.connection import Database


@dataclass(frozen=True, slots=True)
class Progress:
    """The ids of what exists for one framework version; empty when it does not."""

    portfolio_id: str = ""
    run_id: str = ""


def progress(db: Database, framework_id: str, version: int) -> Progress:
    """What exists for that version of a framework."""
    portfolio = portfolios.latest_for(db, framework_id, version)
    if portfolio is None:
        return Progress()
    newest = (run.id for run in runs.list_for(db, portfolio.id) if run.question.portfolio_version == portfolio.version)
    return Progress(portfolio.id, next(newest, ""))


def portfolio_of(db: Database, framework_id: str, version: int | None, run_id: str) -> str:
    """The id of the portfolio that a link without one means: the run's, else the framework's newest; empty for none.

    Raises RunNotFoundError and FrameworkNotFoundError.
    """
    if run_id:
        return runs.get(db, run_id).question.portfolio_id
    if not framework_id:
        return ""
    frameworks.get(db, framework_id, version)
    portfolio = portfolios.latest_for(db, framework_id, version)
    return portfolio.id if portfolio is not None else ""
