"""``keel prices status``: what is stored of every series."""

from __future__ import annotations

from typing import Any

import click

from keel.commands.output import Reply, busy, json_option, reply, table


@click.command("status")
@json_option
def show_status(as_json: bool) -> Reply:
    """List the stored series: from when to when, where from, and what is wrong with them."""
    from keel.commands.database import opened
    from keel.services.market.catalogue import status

    with busy("Looking at the prices"), opened() as db:
        data = status(db)
    return reply(data, status_text(data), as_json)


def status_text(data: dict[str, Any]) -> str:
    """One line a series, under its dataset."""
    blocks = []
    for dataset in data["datasets"]:
        rows = [["symbol", "first", "last", "rows", "source", "findings"]]
        rows += [
            [s["symbol"], s["first"], s["last"], str(s["rows"]), s["source"], str(len(s["findings"]) or "")]
            for s in dataset["symbols"]
        ]
        title = f"{dataset['id']} ({dataset['owner']}, {dataset['frequency']}, {dataset['price_kind']})"
        blocks.append(f"{title}\n{table(rows)}")
    return "\n\n".join(blocks) or "No prices are stored."
