"""The REST interface: an app over one open database, mounted under ``/api/v1`` beside the pages."""

from __future__ import annotations

from itertools import chain

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

_LIVE = (targets.router, move.router, positions.router, holdings.router, drift.router, morning.router, plan.router)
_GUIDED = (profiles.router, proposals.router, workflows.router)
_STUDIED = (portfolios.router, backtest.router, runs.router, fill.router, sweep.router, jobs.router, policies.router)
_MARKET = (prices.router, imports.router, benchmarks.router, exposures.router, universe.router)
_HANDED_OVER = (frameworks.files, files.router, files.files, plan.files, alerts.files, brand.router)
_ROUTERS = (
    tokens.router,
    links.router,
    frameworks.router,
    *_LIVE,
    alerts.router,
    *_GUIDED,
    *_STUDIED,
    *_MARKET,
    *_HANDED_OVER,
)
_ROUTES = tuple(chain.from_iterable(router.routes for router in _ROUTERS))


def create_api(db: Database, *, guarded: bool = False) -> FastAPI:
    """The app that answers from ``db``; its failures are problem+json. ``guarded``: every request shows a token."""
    version = keel.__version__
    # A slash too many leads nowhere: redirected, the id that is not there would become the list of all.
    api = Described(title="Keel", version=version, docs_url=None, redoc_url=None, redirect_slashes=False)
    api.router.route_class = Route
    api.add_middleware(Gate, db=db, required=guarded)
    problem.install(api)
    api.router.routes.extend(_ROUTES)  # to include a router would build each of its routes anew for every app: 70 ms

    @api.get("/health")
    def health() -> dict[str, str]:
        """``ok`` while the database is open."""
        with db.cursor():
            return {"status": "ok", "version": version}

    return api
