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
    from keel.guided import cancel_workflow as cancel_workflow
    from keel.guided import get_profile as get_profile
    from keel.guided import profiles as profiles
    from keel.guided import proposal_schema as proposal_schema
    from keel.guided import propose as propose
    from keel.guided import put_questions as put_questions
    from keel.guided import repeat_step as repeat_step
    from keel.guided import restore_profile as restore_profile
    from keel.guided import resume_workflow as resume_workflow
    from keel.guided import run_workflow as run_workflow
    from keel.guided import save_profile as save_profile
    from keel.guided import workflow_runs as workflow_runs
    from keel.guided import workflows as workflows
    from keel.held import alerts as alerts
    from keel.held import begin_portfolio as begin_portfolio
    from keel.held import brand as brand
    from keel.held import drift as drift
    from keel.held import holdings as holdings
    from keel.held import import_holdings as import_holdings
    from keel.held import morning as morning
    from keel.held import move_portfolio as move_portfolio
    from keel.held import next_looks as next_looks
    from keel.held import plan_schedule as plan_schedule
    from keel.held import plan_trades as plan_trades
    from keel.held import read_alert as read_alert
    from keel.held import revoke_link as revoke_link
    from keel.held import share_portfolio as share_portfolio
    from keel.held import shared_links as shared_links
    from keel.held import watch as watch
    from keel.notebook import assign_policy as assign_policy
    from keel.notebook import client_pack as client_pack
    from keel.notebook import delete_benchmark as delete_benchmark
    from keel.notebook import delete_policy as delete_policy
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
    from keel.stored.access import create_token as create_token
    from keel.stored.access import list_tokens as list_tokens
    from keel.stored.access import revoke_token as revoke_token
    from keel.stored.frameworks import adopt_template as adopt_template
    from keel.stored.frameworks import diff_framework as diff_framework
    from keel.stored.frameworks import framework_versions as framework_versions
    from keel.stored.frameworks import get_framework as get_framework
    from keel.stored.frameworks import list_frameworks as list_frameworks
    from keel.stored.frameworks import list_templates as list_templates
    from keel.stored.frameworks import remove_bucket as remove_bucket
    from keel.stored.frameworks import remove_product as remove_product
    from keel.stored.frameworks import restore_framework as restore_framework
    from keel.stored.frameworks import save_framework as save_framework
    from keel.stored.frameworks import set_products as set_products
    from keel.stored.frameworks import set_targets as set_targets
    from keel.stored.imports import list_imports as list_imports
    from keel.stored.imports import undo_import as undo_import
    from keel.stored.market import data_health as data_health
    from keel.stored.market import fetch_products as fetch_products
    from keel.stored.market import made_of as made_of
    from keel.stored.market import overlap as overlap
    from keel.stored.market import search_products as search_products
    from keel.stored.market import universe_status as universe_status
    from keel.stored.plans import accept_plan as accept_plan
    from keel.stored.plans import compare_plans as compare_plans
    from keel.stored.plans import execute_plan as execute_plan
    from keel.stored.plans import get_plan as get_plan
    from keel.stored.plans import list_plans as list_plans
    from keel.stored.plans import make_plan as make_plan
    from keel.stored.plans import plan_curves as plan_curves
    from keel.stored.plans import plan_orders as plan_orders
    from keel.stored.plans import recalculate_plan as recalculate_plan
    from keel.stored.portfolios import create_portfolio as create_portfolio
    from keel.stored.portfolios import drift_history as drift_history
    from keel.stored.portfolios import get_portfolio as get_portfolio
    from keel.stored.portfolios import judge_values as judge_values
    from keel.stored.portfolios import list_portfolios as list_portfolios
    from keel.stored.portfolios import set_holdings as set_holdings
    from keel.stored.runs import drift_of_run as drift_of_run
    from keel.stored.runs import get_run as get_run
    from keel.stored.runs import list_runs as list_runs
    from keel.stored.runs import luck_of_run as luck_of_run
    from keel.stored.runs import run_backtest as run_backtest
    from keel.stored.runs import sweep_portfolio as sweep_portfolio
    from keel.stored.runs import verify_run as verify_run
    from keel.stored.shelf import archive as archive
    from keel.stored.shelf import archived as archived
    from keel.stored.shelf import bring_back as bring_back
    from keel.stored.shelf import duplicate as duplicate
    from keel.stored.shelf import rename as rename
    from keel.studies import backtest_policies as backtest_policies
    from keel.studies import compare_policies as compare_policies
    from keel.studies import contributions as contributions
    from keel.studies import correlations as correlations
    from keel.studies import falls as falls
    from keel.studies import luck_of as luck_of
    from keel.studies import monthly_returns as monthly_returns
    from keel.studies import risk_of as risk_of
    from keel.studies import rolling_returns as rolling_returns
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
    "accept_plan": "keel.stored.plans",
    "adopt_template": "keel.stored.frameworks",
    "alerts": "keel.held",
    "archive": "keel.stored.shelf",
    "archive_profile": "keel.guided",
    "archived": "keel.stored.shelf",
    "assign_policy": "keel.notebook",
    "backtest_policies": "keel.studies",
    "begin_portfolio": "keel.held",
    "book": "keel.domain.portfolio.book",
    "brand": "keel.held",
    "bring_back": "keel.stored.shelf",
    "cancel_workflow": "keel.guided",
    "check": "keel.domain.framework.validation",
    "client_pack": "keel.notebook",
    "compare_plans": "keel.stored.plans",
    "compare_policies": "keel.studies",
    "contributions": "keel.studies",
    "correlations": "keel.studies",
    "create_portfolio": "keel.stored.portfolios",
    "create_token": "keel.stored.access",
    "data_health": "keel.stored.market",
    "delete_benchmark": "keel.notebook",
    "delete_policy": "keel.notebook",
    "deposits": "keel.domain.plan.deposits.many",
    "diff_framework": "keel.stored.frameworks",
    "drift": "keel.held",
    "drift_history": "keel.stored.portfolios",
    "drift_of_run": "keel.stored.runs",
    "duplicate": "keel.stored.shelf",
    "execute_plan": "keel.stored.plans",
    "falls": "keel.studies",
    "fetch_products": "keel.stored.market",
    "fill_bucket": "keel.notebook",
    "framework_versions": "keel.stored.frameworks",
    "get_framework": "keel.stored.frameworks",
    "get_plan": "keel.stored.plans",
    "get_portfolio": "keel.stored.portfolios",
    "get_profile": "keel.guided",
    "get_run": "keel.stored.runs",
    "holdings": "keel.held",
    "import_exposures": "keel.notebook",
    "import_holdings": "keel.held",
    "import_prices": "keel.notebook",
    "import_universe": "keel.notebook",
    "judge_values": "keel.stored.portfolios",
    "list_benchmarks": "keel.notebook",
    "list_frameworks": "keel.stored.frameworks",
    "list_imports": "keel.stored.imports",
    "list_plans": "keel.stored.plans",
    "list_policies": "keel.notebook",
    "list_portfolios": "keel.stored.portfolios",
    "list_runs": "keel.stored.runs",
    "list_templates": "keel.stored.frameworks",
    "list_tokens": "keel.stored.access",
    "luck_of": "keel.studies",
    "luck_of_run": "keel.stored.runs",
    "made_of": "keel.stored.market",
    "make_plan": "keel.stored.plans",
    "map_products": "keel.notebook",
    "monthly_returns": "keel.studies",
    "morning": "keel.held",
    "move_portfolio": "keel.held",
    "next_looks": "keel.held",
    "overlap": "keel.stored.market",
    "plan_curves": "keel.stored.plans",
    "plan_orders": "keel.stored.plans",
    "plan_schedule": "keel.held",
    "plan_trades": "keel.held",
    "price_matrix": "keel.notebook",
    "price_status": "keel.notebook",
    "profiles": "keel.guided",
    "proposal_schema": "keel.guided",
    "propose": "keel.guided",
    "put_questions": "keel.guided",
    "read_alert": "keel.held",
    "read_framework": "keel.notebook",
    "recalculate_plan": "keel.stored.plans",
    "refresh_prices": "keel.notebook",
    "remove_bucket": "keel.stored.frameworks",
    "remove_product": "keel.stored.frameworks",
    "rename": "keel.stored.shelf",
    "repeat_step": "keel.guided",
    "replay": "keel.notebook",
    "restore_framework": "keel.stored.frameworks",
    "restore_profile": "keel.guided",
    "resume_workflow": "keel.guided",
    "revoke_link": "keel.held",
    "revoke_token": "keel.stored.access",
    "risk_of": "keel.studies",
    "rolling_returns": "keel.studies",
    "run": "keel.backtest.run",
    "run_backtest": "keel.stored.runs",
    "run_workflow": "keel.guided",
    "save_benchmark": "keel.notebook",
    "save_framework": "keel.stored.frameworks",
    "save_policy": "keel.notebook",
    "save_profile": "keel.guided",
    "search_products": "keel.stored.market",
    "set_holdings": "keel.stored.portfolios",
    "set_products": "keel.stored.frameworks",
    "set_targets": "keel.stored.frameworks",
    "share_portfolio": "keel.held",
    "shared_links": "keel.held",
    "sweep_policies": "keel.studies",
    "sweep_portfolio": "keel.stored.runs",
    "to_frame": "keel.notebook",
    "undo_import": "keel.stored.imports",
    "universe_status": "keel.stored.market",
    "verify": "keel.studies",
    "verify_run": "keel.stored.runs",
    "watch": "keel.held",
    "workflow_runs": "keel.guided",
    "workflows": "keel.guided",
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
