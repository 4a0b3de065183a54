"""``keel plan``: what to trade, where a deposit goes, where a withdrawal comes from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from keel import units
from keel.commands import inputs
from keel.commands.drift import read_positions
from keel.commands.output import VERDICT_WORDS, Reply, json_option, reply, table
from keel.commands.plan import schedule as repeated
from keel.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from keel.domain.constraints.evaluation import Verdict
    from keel.domain.framework.records import Framework
    from keel.domain.market.instrument import Instrument
    from keel.domain.plan.ask import Ask
    from keel.domain.plan.deposits.prospect import Prospect
    from keel.domain.plan.deposits.schedule import Schedule
    from keel.domain.plan.location import Location
    from keel.domain.plan.outcome import Outcome
    from keel.domain.plan.tradable import Tradable
    from keel.domain.policy.records import Policy

AMOUNTS = {
    "deposit": "--deposit",
    "withdraw": "--withdraw",
    "rule": "--rule",
    "account": "--account",
    "whole_shares": "--whole-shares",
    "min_trade": "--min-trade",
    "max_turnover": "--max-turnover",
    "gain_budget": "--gain-budget",
    "max_trades": "--max-trades",
}
OBJECTS = {"tax": "--tax", "location": "--location"}
RULES = ("relative_waterfill", "absolute_waterfill", "gap_proportional", "target_proportional")


@click.command("plan")
@click.option("--portfolio", metavar="ID", help="A stored portfolio and what it holds; or the three files.")
@click.option("--framework", "framework_path", metavar="FILE", help="The framework: JSON, CSV or XLSX.")
@click.option("--holdings", "holdings_path", metavar="FILE", help="CSV symbol,quantity[,account,price,…].")
@click.option("--prices", "prices_path", metavar="FILE", help="Wide CSV or parquet, first column date.")
@click.option("--deposit", metavar="X", help="Money to invest, in the base currency.")
@click.option("--withdraw", metavar="X", help="Money to take out.")
@click.option(
    "--schedule", metavar="EVERY:X", help="The same deposit again and again, such as monthly:500: when in band."
)
@click.option("--account", metavar="A", help="The account of the money, or the only one to trade in.")
@click.option("--rule", type=click.Choice(RULES), help="How money is placed; relative_waterfill without it.")
@click.option("--whole-shares", is_flag=True, default=None, help="Buy and sell whole shares only.")
@click.option("--min-trade", metavar="X", help="The smallest order, in money.")
@click.option("--max-turnover", metavar="W", help="The most to trade one way, such as 0.1 or 10%.")
@click.option("--gain-budget", metavar="X", help="The most gain to realise, in money.")
@click.option("--max-trades", metavar="N", help="The most orders.")
@click.option("--accounts", metavar="JSON", help='Of what kind accounts are: {"IRA": {"kind": "deferred"}}.')
@click.option("--tax", metavar="JSON", help='{"short_rate": 0.35, "long_rate": 0.15, "long_days": 365}.')
@click.option(
    "--location", metavar="JSON", help='Where classes lie best, 0 first: {"equity": {"taxable": 0, "deferred": 1}}.'
)
@click.option("--policy", help="A preset, JSON or a JSON file; else the framework's own.")
@click.option("--as-of", type=inputs.DAY, help="The date to plan on; else the last one of the prices.")
@json_option
def plan(
    portfolio: str | None,
    framework_path: str | None,
    holdings_path: str | None,
    prices_path: str | None,
    accounts: str | None,
    tax: str | None,
    location: str | None,
    policy: str | None,
    as_of: date | None,
    schedule: str | None,
    as_json: bool,
    **asked: object,
) -> Reply:
    """Say what to trade to where the policy wants the holdings, or how to place money that comes in or goes out.

    A price in the holdings wins, else the last one at or before --as-of. Of a stored portfolio nothing changes.
    """
    judged = inputs.policy(policy) if policy else None
    regular = repeated.read(schedule, asked | {"tax": tax, "location": location}) if schedule else None
    ask = _ask(asked, tax, location)
    if framework_path and holdings_path and prices_path and not portfolio:
        paths = framework_path, holdings_path, prices_path
        if regular:
            return repeated.answer(_repeated(paths, regular, accounts, judged, as_of), as_json)
        data, ccy = _of_files(paths, ask, accounts, judged, as_of)
    elif portfolio and not (framework_path or holdings_path or prices_path or accounts):
        if regular:
            return repeated.answer(repeated.stored(portfolio, regular, judged, as_of), as_json)
        data, ccy = _stored(portfolio, ask, judged, as_of)
    else:
        raise InputError("Give --portfolio, or all of --framework, --holdings and --prices.", subject="--portfolio")
    return reply(data, text(data, ccy), as_json)


def _repeated(
    paths: tuple[str, str, str], regular: Schedule, accounts: str | None, policy: Policy | None, as_of: date | None
) -> Prospect:
    """What a schedule of deposits comes to for what is in files."""
    from keel.backtest.luck.schedule import prospect
    from keel.domain.plan.ask import Ask

    framework, _ = inputs.framework(paths[0])
    lines = _tradable(framework, paths, Ask(), accounts, as_of)
    prices = inputs.prices(paths[2])
    with inputs.about(paths[1]):
        day = as_of or prices.dates[-1].astype(object)
        return prospect(lines, policy or framework.rebalancing, regular, prices, day)


def _of_files(
    paths: tuple[str, str, str], ask: Ask, accounts: str | None, policy: Policy | None, as_of: date | None
) -> tuple[dict[str, Any], str]:
    """The plan for what is in files, and its currency."""
    from keel.domain.constraints.as_json import verdicts_json
    from keel.domain.plan.as_json import plan_json
    from keel.optimise.plan.answer import answer

    framework, _ = inputs.framework(paths[0])
    lines = _tradable(framework, paths, ask, accounts, as_of)
    products = _products()
    with inputs.about(paths[1]):
        found = answer(lines, ask, policy or framework.rebalancing, _location(products, ask))
    return plan_json(found, verdicts_json(_met(framework, found, products))), framework.base_ccy


def _stored(portfolio_id: str, ask: Ask, policy: Policy | None, as_of: date | None) -> tuple[dict[str, Any], str]:
    """The plan for what a stored portfolio holds, and its currency."""
    from datetime import UTC, datetime

    from keel.commands.database import opened
    from keel.services.live import plan as service

    with opened() as db:
        asked = service.Asked(datetime.now(UTC).date(), policy, as_of)
        return dict(service.preview(db, portfolio_id, ask, asked).said), service.currency(db, portfolio_id)


def _ask(given: Mapping[str, object], tax: str | None, location: str | None) -> Ask:
    """The ask that the options make; a complaint names the option."""
    from keel.domain.plan.ask import parse_ask
    from keel.domain.reading.place import Place

    named = {name: given[name] for name in AMOUNTS if given.get(name) is not None}
    for name, written in (("tax", tax), ("location", location)):
        if written:
            named[name] = inputs.json_argument(written, f"--{name}")[0]
    try:
        return parse_ask(named, Place("plan"))
    except InputError as error:
        for name, option in (AMOUNTS | OBJECTS).items():
            error.message = error.message.replace(f"plan, field {name}", option).replace(f"{name} is", f"{option} is")
        raise


def _tradable(
    framework: Framework, paths: tuple[str, str, str], ask: Ask, accounts: str | None, as_of: date | None
) -> Tradable:
    """What the holdings file says can be traded, at the prices of the price file."""
    from keel.domain.drift.held import closes_at
    from keel.domain.plan.ask import parse_accounts
    from keel.domain.plan.tradable import Terms, tradable
    from keel.domain.reading.place import Place

    framework_path, holdings_path, prices_path = paths
    positions = read_positions(holdings_path)
    prices = inputs.prices(prices_path)
    columns = {*prices.symbols, *(position.symbol for position in positions)}
    book = inputs.priced_book(framework, framework_path, columns, prices_path)
    kinds, name = inputs.json_argument(accounts, "--accounts") if accounts else ({}, "--accounts")
    known = parse_accounts(kinds, Place(name), framework.base_ccy)
    held = {position.account for position in positions}
    with inputs.about(prices_path):
        priced_at, closes = closes_at(prices, as_of)
    with inputs.about(holdings_path):
        terms = Terms(as_of or priced_at, ask.tax, ask.picked, framework.base_ccy)
        return tradable(book, positions, closes, [a for a in known if a.name in held], terms)


def _products() -> Mapping[str, Instrument]:
    """The products of the embedded universe by symbol."""
    from keel import settings
    from keel.sources.embedded.sample import load_instruments

    return {product.symbol: product for product in load_instruments(settings.load().data_dir)}


def _location(products: Mapping[str, Instrument], ask: Ask) -> Location:
    from keel.domain.plan.location import Location, class_of

    return Location({symbol: class_of(product) for symbol, product in products.items()}, ask.location)


def _met(framework: Framework, found: Outcome, products: Mapping[str, Instrument]) -> tuple[Verdict, ...]:
    """How what is held after the plan meets the limits."""
    from keel.domain.constraints.evaluation import judge
    from keel.domain.constraints.exposures import of_lines
    from keel.domain.constraints.types import Stage

    held = of_lines(found.lines, products)
    return judge(framework, held, Stage.plan, portfolio_value=found.total_after, turnover=found.turnover)


def text(data: Mapping[str, Any], ccy: str) -> str:
    """The plan as a page: the orders, the buckets before and after, what it leaves and costs."""
    worth = [units.money(data[name], ccy) for name in ("total_before", "total_after")]
    heading = worth[0] if worth[0] == worth[1] else f"{worth[0]} before, {worth[1]} after"
    drifts = f"Total drift {units.pct(data['drift_before'])} before, {units.pct(data['drift_after'])} after."
    gain = f"Gain realised {units.money(data['realised_gain'], ccy)}, tax {units.money(data['tax'], ccy)}."
    left = f"Cash left {units.money(data['leftover'], ccy)}."
    limits = [f"{name.replace('_', ' ')} {units.pct(f)}" for name, f in data["factors"].items() if f < 1.0]
    cut = [f"Cut down by {', '.join(limits)}."] if limits else []
    met = [f"limit {VERDICT_WORDS[v['status']]}: {v['message']}" for v in data["constraints"]]
    doubts = [f"{found['message']} {found['fix']}" for found in data["findings"]]
    blocks = [heading, _orders(data["trades"], ccy), _buckets(data["buckets"])]
    said = [f"{drifts} {left} {gain}", *cut, *data["notes"], *doubts]
    blocks += ["\n".join(said), *(["\n".join(met)] if met else [])]
    return "\n\n".join(blocks)


def _orders(trades: Sequence[Mapping[str, Any]], ccy: str) -> str:
    if not trades:
        return "Nothing to trade."
    rows: list[Sequence[str]] = [["Account", "Symbol", "", "Units", "Price", "Value", "Gain"]]
    for o in trades:
        gain = "–" if o["gain"] is None else units.money(o["gain"], ccy)
        side = "buy" if o["value"] > 0 else "sell"
        amounts = (units.number(abs(o["quantity"]), 4), units.number(o["price"]), units.money(abs(o["value"]), ccy))
        rows.append([o["account"], o["symbol"], side, *amounts, gain])
    return table(rows, left=3)


def _buckets(rows: Sequence[Mapping[str, Any]]) -> str:
    lines: list[Sequence[str]] = [["", "Before", "After", "Target"]]
    lines += [[b["label"], *(units.pct(b[name]) for name in ("before", "after", "target"))] for b in rows]
    return table(lines)
