"""``keel universe status``: which products are known, and what is known of them."""

from __future__ import annotations

from typing import Any

import click

from keel import units
from keel.commands.output import Reply, busy, json_option, reply, table


@click.command("status")
@json_option
def show_universe(as_json: bool) -> Reply:
    """Count the products by type and the facts that are known, and list the imports that hold."""
    from keel.commands.database import opened
    from keel.services.market.products import status

    with busy("Looking at the products"), opened() as db:
        data = status(db)
    return reply(data, status_text(data), as_json)


def status_text(data: dict[str, Any]) -> str:
    """The counts as lines, then the imports."""
    types = ", ".join(f"{units.number(n, 0)} {kind}" for kind, n in data["types"].items())
    rows = [["fact", "known", "missing"]]
    rows += [[f["fact"], units.number(f["known"], 0), units.number(f["missing"], 0)] for f in data["facts"]]
    made = [f"{one['import']}: {one['file']}, {counted(one['products'])}" for one in data["imports"]]
    return "\n\n".join([f"{counted(data['products'])}: {types}.", table(rows), "\n".join(made) or "No imports."])


def counted(products: int) -> str:
    """So many products.

    >>> counted(1), counted(1200)
    ('1 product', '1,200 products')
    """
    return f"{units.number(products, 0)} {'product' if products == 1 else 'products'}"
