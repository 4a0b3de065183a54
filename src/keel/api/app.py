"""The REST interface: an app over one open database, mounted under ``/api/v1`` beside the pages."""

from __future__ import annotations

from fastapi import FastAPI

import keel
from keel.api import frameworks, jobs, policies, portfolios, problem
from keel.api.access import links, tokens
from keel.api.access.gate import Gate
from keel.api.answer import Route
from keel.api.document import Described
from keel.api.guided import profiles, proposals, workflows
from keel.api.live import alerts, drift, morning, move, plan, positions, targets
from keel.api.live import imports as holdings
from keel.api.market import benchmarks, exposures, imports, prices, universe
from keel.api.pack import brand, files
from keel.api.study import backtest, fill, runs, sweep
from keel.store.connection import Database


def create_api(db: Database, *, guarded: bool = False) -> FastAPI:
    """The app that answers from ``db``; its failures are problem+json. ``guarded``: every request shows a token."""
    version = keel.__version__
    # A slash too many leads nowhere: redirected, the id that is not there would become the list of all.
    api = Described(title="Keel", version=version, docs_url=None, redoc_url=None, redirect_slashes=False)
    api.router.route_class = Route
    api.add_middleware(Gate, db=db, required=guarded)
    problem.install(api)
    api.include_router(tokens.router)
    api.include_router(links.router)
    api.include_router(frameworks.router)
    for live in (targets, move, positions, holdings, drift, morning, plan, alerts):
        api.include_router(live.router)
    for guided in (profiles, proposals, workflows):
        api.include_router(guided.router)
    for studied in (portfolios, backtest, runs, fill, sweep, jobs, policies):
        api.include_router(studied.router)
    for market in (prices, imports, benchmarks, exposures, universe):
        api.include_router(market.router)
    for handed_over in (frameworks.files, files.router, files.files, plan.files, alerts.files, brand.router):
        api.include_router(handed_over)

    @api.get("/health")
    def health() -> dict[str, str]:
        """``ok`` while the database is open."""
        with db.cursor():
            return {"status": "ok", "version": version}

    return api
