"""``keel move``: a portfolio goes to another version of its framework, seen first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from keel import units
from keel.commands.output import Reply, json_option, reply, table

if TYPE_CHECKING:
    from keel.services.live.move import Move


@click.command()
@click.option("--portfolio", "portfolio_id", required=True, metavar="ID", help="A stored portfolio.")
@click.option("--to", "version", type=click.IntRange(min=1), help="A version of its framework; else the newest.")
@click.option("--accept", is_flag=True, help="Do it; else it is only shown.")
@json_option
def move(portfolio_id: str, version: int | None, accept: bool, as_json: bool) -> Reply:
    """Show what going to another version of its framework means for a portfolio, and do it with --accept."""
    from datetime import UTC, datetime

    from keel.commands.database import opened
    from keel.services.live import move as service

    with opened() as db:
        seen = service.preview(db, portfolio_id, version, today=datetime.now(UTC).date())
        data = service.document(seen) | {"accepted": accept}
        done = ""
        if accept:
            before = seen.portfolio.version
            after = service.accept(db, portfolio_id, seen.framework.version, expected_version=before)
            data["portfolio_version"] = after.version
            done = f"{after.name} is now version {after.version}."
    return reply(data, text(seen, done), as_json)


def text(seen: Move, done: str = "") -> str:
    """The move as a page: what changes, what goes along, what does not."""
    framework = seen.framework
    heading = f"{seen.portfolio.name}: {framework.name} {seen.portfolio.framework_version} → {framework.version}"
    along = [pick.symbol for chosen in seen.moved.picks.values() for pick in chosen]
    lines = [f"Goes along: {', '.join(along) or 'nothing'}."]
    if seen.moved.dropped:
        lines.append(f"Left behind: {', '.join(pick.symbol for pick in seen.moved.dropped)}.")
    lines += [f"{leaf.label} has no product: {units.weight(leaf.target_weight)} in cash." for leaf in seen.moved.open]
    changes = [f"- {change}" for change in seen.changes] or ["Both versions are the same."]
    parts = (heading, "\n".join(changes), "\n".join(lines), _trades(seen), done)
    return "\n\n".join(part for part in parts if part)


def _trades(seen: Move) -> str:
    """What would be traded of what is held; empty where nothing is held."""
    from keel.domain.plan.gains import in_words

    plan, money = seen.plan, seen.framework.base_ccy
    if plan is None:
        return ""
    if not plan.orders:
        return "Nothing would be traded now."
    rows = [["", "Account", "Value", "Gain"]]
    for order in plan.orders:
        rows.append([order.symbol, order.account, units.money(order.value, money), units.money(order.gain, money)])
    return f"Then to trade:\n{table(rows)}\n{in_words(plan.realised, money)}."
