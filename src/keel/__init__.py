"""Keel holds an investment allocation on course; from a notebook, start with ``keel.read_framework`` and
``keel.backtest_policies``.

>>> import keel
>>> keel.PRESETS["annual"].look.value
'annual'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keel.backtest.result import BacktestResult as BacktestResult
    from keel.backtest.run import run as run
    from keel.domain.framework.records import Bucket as Bucket
    from keel.domain.framework.records import Framework as Framework
    from keel.domain.framework.records import Holding as Holding
    from keel.domain.framework.validation import check as check
    from keel.domain.market.prices import PriceMatrix as PriceMatrix
    from keel.domain.plan.deposits.many import deposits as deposits
    from keel.domain.policy.presets import PRESETS as PRESETS
    from keel.domain.policy.records import Policy as Policy
    from keel.domain.policy.records import RunSettings as RunSettings
    from keel.domain.portfolio.book import book as book
    from keel.domain.study.resampling import Resampling as Resampling
    from keel.errors import KeelError as KeelError
    from keel.guided import archive_profile as archive_profile
    from keel.guided import get_profile as get_profile
    from keel.guided import profiles as profiles
    from keel.guided import propose as propose
    from keel.guided import repeat_step as repeat_step
    from keel.guided import restore_profile as restore_profile
    from keel.guided import resume_workflow as resume_workflow
    from keel.guided import run_workflow as run_workflow
    from keel.guided import save_profile as save_profile
    from keel.guided import workflow_runs as workflow_runs
    from keel.held import alerts as alerts
    from keel.held import begin_portfolio as begin_portfolio
    from keel.held import brand as brand
    from keel.held import drift as drift
    from keel.held import holdings as holdings
    from keel.held import import_holdings as import_holdings
    from keel.held import morning as morning
    from keel.held import move_portfolio as move_portfolio
    from keel.held import plan_schedule as plan_schedule
    from keel.held import plan_trades as plan_trades
    from keel.held import revoke_link as revoke_link
    from keel.held import share_portfolio as share_portfolio
    from keel.held import shared_links as shared_links
    from keel.held import watch as watch
    from keel.notebook import assign_policy as assign_policy
    from keel.notebook import client_pack as client_pack
    from keel.notebook import delete_benchmark as delete_benchmark
    from keel.notebook import fill_bucket as fill_bucket
    from keel.notebook import import_exposures as import_exposures
    from keel.notebook import import_prices as import_prices
    from keel.notebook import import_universe as import_universe
    from keel.notebook import list_benchmarks as list_benchmarks
    from keel.notebook import list_policies as list_policies
    from keel.notebook import map_products as map_products
    from keel.notebook import price_matrix as price_matrix
    from keel.notebook import price_status as price_status
    from keel.notebook import read_framework as read_framework
    from keel.notebook import refresh_prices as refresh_prices
    from keel.notebook import replay as replay
    from keel.notebook import save_benchmark as save_benchmark
    from keel.notebook import save_policy as save_policy
    from keel.notebook import to_frame as to_frame
    from keel.notebook import write_framework as write_framework
    from keel.notebook import xray as xray
    from keel.studies import backtest_policies as backtest_policies
    from keel.studies import compare_policies as compare_policies
    from keel.studies import luck_of as luck_of
    from keel.studies import risk_of as risk_of
    from keel.studies import sweep_policies as sweep_policies
    from keel.studies import verify as verify

__version__ = "0.1.0"

# Name -> module. Loaded on first use, so that ``import keel`` costs nothing.
_PUBLIC = {
    "BacktestResult": "keel.backtest.result",
    "Bucket": "keel.domain.framework.records",
    "Framework": "keel.domain.framework.records",
    "Holding": "keel.domain.framework.records",
    "KeelError": "keel.errors",
    "PRESETS": "keel.domain.policy.presets",
    "Policy": "keel.domain.policy.records",
    "PriceMatrix": "keel.domain.market.prices",
    "Resampling": "keel.domain.study.resampling",
    "RunSettings": "keel.domain.policy.records",
    "begin_portfolio": "keel.held",
    "alerts": "keel.held",
    "archive_profile": "keel.guided",
    "assign_policy": "keel.notebook",
    "backtest_policies": "keel.studies",
    "book": "keel.domain.portfolio.book",
    "brand": "keel.held",
    "check": "keel.domain.framework.validation",
    "client_pack": "keel.notebook",
    "compare_policies": "keel.studies",
    "delete_benchmark": "keel.notebook",
    "deposits": "keel.domain.plan.deposits.many",
    "drift": "keel.held",
    "fill_bucket": "keel.notebook",
    "get_profile": "keel.guided",
    "holdings": "keel.held",
    "import_exposures": "keel.notebook",
    "import_holdings": "keel.held",
    "import_prices": "keel.notebook",
    "list_benchmarks": "keel.notebook",
    "list_policies": "keel.notebook",
    "import_universe": "keel.notebook",
    "luck_of": "keel.studies",
    "map_products": "keel.notebook",
    "morning": "keel.held",
    "move_portfolio": "keel.held",
    "plan_schedule": "keel.held",
    "plan_trades": "keel.held",
    "price_matrix": "keel.notebook",
    "price_status": "keel.notebook",
    "profiles": "keel.guided",
    "propose": "keel.guided",
    "read_framework": "keel.notebook",
    "refresh_prices": "keel.notebook",
    "replay": "keel.notebook",
    "run": "keel.backtest.run",
    "revoke_link": "keel.held",
    "risk_of": "keel.studies",
    "save_benchmark": "keel.notebook",
    "save_policy": "keel.notebook",
    "repeat_step": "keel.guided",
    "restore_profile": "keel.guided",
    "resume_workflow": "keel.guided",
    "run_workflow": "keel.guided",
    "save_profile": "keel.guided",
    "share_portfolio": "keel.held",
    "shared_links": "keel.held",
    "sweep_policies": "keel.studies",
    "to_frame": "keel.notebook",
    "verify": "keel.studies",
    "workflow_runs": "keel.guided",
    "watch": "keel.held",
    "write_framework": "keel.notebook",
    "xray": "keel.notebook",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> object:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'keel' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return [*globals(), *_PUBLIC]
