"""``keel drift``: where live holdings stand against their targets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from keel import units
from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply, table, verdict_block
from keel.errors import InputError

if TYPE_CHECKING:
    from keel.domain.constraints.evaluation import Verdict
    from keel.domain.drift.forecast import Forecast
    from keel.domain.drift.report import DriftReport
    from keel.domain.framework.records import Framework
    from keel.domain.policy.records import Policy
    from keel.domain.portfolio.position import Position
    from keel.services.report import Judged

STATUS_WORDS = {
    "in_band": "in band",
    "under": "under",
    "over": "over",
    "not_targeted": "not targeted",
    "frozen": "frozen",
    "no_price": "no price",
}


@click.command()
@click.option("--portfolio", metavar="ID", help="A stored portfolio and what it holds; or the three files.")
@click.option("--framework", "framework_path", metavar="FILE", help="The framework: JSON, CSV or XLSX.")
@click.option("--holdings", "holdings_path", metavar="FILE", help="CSV symbol,quantity[,account,price,…].")
@click.option("--prices", "prices_path", metavar="FILE", help="Wide CSV or parquet, first column date.")
@click.option("--policy", help="A preset, JSON or a JSON file; else the framework's own.")
@click.option("--as-of", type=inputs.DAY, help="The date to judge; else the last one of the prices.")
@click.option("--last-rebalance", type=inputs.DAY, help="When it was last rebalanced; else its newest executed plan.")
@json_option
def drift(
    portfolio: str | None,
    framework_path: str | None,
    holdings_path: str | None,
    prices_path: str | None,
    policy: str | None,
    as_of: date | None,
    last_rebalance: date | None,
    as_json: bool,
) -> Reply:
    """Compare live holdings with their targets and say whether the policy would trade.

    A price in the holdings wins, else the last one at or before --as-of.
    """
    from keel.services.report import document

    judged = inputs.policy(policy) if policy else None
    if framework_path and holdings_path and prices_path and not portfolio:
        files = Files(framework_path, holdings_path, prices_path)
        seen = _of_files(files, judged, as_of, last_rebalance)
    elif portfolio and not (framework_path or holdings_path or prices_path):
        seen = _stored(portfolio, judged, as_of, last_rebalance)
    else:
        raise InputError("Give --portfolio, or all of --framework, --holdings and --prices.", subject="--portfolio")
    words = text(seen.framework, seen.report, seen.ahead)
    return reply(document(seen), "\n\n".join([words, *verdict_block(seen.verdicts)]), as_json)


class Files(NamedTuple):
    """The files of a portfolio that is not stored."""

    framework: str
    holdings: str
    prices: str


def _of_files(files: Files, policy: Policy | None, as_of: date | None, last_rebalance: date | None) -> Judged:
    from keel.backtest.luck.breach import forecast
    from keel.domain.drift.held import closes_at
    from keel.domain.drift.report import Occasion, report
    from keel.services.report import Judged

    framework, _ = inputs.framework(files.framework)
    positions = read_positions(files.holdings)
    prices = inputs.prices(files.prices)
    columns = {*prices.symbols, *(position.symbol for position in positions)}
    book = inputs.priced_book(framework, files.framework, columns, files.prices)
    with inputs.about(files.prices):
        priced_at, closes = closes_at(prices, as_of)
    with inputs.about(files.holdings):
        started: date = prices.dates[0].item()
        when = Occasion(as_of or priced_at, priced_at, last_rebalance, started)
        found = report(framework, book, positions, closes, when, policy=policy)
        verdicts = met(framework, found)
    return Judged(framework, found, forecast(found, prices), verdicts)


def _stored(portfolio_id: str, policy: Policy | None, as_of: date | None, last_rebalance: date | None) -> Judged:
    from datetime import UTC, datetime

    from keel.commands.database import opened
    from keel.services import report

    with opened() as db:
        return report.judged(db, portfolio_id, report.Asked(datetime.now(UTC).date(), policy, as_of, last_rebalance))


def met(framework: Framework, found: DriftReport) -> tuple[Verdict, ...]:
    """How what is held meets the limits, by the facts of the embedded universe."""
    from keel import settings
    from keel.domain.constraints.evaluation import judge
    from keel.domain.constraints.exposures import of_lines
    from keel.domain.constraints.types import Stage
    from keel.domain.drift.lines import lines
    from keel.sources.embedded.sample import load_instruments

    products = load_instruments(settings.load().data_dir) if framework.constraints else ()
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
    below += [f"{doubt.message} {doubt.fix}" for doubt in found.findings]
    return "\n\n".join([heading, table(rows), "\n".join(below)])
