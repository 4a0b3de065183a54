"""``keel prices import`` and ``undo``: prices of one's own, stored and taken out again."""

from __future__ import annotations

from pathlib import Path

import click

from keel import units
from keel.commands import inputs
from keel.commands.output import Reply, busy, json_option, reply

DATES = {"day-first": "day first", "month-first": "month first"}


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--dataset", metavar="NAME", help="The dataset that the prices go into; My prices without it.")
@click.option("--currency", metavar="CODE", default="USD", show_default=True, help="Of symbols not known before.")
@click.option("--dates", type=click.Choice(list(DATES)), help="Where 03/04/2020 may be April or March.")
@json_option
def import_prices(file: str, dataset: str | None, currency: str, dates: str | None, as_json: bool) -> Reply:
    """Import prices from a CSV, parquet or XLSX file: wide, long, or of the one symbol that the file is named after.

    A symbol's series in the dataset is replaced as a whole. The same file a second time changes nothing.
    """
    from keel.commands.database import opened
    from keel.domain.reading.day import DayForm
    from keel.services.market import imports
    from keel.services.market.imports import DATASET, Incoming
    from keel.sources.files.disk import require_file

    form = None if dates is None else DayForm(DATES[dates])
    with inputs.about(file), busy("Importing prices"), opened() as db:
        path = Path(file)
        require_file(path)
        made = imports.commit(db, path, path.name, Incoming(dataset or DATASET, currency.upper(), dates=form))
    counted = f"{_counted(made.rows, 'price')} of {_counted(len(made.symbols), 'symbol')}"
    lines = [
        f"{made.id}: {counted} in {made.dataset}, {units.span(made.first, made.last)}.",
        *made.notes,
    ]
    return reply(imports.document(made), "\n".join(lines), as_json)


@click.command("undo")
@click.argument("import_id", metavar="IMPORT")
@json_option
def undo_import(import_id: str, as_json: bool) -> Reply:
    """Take an import out again: what it replaced stands as before."""
    from keel.commands.database import opened
    from keel.services.market import imports

    with opened() as db:
        undone = imports.undo(db, import_id)
    text = f"{undone.id} is undone: {units.number(undone.rows, 0)} prices are out of {undone.dataset} again."
    return reply(imports.document(undone), text, as_json)


def _counted(count: int, noun: str) -> str:
    return f"{units.number(count, 0)} {noun if count == 1 else noun + 's'}"
