"""``keel exposures``: what products hold, imported from a file, and what two of them have in common."""

from __future__ import annotations

from pathlib import Path

import click

from keel import units
from keel.commands import inputs
from keel.commands.lookthrough.xray import dimension_text
from keel.commands.output import Reply, json_option, reply


@click.group("exposures")
def exposures_group() -> None:
    """Say what products hold, and ask what two of them have in common."""


@exposures_group.command("import")
@click.argument("file", metavar="FILE")
@json_option
def import_exposures(file: str, as_json: bool) -> Reply:
    """Import what products hold: CSV symbol,dimension,member,weight or symbol,holding,weight.

    Weights of 99 to 101 % are scaled to the whole; of less, the rest is not known. The same file again changes nothing.
    """
    from datetime import UTC, datetime

    from keel.commands.database import opened
    from keel.services.lookthrough import imports
    from keel.sources.files.disk import require_file

    with inputs.about(file), opened() as db:
        path = Path(file)
        require_file(path)
        made = imports.commit(db, path, path.name, datetime.now(UTC).date())
    heading = f"{made.id}: {units.number(made.rows, 0)} weights of {', '.join(made.symbols)}."
    return reply(imports.document(made), "\n".join([heading, *made.notes]), as_json)


@exposures_group.command("undo")
@click.argument("import_id", metavar="IMPORT")
@json_option
def undo_exposures(import_id: str, as_json: bool) -> Reply:
    """Take an import out again: what was said before counts as before."""
    from keel.commands.database import opened
    from keel.services.lookthrough import imports

    with opened() as db:
        undone = imports.undo(db, import_id)
    return reply(imports.document(undone), f"{undone.id} is undone.", as_json)


@exposures_group.command("show")
@click.argument("symbol", metavar="SYMBOL")
@click.option("--framework", "framework_path", metavar="FILE", help="Whose buckets it is seen by as well.")
@json_option
def show_exposures(symbol: str, framework_path: str | None, as_json: bool) -> Reply:
    """Show what a product is made of, as far as it is known, and who says so."""
    from keel.commands.database import opened
    from keel.domain.lookthrough.as_json import made_json
    from keel.services.lookthrough.xray import made_of

    framework = inputs.framework(framework_path)[0] if framework_path else None
    with opened() as db:
        made = made_of(db, symbol, framework)
    said = [f"{s.kind}: {s.source}" + (f", {units.day(s.as_of)}" if s.as_of else "") for s in made.sources]
    text = "\n\n".join([*map(dimension_text, made.xray), *said])
    return reply(made_json(symbol, made.xray, made.sources), text, as_json)


@exposures_group.command("overlap")
@click.argument("first", metavar="SYMBOL")
@click.argument("second", metavar="SYMBOL")
@json_option
def show_overlap(first: str, second: str, as_json: bool) -> Reply:
    """Say how much two products have in common, as far as their holdings are known."""
    from keel.commands.database import opened
    from keel.domain.lookthrough.as_json import overlap_json
    from keel.domain.lookthrough.overlap import in_words
    from keel.services.lookthrough.xray import overlap

    with opened() as db:
        found = overlap(db, first, second)
    return reply(overlap_json((first, second), found), in_words((first, second), found), as_json)
