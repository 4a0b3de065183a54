"""``keel verify``: the trades of a run replayed by vectorbt, and its wealth compared day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import click

from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, one_line, reply, table

if TYPE_CHECKING:
    from keel.audit.comparison import Audit

DISAGREE = 2


@click.command()
@click.argument("run_id", metavar="[RUN]", required=False)
@click.option("--framework", "framework_path", metavar="FILE", help="The framework, JSON or CSV.")
@click.option("--prices", "prices_path", metavar="FILE", help="Wide CSV or parquet, first column date.")
@click.option("--policy", "policies", multiple=True, help="A preset, JSON or a JSON file. Repeat to audit several.")
@click.option("--run", "run_json", metavar="JSON", help="Run settings: JSON or a file.")
@click.option("--cost-bps", type=float, metavar="N", help="Cost per side of traded value, in basis points.")
@click.option("--lag", type=click.Choice(["0", "1"]), help="Sessions from decision to fill.")
@click.option("--start", type=inputs.DAY, help="First date.")
@click.option("--end", type=inputs.DAY, help="Last date.")
@click.option("--benchmark", metavar="SYMBOL", help="A price column to set beside the policies; audited too.")
@json_option
def verify(
    run_id: str | None,
    framework_path: str | None,
    prices_path: str | None,
    policies: tuple[str, ...],
    run_json: str | None,
    cost_bps: float | None,
    lag: str | None,
    start: date | None,
    end: date | None,
    benchmark: str | None,
    as_json: bool,
) -> Reply:
    """Have vectorbt replay a backtest's own trades, and compare wealth day by day.

    Takes what `keel backtest` takes, or the id of a run stored by the pages. Needs vectorbt, which takes 10 seconds to
    load (a minute the first time): pip install 'keel[audit]'.
    """
    if run_id:
        others = [framework_path, prices_path, policies, run_json, cost_bps, lag, start, end, benchmark]
        if any(other not in (None, ()) for other in others):
            raise click.UsageError("A stored run brings its own framework, prices and settings: give its id alone.")
        return answer(stored(run_id), as_json)
    if not framework_path or not prices_path:
        raise click.UsageError("Give --framework and --prices, or the id of a stored run.")
    inputs.require_order(start, end)
    framework, _ = inputs.framework(framework_path)
    named = inputs.policies(policies, framework)
    settings = inputs.run_settings(run_json, policies, cost_bps=cost_bps, lag=None if lag is None else int(lag))
    prices = inputs.prices(prices_path)
    if benchmark:
        inputs.require_column(benchmark, prices.symbols, "--benchmark", prices_path)
    book = inputs.priced_book(framework, framework_path, prices.symbols, prices_path)
    with busy("Replaying the backtest through vectorbt"):
        from keel.backtest.run import run
        from keel.services import audit

        with inputs.about(prices_path):
            results = run(prices, book, named, settings, start=start, end=end, benchmark=benchmark, framework=framework)
        audits = audit.audit(results, prices, start=start, end=end, benchmark=benchmark or "")
    return answer(audits, as_json)


def stored(run_id: str) -> tuple[Audit, ...]:
    """The audits of a run in the database."""
    from keel.commands.database import opened
    from keel.services import audit, study

    with busy("Replaying the run through vectorbt"):
        with opened() as db:
            found = study.get_run(db, run_id)
        return audit.audit_study(found)


def answer(audits: Sequence[Audit], as_json: bool) -> Reply:
    """A line per policy when all agree; else exit 2 with a line on stderr naming the policy and the day."""
    from keel.errors import AuditError
    from keel.services import audit

    differing = next((a for a in audits if not a.ok), None)
    if differing is None:
        return reply(audit.to_json(audits), table([[a.policy, audit.sentence(a)] for a in audits], left=2), as_json)
    line = f"{differing.policy} {audit.sentence(differing)}."
    if not as_json:
        raise AuditError(line, subject=differing.policy)
    click.echo(one_line(line), err=True)
    return reply(audit.to_json(audits), "", as_json, DISAGREE)
