"""``keel holdings show``: what a portfolio holds and what it is worth."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

from keel import units
from keel.commands import inputs
from keel.commands.output import Reply, json_option, reply, table

if TYPE_CHECKING:
    from keel.services.holdings.show import Shown


@click.command("show")
@click.option("--portfolio", metavar="ID", required=True, help="The portfolio.")
@click.option("--as-of", type=inputs.DAY, help="The day of the prices; else that of the freshest.")
@json_option
def show_holdings(portfolio: str, as_of: date | None, as_json: bool) -> Reply:
    """Show what a portfolio holds by account, at the freshest closes."""
    from keel.commands.database import opened
    from keel.services.holdings import show

    with opened() as db:
        shown = show.show(db, portfolio, datetime.now(UTC).date(), as_of)
    return reply(show.document(shown), text(shown), as_json)


def text(shown: Shown) -> str:
    """A table of holdings by account, then what the whole is worth and what lies outside."""
    rows = [["Account", "Symbol", "Quantity", "Price", "Value", "Role"]]
    for account, own in shown.accounts:
        for n, h in enumerate(own):
            p = h.stored.position
            price = "–" if h.price is None else f"{h.price:,.2f}"
            value = "–" if h.value is None else units.money(h.value, shown.currency)
            name = f"{account.name} ({account.kind})" if n == 0 else ""
            rows.append([name, p.symbol, f"{p.quantity:,g}", price, value, p.role.value])
    whole = f"{units.money(shown.value, shown.currency)} on {units.day(shown.when)}."
    outside = [f"Excluded: {units.money(shown.excluded, shown.currency)}."] if shown.excluded else []
    outside += [f"No price: {', '.join(shown.unpriced)}."] if shown.unpriced else []
    doubts = [f"{doubt.message} {doubt.fix}" for doubt in shown.findings]
    return "\n\n".join(
        [table(rows) if len(rows) > 1 else "Nothing is held yet.", "\n".join([whole, *outside, *shown.notes, *doubts])]
    )
