"""How far a framework has come: its newest portfolio and that portfolio's newest run."""

from __future__ import annotations

from dataclasses import dataclass

from keel.store import portfolios, runs
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
    found = runs.list_for(db, portfolio.id)
    return Progress(portfolio.id, found[0].id if found else "")
