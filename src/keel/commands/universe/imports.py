"""``keel universe import`` and ``undo``: products of one's own, stored and taken out again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from keel import units
from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply
from keel.commands.universe.status import counted

if TYPE_CHECKING:
    from keel.store.market.products import UniverseImport


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
    return reply(products.document(made), _text(made), as_json)


@click.command("fetch")
@json_option
def fetch_universe(as_json: bool) -> Reply:
    """Import the ETFs that FinanceDatabase lists; its package and a network are needed."""
    from keel.commands.database import opened
    from keel.services.market import products

    with busy("Fetching products"), opened() as db:
        made = products.fetch(db)
    return reply(products.document(made), _text(made), as_json)


def _text(made: UniverseImport) -> str:
    """An import as lines of text."""
    new, facts = units.number(made.created, 0), units.number(made.facts, 0)
    first = f"{made.id}: {counted(made.products)}, {new} of them new, with {facts} facts."
    return "\n".join([first, *made.notes])


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
