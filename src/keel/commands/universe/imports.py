"""``keel universe import`` and ``undo``: products of one's own, stored and taken out again."""

from __future__ import annotations

from pathlib import Path

import click

from keel import units
from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply
from keel.commands.universe.status import counted


@click.command("import")
@click.argument("file", metavar="FILE")
@json_option
def import_universe(file: str, as_json: bool) -> Reply:
    """Import products from a CSV, parquet or XLSX file: a row a product, a column a fact, `symbol` at least.

    What the file states of a product stands before the sample's. The same file a second time changes nothing.
    """
    from keel.commands.database import opened
    from keel.services.market import products
    from keel.sources.files.disk import require_file

    with inputs.about(file), busy("Importing products"), opened() as db:
        path = Path(file)
        require_file(path)
        made = products.commit(db, path, path.name)
    lines = [
        f"{made.id}: {counted(made.products)}, {units.number(made.created, 0)} of them new, "
        f"with {units.number(made.facts, 0)} facts.",
        *made.notes,
    ]
    return reply(products.document(made), "\n".join(lines), as_json)


@click.command("undo")
@click.argument("import_id", metavar="IMPORT")
@json_option
def undo_universe(import_id: str, as_json: bool) -> Reply:
    """Take an import out again: what it replaced stands as before; what prices or portfolios rest on stays known."""
    from keel.commands.database import opened
    from keel.services.market import products

    with opened() as db:
        undone = products.undo(db, import_id)
    text = f"{undone.id} is undone: what it said of {counted(undone.products)} is out again."
    return reply(products.document(undone), text, as_json)
