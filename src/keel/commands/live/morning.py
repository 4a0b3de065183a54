"""``keel morning``: every portfolio that holds something, the furthest off first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from keel import units
from keel.commands.output import Reply, json_option, reply, table

if TYPE_CHECKING:
    from keel.services.live.morning import Line


@click.command()
@json_option
def morning(as_json: bool) -> Reply:
    """List every portfolio that holds something, those that would trade first, then the furthest off its targets."""
    from datetime import UTC, datetime

    from keel.commands.database import opened
    from keel.services.live import morning as service

    with opened() as db:
        lines = service.morning(db, datetime.now(UTC).date())
    rows = [["", "Id", "Value", "Total drift", "Out of band", "Furthest off", "Trade"], *map(_row, lines)]
    text = table(rows, left=2) if lines else "No portfolio holds anything yet."
    return reply(service.document(lines), text, as_json)


def _row(line: Line) -> list[str]:
    name = [line.portfolio.name, line.portfolio.id]
    if line.trouble:
        return [*name, *[units.MISSING] * 3, line.trouble, units.MISSING]
    value, off = units.money(line.value, line.currency), f"{line.largest} {units.pp(line.drift)}"
    figures = [value, units.pct(line.total_drift), str(line.out_of_band), off]
    return [*name, *figures, "yes" if line.rebalance_needed else "no"]
