"""Sweeps over REST: asked for, they are background work."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Response

from keel.api import jobs
from keel.api.answer import Route
from keel.api.portfolios import named_portfolio
from keel.api.request import Db, Raw, field, json_object
from keel.domain.study.grid import parse_grid
from keel.domain.study.question import parse_question
from keel.services import lab

router = APIRouter(route_class=Route)

MOST_POLICIES = 250_000  # of one sweep, whose table stays in memory: the command line has room for more
ASKED = ("start", "end", "dataset", "proxies")  # the grid has the policies and the settings


@router.post("/sweep", status_code=202)
def begin_sweep(db: Db, body: Raw, response: Response) -> dict[str, Any]:
    """Every policy of a grid on a portfolio, or on the newest of a framework, as a job; the same once more is that job.

    ``Location`` is where the job is watched and stopped.
    """
    given = json_object(body)
    grid = parse_grid(field(given, "grid", dict), MOST_POLICIES)
    question = parse_question("", {name: given[name] for name in ASKED if given.get(name) is not None})
    asked = replace(question, portfolio_id=named_portfolio(db, given).id)
    return jobs.begun(db, lab.ask_sweep(db, asked, grid), response)
