"""What REST and the pages can do Python can: each has its name in ``keel``, or a reason why it has none."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.architecture.source import SOURCE, nodes

import keel
from keel.api.document import SHAPES

# Operation → what ``keel`` calls it.
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


ADAPTERS = [SOURCE / f"{name}.py" for name in ("notebook", "held", "guided", "studies")]
OF_PAGES = {  # how a service that pages call begins or ends → why Python does not
    "work.drafts.": "work that is not saved yet",
    "work.progress.": "where a person is",
    "shared.": "no intention of its own",
    "example.": "for a first look",
    "export.": "frames are written by pandas",
    ".ask_": "Python waits for the same work",
    ".find_": "Python waits for the same work",
    ".last_": "Python waits for the same work",
    "audit.": "keel.verify",
    "luck.": "keel.luck_of and keel.compare_policies",
    "lab.": "keel.sweep_portfolio",
    "history.": "keel.drift_of_run and what a result says",
    "guided.proposals.": "keel.propose",
    "guided.workflows.": "keel.workflow_runs",
    "access.links.": "the answer to people without an account",
    "access.logs.": "a server's log",
    "access.rate.": "how often a server may be asked",
    "access.tokens.active": "keel.list_tokens says which are",
    "design.check": "keel.check",
    "design.read_file": "keel.read_framework",
    "design.limits": "in what keel.map_products and keel.drift say",
    "design.create_empty": "keel.save_framework of one's own",
    "design.free_name": "a name is given",
    "design.mendable": "a file is mended by who wrote it",
    "design.unsaved": "work that is not saved yet",
    "holdings.table.put_in_new_bucket": "an edit as any: keel.save_framework, keel.move_portfolio, keel.set_holdings",
    "fill.available": "what is missing says itself",
    "live.plan.": "fields of the plan's document",
    "live.standing.": "in what keel.drift says",
    "live.watch.": "keel.watch and keel.alerts",
    "lookthrough.imports.preview": "keel.import_exposures, and keel.undo_import",
    "mapping.": "keel.map_products, keel.create_portfolio and keel.save_framework",
    "market.benchmarks.": "keel.list_benchmarks",
    "market.catalogue.": "keel.price_status, keel.data_health and keel.search_products",
    "market.datasets.": "keel.price_status",
    "market.health.": "keel.data_health",
    "market.imports.currencies": "a currency is given",
    "market.record.": "keel.run_backtest of a template",
    "pack.brand": "keel.brand",
    "pack.sheet_for": "what keel.client_pack chooses",
    "report.shown": "the answer to people without an account",
    "pack.currency": "keel.drift",
    "study.": "keel.run_backtest and keel.get_run",
    "work.shelf.": "keel.list_portfolios and keel.list_runs",
}


def services_called(paths: Iterable[Path]) -> set[str]:
    """The functions of services that files call, such as ``live.plan.accept``."""
    begins = "keel.services."
    return {call.removeprefix(begins) for path in paths for call in _calls(path) if call.startswith(begins)}


def _calls(path: Path) -> Iterator[str]:
    functions = [[*ast.walk(node)] for node in nodes(path) if isinstance(node, ast.FunctionDef)]
    inside = {id(node) for function in functions for node in function}
    outside = [node for node in nodes(path) if id(node) not in inside]
    for scope in (outside, *functions):
        rooms = {}
        for node in (*outside, *scope):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("keel.services"):
                rooms |= {name.asname or name.name: f"{node.module}.{name.name}" for name in node.names}
        yield from (room for name, room in rooms.items() if name.islower() and not is_module(room))
        for node in scope:
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr.islower():
                yield f"{rooms.get(node.value.id, '')}.{node.attr}"


def is_module(name: str) -> bool:
    return SOURCE.parent.joinpath(*name.split(".")).with_suffix(".py").exists()


def test_what_pages_do_python_can() -> None:
    pages = services_called((SOURCE / "ui").rglob("*.py"))
    python = services_called([*ADAPTERS, *(SOURCE / "stored").glob("*.py")])
    assert len(pages) > 100
    lacking = {call for call in pages - python if not any(part in call for part in OF_PAGES)}
    assert not lacking, "\n".join(sorted(lacking))
    idle = [part for part in OF_PAGES if not any(part in call for call in pages - python)]
    assert not idle, "\n".join(idle)
