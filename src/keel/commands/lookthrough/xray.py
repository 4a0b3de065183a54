"""``keel xray``: a portfolio by asset class, region, sector, bucket and company, through its products."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from keel import units
from keel.commands import inputs
from keel.commands.drift import read_positions
from keel.commands.output import Reply, json_option, reply, table, verdict_block
from keel.errors import InputError

if TYPE_CHECKING:
    from keel.domain.lookthrough.xray import Dimension


@click.command()
@click.option("--portfolio", metavar="ID", help="A stored portfolio; or a framework and what is held.")
@click.option("--framework", "framework_path", metavar="FILE", help="The framework: JSON, CSV or XLSX.")
@click.option(
    "--holdings", "holdings_path", metavar="FILE", help="CSV symbol,quantity,price; without it, what it names."
)
@click.option("--prices", "prices_path", metavar="FILE", help="Prices for holdings that bring none.")
@json_option
def xray(
    portfolio: str | None, framework_path: str | None, holdings_path: str | None, prices_path: str | None, as_json: bool
) -> Reply:
    """Look through the products of a portfolio and compare what they hold with the targets.

    What is not known of a product stands apart. `keel exposures import` says more of it.
    """
    from keel.commands.database import opened
    from keel.domain.constraints.as_json import verdicts_json
    from keel.domain.lookthrough.as_json import xray_json
    from keel.services.lookthrough import xray as service

    alone = (portfolio and holdings_path) or (prices_path and not holdings_path)
    if bool(portfolio) == bool(framework_path) or alone:
        raise InputError("Give --portfolio, or --framework with --holdings or without.", subject="--portfolio")
    closes = _closes(prices_path) if prices_path else {}
    framework = inputs.framework(framework_path)[0] if framework_path else None
    positions = read_positions(holdings_path) if holdings_path else ()
    with opened() as db:
        if framework is None:
            seen = service.xray(db, portfolio or "")
        elif holdings_path is None:
            seen = service.xray_of_framework(db, framework)
        else:
            with inputs.about(holdings_path):
                seen = service.xray_of_positions(db, framework, positions, closes)
    data = {"dimensions": xray_json(seen.xray), "constraints": verdicts_json(seen.verdicts)}
    text = "\n\n".join([*map(dimension_text, seen.xray), *verdict_block(seen.verdicts)])
    return reply(data, text, as_json)


def _closes(path: str) -> Mapping[str, float]:
    from keel.domain.drift.held import closes_at

    with inputs.about(path):
        return closes_at(inputs.prices(path))[1]


def dimension_text(dimension: Dimension) -> str:
    """One dimension as a table of its slices."""
    rows = [["", "Held"], *([s.label, units.pct(s.held)] for s in dimension.slices)]
    if any(s.target is not None for s in dimension.slices):
        rows = [["", "Target", "Held"]]
        rows += [[s.label, units.pct(s.target), units.pct(s.held)] for s in dimension.slices]
    return f"{dimension.title}\n{table(rows)}"
