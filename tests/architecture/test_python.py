"""What REST can do Python can: every operation has its name in ``keel``, or a reason why it has none."""

from __future__ import annotations

import keel
from keel.api.document import SHAPES

# Operations by the noun their address begins with → how ``keel`` calls each method there.
NAMES = {
    "GET /allocation-frameworks": "list_frameworks",
    "POST /allocation-frameworks": "adopt_template save_framework",
    "GET /allocation-frameworks/{framework_id}": "get_framework",
    "PUT /allocation-frameworks/{framework_id}": "save_framework",
    "GET /allocation-frameworks/{framework_id}/versions": "framework_versions",
    "GET /allocation-frameworks/{framework_id}/diff": "diff_framework",
    "GET /allocation-frameworks/{framework_id}/file": "write_framework",
    "POST /allocation-frameworks/{framework_id}/restore": "restore_framework bring_back",
    "POST /allocation-frameworks/{framework_id}/map-products": "map_products",
    "POST /allocation-frameworks/{framework_id}/fill": "fill_bucket",
    "POST /analytics/validate-framework": "check read_framework",
    "GET /asset-class-targets": "get_framework",
    "POST /asset-class-targets": "set_targets",
    "DELETE /asset-class-targets": "remove_bucket",
    "GET /holding-targets": "get_framework",
    "POST /holding-targets": "set_products",
    "DELETE /holding-targets": "remove_product",
    "GET /archived": "archived",
    "GET /portfolios": "list_portfolios",
    "POST /portfolios": "create_portfolio",
    "POST /portfolios/begin": "begin_portfolio",
    "GET /portfolios/{portfolio_id}": "get_portfolio",
    "POST /portfolios/{portfolio_id}/move": "move_portfolio",
    "GET /portfolios/{portfolio_id}/positions": "holdings",
    "PUT /portfolios/{portfolio_id}/positions": "set_holdings",
    "POST /portfolios/{portfolio_id}/imports": "import_holdings",
    "GET /portfolios/{portfolio_id}/drift": "drift",
    "GET /portfolios/{portfolio_id}/xray": "xray",
    "POST /portfolios/{portfolio_id}/verdicts": "judge_values",
    "GET /portfolios/{portfolio_id}/shares": "shared_links",
    "POST /portfolios/{portfolio_id}/shares": "share_portfolio",
    "DELETE /shares/{link_id}": "revoke_link",
    "GET /portfolios/{portfolio_id}/plans": "list_plans",
    "POST /portfolios/{portfolio_id}/plan": "make_plan plan_trades",
    "POST /portfolios/{portfolio_id}/plan/rules": "compare_plans",
    "POST /portfolios/{portfolio_id}/plan/curves": "plan_curves",
    "POST /portfolios/{portfolio_id}/plan/schedule": "plan_schedule",
    "GET /plans/{plan_id}": "get_plan",
    "POST /plans/{plan_id}/recalculate": "recalculate_plan",
    "POST /plans/{plan_id}/accept": "accept_plan",
    "POST /plans/{plan_id}/execute": "execute_plan",
    "GET /plans/{plan_id}/orders": "plan_orders",
    "GET /drift": "morning",
    "GET /alerts": "alerts",
    "POST /alerts/look": "watch",
    "POST /alerts/{alert_id}/read": "read_alert",
    "GET /looks.ics": "next_looks",
    "GET /profiles": "profiles",
    "POST /profiles": "save_profile",
    "GET /profiles/{profile_id}": "get_profile",
    "PUT /profiles/{profile_id}": "save_profile",
    "DELETE /profiles/{profile_id}": "archive_profile",
    "POST /profiles/{profile_id}/restore": "restore_profile",
    "POST /proposals": "propose",
    "GET /proposals/schema": "proposal_schema",
    "GET /workflows": "workflows",
    "GET /workflows/{workflow_id}": "workflows",
    "POST /workflows/{workflow_id}/runs": "run_workflow",
    "GET /workflow-runs": "workflow_runs",
    "GET /workflow-runs/{run_id}": "workflow_runs",
    "DELETE /workflow-runs/{run_id}": "cancel_workflow",
    "POST /workflow-runs/{run_id}/resume": "resume_workflow",
    "POST /workflow-runs/{run_id}/repeat": "repeat_step",
    "POST /workflow-runs/{run_id}/questions": "put_questions",
    "POST /backtest": "run_backtest backtest_policies",
    "POST /sweep": "sweep_policies",
    "GET /runs": "list_runs",
    "GET /runs/{run_id}": "list_runs",
    "GET /runs/{run_id}/result": "get_run",
    "POST /runs/{run_id}/luck": "luck_of",
    "POST /runs/{run_id}/verify": "verify_run verify",
    "GET /runs/{run_id}/pack": "client_pack",
    "GET /portfolios/{portfolio_id}/pack": "client_pack",
    "POST /bundles/replay": "replay",
    "GET /brand": "brand",
    "PUT /brand": "brand",
    "GET /rebalancing-strategies": "list_policies",
    "POST /rebalancing-strategies": "save_policy",
    "GET /rebalancing-strategies/{policy_id}": "list_policies",
    "PUT /rebalancing-strategies/{policy_id}": "save_policy",
    "DELETE /rebalancing-strategies/{policy_id}": "delete_policy",
    "POST /rebalancing-strategies/{policy_id}/assign": "assign_policy",
    "GET /benchmarks": "list_benchmarks",
    "POST /benchmarks": "save_benchmark",
    "GET /benchmarks/{benchmark_id}": "list_benchmarks",
    "PUT /benchmarks/{benchmark_id}": "save_benchmark",
    "DELETE /benchmarks/{benchmark_id}": "delete_benchmark",
    "GET /prices": "price_status",
    "POST /prices/refresh": "refresh_prices",
    "POST /prices/imports": "import_prices",
    "GET /data-health": "data_health",
    "POST /exposures/imports": "import_exposures",
    "GET /exposures": "made_of",
    "GET /exposures/overlap": "overlap",
    "GET /instruments": "search_products",
    "GET /universe": "universe_status",
    "POST /universe/imports": "import_universe",
    "POST /universe/fetch": "fetch_products",
    "GET /tokens": "list_tokens",
    "POST /tokens": "create_token",
    "DELETE /tokens/{token_id}": "revoke_token",
}
ENDS = {  # the same for every noun
    "/duplicate": "duplicate",
    "/restore": "bring_back",
    "GET /imports": "list_imports",
    "DELETE /imports/{import_id}": "undo_import",
    "PATCH": "rename",
    "DELETE": "archive",
}
WITHOUT = {
    "GET /health": "there is no server",
    "GET /me": "who runs Python is the one user of this machine",
    "GET /shared/{secret}": "for people without an account, from a server",
    "GET /jobs/{job_id}": "Python waits until the work is done",
    "DELETE /jobs/{job_id}": "Python waits until the work is done; Ctrl-C ends it",
}


def names_of(operation: str) -> list[str]:
    """What ``keel`` calls an operation."""
    method, path = operation.split(" ")
    ways = [operation, *(f"{method} {end}" for end in ("/imports", "/imports/{import_id}") if path.endswith(end))]
    ways += ["/" + path.rsplit("/", 1)[1], method]
    return next(((NAMES | ENDS)[way].split() for way in ways if way in NAMES | ENDS), [])


def test_what_rest_can_do_python_can() -> None:
    lacking = [operation for operation in SHAPES if operation not in WITHOUT and not names_of(operation)]
    assert not lacking, "\n".join(lacking)
    assert not set(NAMES) - set(SHAPES)
    named = {name for operation in SHAPES for name in names_of(operation)}
    assert not named - set(keel.__all__)
