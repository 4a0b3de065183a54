"""``keel drift``: where live holdings stand against their targets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel import units
from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply, table, verdict_block

if TYPE_CHECKING:
    from keel.domain.constraints.evaluation import Verdict
    from keel.domain.drift.forecast import Forecast
    from keel.domain.drift.report import DriftReport
    from keel.domain.framework.records import Framework
    from keel.domain.portfolio.position import Position

STATUS_WORDS = {
    "in_band": "in band",
    "under": "under",
    "over": "over",
    "not_targeted": "not targeted",
    "frozen": "frozen",
    "no_price": "no price",
}


@click.command()
@click.option("--framework", "framework_path", required=True, metavar="FILE", help="The framework, JSON or CSV.")
@click.option(
    "--holdings", "holdings_path", required=True, metavar="FILE", help="CSV symbol,quantity[,account,price,…]."
)
@click.option("--prices", "prices_path", required=True, metavar="FILE", help="Wide CSV or parquet, first column date.")
@click.option("--policy", help="A preset, JSON or a JSON file; else the framework's own.")
@click.option("--as-of", type=inputs.DAY, help="The date to judge; else the last one of the prices.")
@json_option
def drift(
    framework_path: str, holdings_path: str, prices_path: str, policy: str | None, as_of: date | None, as_json: bool
) -> Reply:
    """Compare live holdings with their targets and say whether the policy would trade.

    A price in the holdings wins, else the last one at or before --as-of.
    """
    from keel.backtest.luck.breach import forecast
    from keel.domain.constraints.as_json import verdicts_json
    from keel.domain.drift.as_json import drift_json
    from keel.domain.drift.held import closes_at
    from keel.domain.drift.report import Occasion, report

    framework, _ = inputs.framework(framework_path)
    judged = inputs.policy(policy) if policy else framework.rebalancing
    positions = read_positions(holdings_path)
    prices = inputs.prices(prices_path)
    columns = {*prices.symbols, *(position.symbol for position in positions)}
    book = inputs.priced_book(framework, framework_path, columns, prices_path)
    with inputs.about(prices_path):
        priced_at, closes = closes_at(prices, as_of)
    with inputs.about(holdings_path):
        started: date = prices.dates[0].item()
        when = Occasion(as_of or priced_at, priced_at, started=started)
        found = report(framework, book, positions, closes, when, policy=judged)
        verdicts = met(framework, found)
    ahead = forecast(found, prices)
    data = drift_json(found, ahead) | {"constraints": verdicts_json(verdicts)}
    return reply(data, "\n\n".join([text(framework, found, ahead), *verdict_block(verdicts)]), as_json)


def met(framework: Framework, found: DriftReport) -> tuple[Verdict, ...]:
    """How what is held meets the limits, by the facts of the embedded universe."""
    from keel import settings
    from keel.domain.constraints.evaluation import judge
    from keel.domain.constraints.exposures import of_lines
    from keel.domain.constraints.types import Stage
    from keel.domain.drift.lines import lines
    from keel.sources.embedded.sample import load

    products = load(settings.load().data_dir).instruments if framework.constraints else ()
    held = of_lines(lines(found), {i.symbol: i for i in products})
    return judge(framework, held, Stage.holdings, portfolio_value=found.value)


def read_positions(path: str) -> tuple[Position, ...]:
    """The positions in a holdings file."""
    from keel.sources.files.holdings import read_holdings

    with inputs.about(path):
        return read_holdings(Path(path))


def text(framework: Framework, found: DriftReport, ahead: Forecast) -> str:
    """The report as a page: totals, a row per bucket, what follows."""
    from keel.domain.drift.words import ahead_words, basis_words, chances_words

    money = units.money(found.value, framework.base_ccy)
    rows = [["", "Actual", "Target", "Drift", "Band", "Status", "To trade", "Breach within 21 · 63 · 252"]]
    for row in found.buckets:
        depth = max(0, row.path.count("/") - 1)
        trade = "–" if row.value_to_trade is None else units.money(row.value_to_trade, framework.base_ccy)
        status = STATUS_WORDS[row.status]
        band = units.band(row.below, row.above) if row.path else "–"
        weights = (units.pct(row.actual), units.pct(row.target), units.pp(row.drift), band)
        chance = chances_words(ahead.by_path.get(row.path, ()))
        rows.append(["  " * depth + row.label, *weights, status, trade, chance])
    need = "A rebalance is needed." if found.rebalance_needed else "No rebalance is needed."
    check = f" Next look: {units.day(found.next_check)}." if found.next_check else ""
    drifted = f"Total drift {units.pct(found.totals.total_drift)}, largest {units.pct(found.totals.max_drift)}."
    heading = f"{framework.name or 'Framework'} on {units.day(found.as_of)}: {money}"
    chances = [words for words in (ahead_words(ahead), basis_words(ahead)) if words]
    below = [f"{need}{check} {drifted}", *chances, *ahead.notes, *found.notes]
    return "\n\n".join([heading, table(rows), "\n".join(below)])
