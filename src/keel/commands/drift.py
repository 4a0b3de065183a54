"""``keel drift``: where live holdings stand against their targets."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply


@click.command()
@click.option("--framework", "framework_path", required=True, metavar="FILE", help="The framework, JSON or CSV.")
@click.option("--holdings", "holdings_path", required=True, metavar="FILE", help="CSV symbol,quantity[,price,role].")
@click.option("--prices", "prices_path", required=True, metavar="FILE", help="Wide CSV or parquet, first column date.")
@click.option("--policy", help="A preset, JSON or a JSON file; else the framework's own.")
@click.option("--as-of", type=inputs.DAY, help="The date to judge; else the last one of the prices.")
@json_option
def drift(
    framework_path: str, holdings_path: str, prices_path: str, policy: str | None, as_of: date | None, as_json: bool
) -> Reply:
    """Compare live holdings with their targets and say whether the policy would trade."""
    from keel.domain.drift import drift_json, report
    from keel.sources.files import read_holdings

    framework = inputs.framework(framework_path)
    judged = inputs.policy(policy) if policy else framework.rebalancing
    prices = inputs.prices(prices_path)
    with inputs.about(holdings_path):
        holdings = read_holdings(Path(holdings_path))
        found = report(framework, holdings, prices, judged, as_of)
    return reply(drift_json(found), str(found), as_json)
